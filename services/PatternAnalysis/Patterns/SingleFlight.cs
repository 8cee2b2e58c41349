namespace Platform.PatternAnalysis.Patterns;

/// <summary>Joins concurrent calls for one key into one piece of work, which is cancelled when the last caller has gone.</summary>
internal sealed class SingleFlight<TKey, TResult>
    where TKey : notnull
{
    private readonly Lock gate = new();
    private readonly Dictionary<TKey, Flight> flights = [];

    public async Task<TResult> RunAsync(TKey key, Func<Flight, CancellationToken, Task<TResult>> work, CancellationToken cancellationToken)
    {
        Flight flight;
        lock (gate)
        {
            if (!flights.TryGetValue(key, out flight!))
            {
                flights[key] = flight = new Flight();
                var started = flight;
                flight.Result = Task.Run(() => LandAsync(key, started, work), CancellationToken.None);
            }

            flight.Waiters++;
        }

        try
        {
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

    /// <summary>Work that has begun for these keys is out of date: later calls start anew.</summary>
    public void Outdate(Func<TKey, bool> matches)
    {
        lock (gate)
        {
            foreach (var (key, flight) in flights.Where(flight => matches(flight.Key)).ToList())
            {
                flight.IsOutdated = true;
                flights.Remove(key);
            }
        }
    }

    private async Task<TResult> LandAsync(TKey key, Flight flight, Func<Flight, CancellationToken, Task<TResult>> work)
    {
        try
        {
            return await work(flight, flight.Cancellation.Token);
        }
        finally
        {
            lock (gate)
            {
                Remove(key, flight);
            }
        }
    }

    private void Remove(TKey key, Flight flight)
    {
        if (flights.TryGetValue(key, out var current) && ReferenceEquals(current, flight))
        {
            flights.Remove(key);
        }
    }

    internal sealed class Flight
    {
        private volatile bool isOutdated;

        /// <summary>True when what it works on changed after it began: its result is shown to those who wait, but not kept.</summary>
        public bool IsOutdated
        {
            get => isOutdated;
            set => isOutdated = value;
        }

        internal int Waiters { get; set; }

        internal Task<TResult> Result { get; set; } = null!;

        internal CancellationTokenSource Cancellation { get; } = new();
    }
}
