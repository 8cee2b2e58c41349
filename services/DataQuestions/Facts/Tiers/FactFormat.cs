using Google.Protobuf;
using Platform.Caching;
using Platform.Contracts.DataQuestions.V1;

namespace Platform.DataQuestions.Facts.Tiers;

/// <summary>Facts as protobuf.</summary>
internal sealed class FactFormat : ICacheFormat<EntityFacts>
{
    /// <summary>Raised when kinds or their meaning change; entries of another version are dropped.</summary>
    public int SchemaVersion => 1;

    public byte[] Write(EntityFacts value) => value.ToByteArray();

    public EntityFacts Read(ReadOnlySpan<byte> bytes)
    {
        try
        {
            return EntityFacts.Parser.ParseFrom(bytes);
        }
        catch (InvalidProtocolBufferException exception)
        {
            throw new FormatException("These are no facts", exception);
        }
    }
}
