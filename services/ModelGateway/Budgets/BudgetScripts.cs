using Platform.ModelGateway.Limits;

namespace Platform.ModelGateway.Budgets;

/// <summary>
/// The counters as they run inside Redis, each script in one step over all budgets of a call and by Redis' own clock. A budget is a
/// hash (<c>w</c> start of the window in seconds, <c>s</c> spent, <c>r</c> reserved, <c>b</c> its birth, <c>l:</c>… one reservation) and a
/// sorted set of reservations by expiry. A counter that is not there is not zero: it must be made from the ledger first.
/// </summary>
internal static class BudgetScripts
{
    // days → year and month: Howard Hinnant's civil_from_days.
    internal const string Windows = """
        local second = math.floor(now / 1000000)
        local function month(days)
          local z = days + 719468
          local era = math.floor(z / 146097)
          local doe = z - era * 146097
          local yoe = math.floor((doe - math.floor(doe / 1460) + math.floor(doe / 36524) - math.floor(doe / 146096)) / 365)
          local doy = doe - (365 * yoe + math.floor(yoe / 4) - math.floor(yoe / 100))
          local mp = math.floor((5 * doy + 2) / 153)
          return days - (doy - math.floor((153 * mp + 2) / 5))
        end
        local function window(kind)
          if kind == 'minute' then local a = second - second % 60 return a, a + 60 end
          if kind == 'day' then local a = second - second % 86400 return a, a + 86400 end
          local first = month(math.floor(second / 86400))
          return first * 86400, month(first + 31) * 86400
        end
        local function plain(number) return string.format('%.0f', number) end

        """;

    // A new window begins with nothing spent; reservations go over into it. A clock that was set back stays in the window that it had reached.
    private const string Roll = """
        local function roll(key, leases, kind)
          local from, to = window(kind)
          local kept = redis.call('HGET', key, 'w')
          if not kept then return nil, from, to end
          if tonumber(kept) < from then
            redis.call('HMSET', key, 'w', plain(from), 's', 0)
          elseif tonumber(kept) > from then
            local length = to - from
            from = tonumber(kept)
            to = kind == 'month' and month(math.floor(from / 86400) + 31) * 86400 or from + length
          end
          for _, id in ipairs(redis.call('ZRANGEBYSCORE', leases, '-inf', now, 'LIMIT', 0, 1000)) do
            local held = redis.call('HGET', key, 'l:' .. id)
            if held then redis.call('HINCRBY', key, 'r', '-' .. held) end
            redis.call('HDEL', key, 'l:' .. id)
            redis.call('ZREM', leases, id)
          end
          redis.call('EXPIRE', key, 5356800)
          return true, from, to
        end
        local function state(key, from, to)
          local f = redis.call('HMGET', key, 's', 'r', 'b')
          return {plain(from), plain(to), f[1] or '0', f[2] or '0', f[3] or ''}
        end

        """;

    private const string FreeOne = """
        local function free(key, leases, id)
          local held = redis.call('HGET', key, 'l:' .. id)
          if held then
            redis.call('HINCRBY', key, 'r', '-' .. held)
            redis.call('HDEL', key, 'l:' .. id)
            redis.call('ZREM', leases, id)
          end
          return held
        end

        """;

    /// <summary>
    /// KEYS: hash and sorted set of each budget. ARGV: reservation, microseconds it is held, then window, limit and amount of each.
    /// All are reserved, or none. Returns <c>reserved</c>, <c>refused</c> (with the budget that has nothing left) or <c>unborn</c> (with the
    /// first counter that is not there), the number of that budget, the time, and the state of each.
    /// </summary>
    internal const string Reserve = TokenBucketScripts.ServerClock + ReserveSteps;

