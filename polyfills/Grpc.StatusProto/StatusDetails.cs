using Google.Protobuf;

namespace Google.Rpc;

/// <summary>Newer versions of Google.Api.CommonProtos have this on the status itself; that one then takes precedence.</summary>
public static class StatusDetails
{
    /// <summary>The first detail of this type, or null.</summary>
    public static T? GetDetail<T>(this Status status)
        where T : class, IMessage<T>, new()
    {
        ArgumentNullException.ThrowIfNull(status);
        var descriptor = new T().Descriptor;
        return status.Details.FirstOrDefault(detail => detail.Is(descriptor))?.Unpack<T>();
    }
}
