namespace Platform.ModelGateway.Limits;

/// <summary>
/// The token bucket as it runs inside Redis, in one step and by Redis' own clock. Levels are whole numbers: one call is 60 000 000, and
/// a microsecond brings as many as there are calls a minute, so that nothing is rounded. A level below zero is calls that were
/// promised a later moment: who comes next waits behind them, on whatever instance.
/// </summary>
internal static class TokenBucketScripts
{
    /// <summary>What one call takes out of a bucket.</summary>
    internal const long Call = 60_000_000;

    /// <summary>Sets <c>now</c>, in microseconds.</summary>
    internal const string ServerClock = "local t = redis.call('TIME') local now = t[1] * 1000000 + t[2]\n";

    // A clock that was set back brings nothing and takes nothing; from there it counts on. The key lives until the bucket is full again.
    private const string Level = """
        local bucket = redis.call('HMGET', KEYS[1], 'level', 'at', 'ticket')
        local rate = tonumber(ARGV[1])
        local full = tonumber(ARGV[2]) * 60000000
        local level = full
        if bucket[1] then
          level = math.min(full, tonumber(bucket[1]) + math.max(0, now - tonumber(bucket[2])) * rate)
        end
        local ticket = tonumber(bucket[3]) or 0
        local function keep()
          redis.call('HMSET', KEYS[1], 'level', string.format('%.0f', level), 'at', string.format('%.0f', now), 'ticket', string.format('%.0f', ticket))
          redis.call('PEXPIRE', KEYS[1], math.ceil((full - level) / rate / 1000) + 60000)
        end

        """;

    /// <summary>
    /// KEYS: bucket. ARGV: calls a minute, burst, longest wait in microseconds, most calls that may wait, highest level that may be
    /// assumed (empty: any), calls that are wanted ahead, calls that were and come back unused less those that were let through already, and 1
    /// for a call that asks or 0 for none. Returns whether a call was promised, microseconds to wait (or until there would be room), the
    /// ticket, the level, the calls granted ahead: only while more than half is left.
    /// </summary>
    internal const string Take = Level + """
        level = math.min(full, level + tonumber(ARGV[7]) * 60000000)
        if ARGV[5] ~= '' then level = math.min(level, tonumber(ARGV[5])) end
        local calls = tonumber(ARGV[8])
        local after = level - calls * 60000000
        local wait = 0
        if after < 0 then wait = math.ceil(-after / rate) end
        local promised = 0
        if after >= -tonumber(ARGV[4]) * 60000000 and wait <= tonumber(ARGV[3]) then
          promised = 1
          level = after
          ticket = ticket + calls
        end
        local ahead = math.max(0, math.min(tonumber(ARGV[6]), math.floor((level - full / 2) / 60000000)))
        level = level - ahead * 60000000
        keep()
        return {promised, string.format('%.0f', wait), string.format('%.0f', ticket), string.format('%.0f', level), string.format('%.0f', ahead)}
        """;

    /// <summary>
    /// KEYS: bucket. ARGV: calls a minute, burst, ticket. Gives a promise back that nobody waits behind: later promises hold, so that
    /// one given back from among them could be granted twice.
    /// </summary>
    internal const string GiveBack = Level + """
        if bucket[1] and ticket == tonumber(ARGV[3]) then
          level = math.min(full, level + 60000000)
          ticket = ticket - 1
          keep()
          return {1}
        end
        return {0}
        """;
}
