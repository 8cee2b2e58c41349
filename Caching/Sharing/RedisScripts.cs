namespace Platform.Caching.Sharing;

/// <summary>
/// What must happen in Redis as one step. An entry counts in the generation of its tenant and of everything; a generation that is lost
/// (evicted, flushed) is made anew, so that entries older than the loss do not count. Generations made by the change feed are
/// "p" and the position, and only go forward: replicas that repeat an invalidation change nothing.
/// </summary>
internal static class RedisScripts
{
    /// <summary>
    /// KEYS entry, tenant's generation, everything's generation, lease; ARGV greatest size, a new generation, its life, lease, its duration.
    /// Where there is no entry the lease is asked for in the same step; an empty one is not wanted.
    /// </summary>
    public const string Read = """
        local generations = redis.call('MGET', KEYS[2], KEYS[3])
        local tenant, all = generations[1], generations[2]
        if not tenant then tenant = ARGV[2]; redis.call('SET', KEYS[2], tenant, 'PX', ARGV[3]) end
        if not all then all = ARGV[2]; redis.call('SET', KEYS[3], all, 'PX', ARGV[3]) end
        local entry = redis.pcall('GETRANGE', KEYS[1], 0, ARGV[1])
        if type(entry) == 'table' or #entry > tonumber(ARGV[1]) then redis.call('UNLINK', KEYS[1]); return {2, tenant, all} end
        if entry == '' then
          if redis.call('UNLINK', KEYS[1]) == 1 then return {2, tenant, all} end
          if ARGV[4] == '' then return {0, tenant, all} end
          if redis.call('SET', KEYS[4], ARGV[4], 'NX', 'PX', ARGV[5]) then return {0, tenant, all, 0, 0} end
          return {0, tenant, all, 1, redis.call('PTTL', KEYS[4])}
        end
        return {1, tenant, all, entry, redis.call('PTTL', KEYS[1])}
        """;

    /// <summary>KEYS entry, last; ARGV greatest size.</summary>
    public const string ReadLastKnown = """
        for _, key in ipairs(KEYS) do
          local size = redis.pcall('STRLEN', key)
          if type(size) == 'number' and size > 0 and size <= tonumber(ARGV[1]) then return redis.call('GET', key) end
        end
        return false
        """;

    /// <summary>KEYS entry, lease; ARGV lease, duration, checksum of the entry that was seen.</summary>
    public const string Acquire = """
        local tag = redis.pcall('GETRANGE', KEYS[1], -16, -1)
        if type(tag) == 'string' and tag ~= '' and tag ~= ARGV[3] then return {2, 0} end
        if redis.call('SET', KEYS[2], ARGV[1], 'NX', 'PX', ARGV[2]) then return {0, 0} end
        return {1, redis.call('PTTL', KEYS[2])}
        """;

    /// <summary>KEYS lease; ARGV lease, duration.</summary>
    public const string Renew = """
        if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
        return redis.call('PEXPIRE', KEYS[1], ARGV[2])
        """;

    /// <summary>
    /// Whether a snapshot contains a transaction, and whether it contains all that changed of late. A list of changes is "floor;x,x,…": the
    /// latest ones, and the greatest of those that were dropped from the list, below which a snapshot must have nothing running.
    /// </summary>
    private const string Snapshots = """
        local function contains(snapshot, x)
          local least, next, running = string.match(snapshot, '^(%d+):(%d+):(.*)$')
          if not least then return false end
          if tonumber(x) < tonumber(least) then return true end
          if tonumber(x) >= tonumber(next) then return false end
          return string.find(',' .. running .. ',', ',' .. x .. ',', 1, true) == nil
        end
        local function containsAll(snapshot, changes)
          local floor, list = string.match(changes, '^(%d+);(.*)$')
          if floor ~= '0' and not (tonumber(string.match(snapshot, '^%d+') or '0') > tonumber(floor)) then return false end
          for x in string.gmatch(list, '%d+') do
            if not contains(snapshot, x) then return false end
          end
          return true
        end
        local function added(changes, x)
          local floor, list = string.match(changes or '0;', '^(%d+);(.*)$')
          if string.find(',' .. list .. ',', ',' .. x .. ',', 1, true) then return floor .. ';' .. list end
          local all = {x}
          for known in string.gmatch(list, '%d+') do
            if #all < 32 then all[#all + 1] = known
            elseif tonumber(known) > tonumber(floor) then floor = known end
          end
          return floor .. ';' .. table.concat(all, ',')
        end

        """;

    /// <summary>KEYS entry, lease, changes of late, tenant's generation, everything's generation; ARGV lease, both generations, snapshot, life, entry, channel, notice, life of a generation.</summary>
    public const string Write = Snapshots + """
        if redis.call('GET', KEYS[2]) ~= ARGV[1] then return 1 end
        redis.call('DEL', KEYS[2])
        local outcome = 0
        if redis.call('GET', KEYS[4]) ~= ARGV[2] or redis.call('GET', KEYS[5]) ~= ARGV[3] then outcome = 2 end
        local changes = redis.call('GET', KEYS[3])
        if changes and not containsAll(ARGV[4], changes) then outcome = 2 end
        if outcome == 0 then
          redis.call('SET', KEYS[1], ARGV[6], 'PX', ARGV[5])
          redis.call('PEXPIRE', KEYS[4], ARGV[9])
          redis.call('PEXPIRE', KEYS[5], ARGV[9])
        end
        redis.call('PUBLISH', ARGV[7], ARGV[8])
        return outcome
        """;

    /// <summary>KEYS lease; ARGV lease, channel, notice.</summary>
    public const string Release = """
        if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
        redis.call('DEL', KEYS[1])
        redis.call('PUBLISH', ARGV[2], ARGV[3])
        return 1
        """;

    /// <summary>KEYS entry, lease, changes of late, last; ARGV position or nothing, life of the changes, channel, notice.</summary>
    public const string Invalidate = Snapshots + """
        if ARGV[1] == '' then
          redis.call('DEL', KEYS[2])
        else
          redis.call('SET', KEYS[3], added(redis.call('GET', KEYS[3]) or nil, ARGV[1]), 'PX', ARGV[2])
          local length = redis.pcall('GETRANGE', KEYS[1], 22, 22)
          if type(length) == 'string' and #length == 1 and string.byte(length) > 0 then
            if contains(redis.call('GETRANGE', KEYS[1], 23, 22 + string.byte(length)), ARGV[1]) then return 0 end
          end
        end
        redis.pcall('RENAME', KEYS[1], KEYS[4])
        redis.call('PUBLISH', ARGV[3], ARGV[4])
        return 1
        """;

    /// <summary>KEYS generation; ARGV position or nothing, a new generation, its life, channel, notice.</summary>
    public const string InvalidateGeneration = """
        local generation = ARGV[2]
        if ARGV[1] ~= '' then
          local now = redis.call('GET', KEYS[1])
          if now and string.sub(now, 1, 1) == 'p' and tonumber(string.sub(now, 2)) >= tonumber(ARGV[1]) then return 0 end
          generation = 'p' .. ARGV[1]
        end
        redis.call('SET', KEYS[1], generation, 'PX', ARGV[3])
        redis.call('PUBLISH', ARGV[4], ARGV[5])
        return 1
        """;
}
