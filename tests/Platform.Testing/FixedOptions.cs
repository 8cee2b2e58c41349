using Microsoft.Extensions.Options;

namespace Platform.Testing;

/// <summary>Options that change only when the test sets them, and tell nobody.</summary>
public sealed class FixedOptions<T>(T value) : IOptionsMonitor<T>
{
    public T CurrentValue { get; set; } = value;

    public T Get(string? name) => CurrentValue;

    public IDisposable? OnChange(Action<T, string?> listener) => null;
}
