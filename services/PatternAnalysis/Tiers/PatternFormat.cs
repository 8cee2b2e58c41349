using Google.Protobuf;
using Platform.Caching;
using Platform.Contracts.PatternAnalysis.V1;

namespace Platform.PatternAnalysis.Tiers;

/// <summary>Patterns as protobuf.</summary>
internal sealed class PatternFormat : ICacheFormat<CustomerPatterns>
{
    /// <summary>Raised when the meaning of what is stored changes, in Redis or in app.customer_patterns; entries of another version are dropped.</summary>
    public const int Version = 2;

    public static PatternFormat Instance { get; } = new();

    public int SchemaVersion => Version;

    public byte[] Write(CustomerPatterns value) => value.ToByteArray();

    public CustomerPatterns Read(ReadOnlySpan<byte> bytes)
    {
        try
        {
            return CustomerPatterns.Parser.ParseFrom(bytes);
        }
        catch (InvalidProtocolBufferException exception)
        {
            throw new FormatException("These are no patterns", exception);
        }
    }
}