    /// <summary><see cref="Reserve"/> without its clock, which tests set.</summary>
    internal const string ReserveSteps = Windows + Roll + """
        local outcome, which, states = 'reserved', 0, {}
        for i = 1, #KEYS / 2 do
          local key, leases = KEYS[2 * i - 1], KEYS[2 * i]
          local born, from, to = roll(key, leases, ARGV[3 * i])
          local s = state(key, from, to)
          states[i] = s
          if outcome == 'reserved' then
            if not born then
              outcome, which = 'unborn', i
            elseif redis.call('HEXISTS', key, 'l:' .. ARGV[1]) == 0 and tonumber(s[3]) + tonumber(s[4]) >= tonumber(ARGV[3 * i + 1]) then
              outcome, which = 'refused', i
            end
          end
        end
        if outcome == 'reserved' then
          for i = 1, #KEYS / 2 do
            local key, leases = KEYS[2 * i - 1], KEYS[2 * i]
            if redis.call('HSETNX', key, 'l:' .. ARGV[1], ARGV[3 * i + 2]) == 1 then
              redis.call('HINCRBY', key, 'r', ARGV[3 * i + 2])
              redis.call('ZADD', leases, plain(now + tonumber(ARGV[2])), ARGV[1])
              redis.call('EXPIRE', leases, 5356800)
            end
          end
        end
        return {outcome, which, plain(now), states}
        """;

    /// <summary>
    /// KEYS: the mark of the call, then hash and sorted set of each budget. ARGV: reservation, then window, amount used and birth of each.
    /// What was reserved is freed; what was used is added, once for each call. A counter that was made from the ledger since is left
    /// to the ledger.
    /// </summary>
    internal const string Settle = TokenBucketScripts.ServerClock + SettleSteps;

    /// <summary><see cref="Settle"/> without its clock, which tests set.</summary>
    internal const string SettleSteps = Windows + Roll + FreeOne + """
        local first = redis.call('SET', KEYS[1], '1', 'NX', 'PX', 86400000)
        for i = 1, (#KEYS - 1) / 2 do
          local key, leases = KEYS[2 * i], KEYS[2 * i + 1]
          if roll(key, leases, ARGV[3 * i - 1]) then
            local held = free(key, leases, ARGV[1])
            if first and (held or redis.call('HGET', key, 'b') == ARGV[3 * i + 1]) then
              redis.call('HINCRBY', key, 's', ARGV[3 * i])
            end
          end
        end
        return {1}
        """;

    /// <summary>KEYS: hash and sorted set of each budget. ARGV: reservation. Frees it where it is; nothing is spent.</summary>
    internal const string Free = FreeOne + """
        for i = 1, #KEYS / 2 do free(KEYS[2 * i - 1], KEYS[2 * i], ARGV[1]) end
        return {1}
        """;

    /// <summary>
    /// KEYS: hash, sorted set. ARGV: window, start of the window that the ledger was asked for, what it has, the birth to give. Makes the
    /// counter, or lifts one that has less than the ledger, where every call arrives in the end.
    /// </summary>
    internal const string FromLedger = TokenBucketScripts.ServerClock + FromLedgerSteps;

    /// <summary><see cref="FromLedger"/> without its clock, which tests set.</summary>
    internal const string FromLedgerSteps = Windows + Roll + """
        local born, from, to = roll(KEYS[1], KEYS[2], ARGV[1])
        if plain(from) ~= ARGV[2] then return {0} end
        if not born then
          redis.call('HMSET', KEYS[1], 'w', plain(from), 's', ARGV[3], 'r', 0, 'b', ARGV[4])
          redis.call('EXPIRE', KEYS[1], 5356800)
          return {1}
        end
        if tonumber(redis.call('HGET', KEYS[1], 's')) < tonumber(ARGV[3]) then
          redis.call('HSET', KEYS[1], 's', ARGV[3])
          return {2}
        end
        return {0}
        """;

    /// <summary>KEYS: hash and sorted set of each budget. ARGV: window of each. Returns the time and the state of each.</summary>
    internal const string Read = TokenBucketScripts.ServerClock + Windows + Roll + """
        local states = {}
        for i = 1, #KEYS / 2 do
          local _, from, to = roll(KEYS[2 * i - 1], KEYS[2 * i], ARGV[i])
          states[i] = state(KEYS[2 * i - 1], from, to)
        end
        return {plain(now), states}
        """;
}
