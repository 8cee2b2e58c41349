using System.Collections.Concurrent;

namespace Platform.ProviderSimulator.Faults;

/// <summary>
/// Decides what is done with a request: what its header <see cref="Header"/> says, else what stands behind the first plus sign
/// of its model's name (<c>sim-large+status-503</c>), else the next of the queue, else a fault drawn by the seed, else
/// <see cref="Otherwise"/>.
/// </summary>
public sealed class Script(SimulatorOptions options)
{
    public const string Header = "x-simulator-fault";

    // What a client can be put through without waiting for its own time limit.
    private static readonly string[] Drawn =
    [
        "reset", "close", "cut-mid-stream", "reset-mid-stream", "end-early", "status-500", "status-503", "status-429+retry-after-1",
        "garbage", "garbage-mid-stream", "error-in-success", "error-mid-stream", "empty-body", "empty-answer", "wrong-content-type",
    ];

    private readonly ConcurrentQueue<Behaviour> _queue = new();
    private readonly Behaviour[] _drawn = [.. (options.Faults.Count > 0 ? options.Faults : Drawn).Select(text => Behaviour.Parse(text))];

    /// <summary>What is done when nothing else is said.</summary>
    public Behaviour Otherwise { get; set; } = new();

    /// <summary>Behaviours that wait for requests.</summary>
    public int Waiting => _queue.Count;

    /// <summary>Adds to the queue.</summary>
    public Script Then(Behaviour behaviour, int times = 1)
    {
        for (var time = 0; time < times; time++)
        {
            _queue.Enqueue(behaviour);
        }

        return this;
    }

    /// <summary>Adds to the queue what <see cref="Behaviour.Parse"/> reads.</summary>
    public Script Then(string behaviour, int times = 1) => Then(Behaviour.Parse(behaviour), times);

    /// <summary>Empties the queue and goes back to whole answers.</summary>
    public void Clear()
    {
        _queue.Clear();
        Otherwise = new Behaviour();
    }

    /// <exception cref="FormatException">Header or model name a behaviour that does not exist.</exception>
    internal Behaviour Next(string? header, string model, SeededDraws draws)
    {
        if (!string.IsNullOrEmpty(header))
        {
            return Behaviour.Parse(header, Otherwise);
        }

        if (model.IndexOf('+', StringComparison.Ordinal) is > 0 and var at)
        {
            return Behaviour.Parse(model[(at + 1)..], Otherwise);
        }

        return _queue.TryDequeue(out var next) ? next
            : options.FaultShare > 0 && draws.Next() < options.FaultShare ? _drawn[(int)(draws.Next() * _drawn.Length)]
            : Otherwise;
    }
}
