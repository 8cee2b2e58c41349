using Platform.Caching.Changes;

namespace Platform.Caching.Flights;

/// <summary>Joins concurrent calls for one key into one piece of work, which is cancelled when the last caller has gone.</summary>
internal sealed class SingleFlight<TResult>
{
    private readonly Lock gate = new();
    private readonly Dictionary<CacheKey, Flight> flights = [];

    // Also those that nobody joins any more: they may still keep what they find.
    private readonly Dictionary<CacheKey, List<Flight>> running = [];

    public async Task<TResult> RunAsync(CacheKey key, Func<Flight, CancellationToken, Task<TResult>> work, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        Flight flight;
        bool isFirst;
        lock (gate)
        {
            isFirst = !flights.TryGetValue(key, out flight!);
            if (isFirst)
            {
                flights[key] = flight = new Flight();
                (running.TryGetValue(key, out var others) ? others : running[key] = []).Add(flight);
            }

            flight.Waiters++;
        }

        try
        {
            if (isFirst)
            {
                // Begins on the caller's thread: handing it to another costs more than the work does until it first waits.
                _ = LandAsync(key, flight, work);
            }

            return await flight.Result.WaitAsync(cancellationToken);
        }
        finally
        {
            lock (gate)
            {
                if (--flight.Waiters == 0 && !flight.Result.IsCompleted)
                {
                    Remove(key, flight);
                    flight.Cancellation.Cancel();
                }
            }
        }
    }

    /// <summary>Work that has begun for the key may not know of the change at the position: later calls start anew.</summary>
    public void Outdate(CacheKey key, long? position)
    {
        lock (gate)
        {
            flights.Remove(key);
            running.GetValueOrDefault(key)?.ForEach(flight => flight.Outdate(position));
        }
    }

    /// <summary>The same for all work of a tenant, or for all.</summary>
    public void OutdateAll(string? tenant, long? position)
    {
        lock (gate)
        {
            foreach (var (key, all) in running.Where(flight => tenant is null || flight.Key.Tenant == tenant))
            {
                flights.Remove(key);
                all.ForEach(flight => flight.Outdate(position));
            }
        }
    }

    // Never throws: what comes of the work is told by the flight.
    private async Task LandAsync(CacheKey key, Flight flight, Func<Flight, CancellationToken, Task<TResult>> work)
    {
        var landed = WorkAsync();
        await ((Task)landed).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        lock (gate)
        {
            Remove(key, flight);
            var all = running[key];
            all.Remove(flight);
            if (all.Count == 0)
            {
                running.Remove(key);
            }
        }

        flight.Landing.SetFromTask(landed);

        // Also of work that throws before it waits.
        async Task<TResult> WorkAsync() => await work(flight, flight.Cancellation.Token);
    }

    private void Remove(CacheKey key, Flight flight)
    {
        if (flights.TryGetValue(key, out var current) && ReferenceEquals(current, flight))
        {
            flights.Remove(key);
        }
    }

    internal sealed class Flight
    {
        private readonly List<long> changes = [];
        private bool isOutdated;

        internal void Outdate(long? position)
        {
            lock (changes)
            {
                isOutdated |= position is null;
                changes.AddRange(position is { } change ? [change] : []);
            }
        }

        /// <summary>True when the data changed after the work began and a result of this state lacks a change: it is shown to those who wait, but not kept.</summary>
        public bool Outdates(DataSnapshot? snapshot)
        {
            lock (changes)
            {
                return isOutdated || changes.Exists(change => snapshot?.Contains(change) != true);
            }
        }

        internal int Waiters { get; set; }

        internal TaskCompletionSource<TResult> Landing { get; } = new();

        internal Task<TResult> Result => Landing.Task;

        internal CancellationTokenSource Cancellation { get; } = new();
    }
}
