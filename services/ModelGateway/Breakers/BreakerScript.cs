namespace Platform.ModelGateway.Breakers;

/// <summary>
/// Requirement G2 in Redis, for all instances at once. Every step is one atomic script by Redis' own clock, so that instances
/// whose clocks differ agree, and no two of them try a half-open provider at the same time.
/// </summary>
internal static class BreakerScript
{
    /// <summary>
    /// KEYS: state, failures by time, probes by the end of their leases, names of all breakers. ARGV: step, id of the call,
    /// failures that open, window, time open, successes that close, probes, lease, time left (all in µs), channel, name.
    /// Returns phase (0 closed, 1 open, 2 half-open), µs until half-open, failures, successes, opened at (µs), forced, version, granted.
    /// </summary>
    internal const string Text = """
        local clock = redis.call('TIME')
        local now = clock[1] * 1000000 + clock[2]
        local step, id = ARGV[1], ARGV[2]
        local window, openFor = tonumber(ARGV[4]), tonumber(ARGV[5])
        local state = redis.call('HMGET', KEYS[1], 'opened', 'successes', 'forced', 'version')
        local opened, successes, forced, version = tonumber(state[1] or ''), tonumber(state[2] or '0'), state[3] == '1', tonumber(state[4] or '0')
        local before = version
        local granted = 0

        local function text(number) return string.format('%.0f', number) end
        local function phase()
          if forced then return 1 end
          if not opened then return 0 end
          if now - opened >= openFor then return 2 end
          return 1
        end
        local function save()
          version = math.max(now, version + 1)
          redis.call('HMSET', KEYS[1], 'opened', opened and text(opened) or '', 'successes', text(successes), 'forced', forced and '1' or '0', 'version', text(version))
          if forced then redis.call('PERSIST', KEYS[1]) else redis.call('PEXPIRE', KEYS[1], 86400000) end
          redis.call('SADD', KEYS[4], ARGV[11])
        end
        local function set(at, byHand)
          opened, successes, forced = at, 0, byHand
          redis.call('DEL', KEYS[2], KEYS[3])
          save()
        end

        if step == 'enter' then
          if phase() == 0 then
            granted = 1
          elseif phase() == 2 then
            redis.call('ZREMRANGEBYSCORE', KEYS[3], '-inf', text(now))
            if redis.call('ZCARD', KEYS[3]) < tonumber(ARGV[7]) then
              redis.call('ZADD', KEYS[3], text(now + ARGV[8]), id)
              redis.call('PEXPIRE', KEYS[3], math.ceil(ARGV[8] / 1000) + 1000)
              granted = 1
            end
          end
        elseif step == 'fail' then
          local probed = redis.call('ZREM', KEYS[3], id) == 1
          if phase() == 0 then
            redis.call('ZADD', KEYS[2], text(now), id)
            redis.call('ZREMRANGEBYSCORE', KEYS[2], '-inf', text(now - window))
            redis.call('PEXPIRE', KEYS[2], math.ceil(window / 1000) + 1000)
            redis.call('SADD', KEYS[4], ARGV[11])
            if redis.call('ZCARD', KEYS[2]) >= tonumber(ARGV[3]) then set(now, false) end
          elseif phase() == 2 and probed then
            set(now, false)
          end
        elseif step == 'succeed' then
          local probed = redis.call('ZREM', KEYS[3], id) == 1
          if phase() == 2 and probed then
            successes = successes + 1
            if successes >= tonumber(ARGV[6]) then set(nil, false) else save() end
          end
        elseif step == 'abandon' then
          redis.call('ZREM', KEYS[3], id)
        elseif step == 'open-by-hand' then
          set(now, true)
        elseif step == 'close-by-hand' then
          set(nil, false)
        elseif step == 'bring' and phase() == 0 then
          set(now - openFor + ARGV[9], false)
        elseif step == 'restore' and version == 0 then
          set(now - openFor + ARGV[9], false)
        elseif step == 'restore-by-hand' and version == 0 then
          set(now, true)
        end

        if version ~= before then redis.call('PUBLISH', ARGV[10], ARGV[11]) end
        local left = (opened and not forced) and math.max(0, opened + openFor - now) or 0
        local failures = redis.call('ZCOUNT', KEYS[2], text(now - window), '+inf')
        return {phase(), text(left), failures, text(successes), text(opened or 0), forced and 1 or 0, text(version), granted}
        """;
}
