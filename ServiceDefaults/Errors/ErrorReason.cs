using Google.Protobuf.Reflection;
using Google.Rpc;

namespace Platform.ServiceDefaults;

/// <summary>
/// Field 1 of <c>google.rpc.ErrorInfo</c>, which holds the reason. It is reached by number because its name in C# differs
/// between the versions of Google.Api.CommonProtos (<c>Type</c> in 2.0.0, <c>Reason</c> later); the wire format is one.
/// </summary>
internal static class ErrorReason
{
    private static readonly IFieldAccessor Field = ErrorInfo.Descriptor.FindFieldByNumber(1).Accessor;

    internal static ErrorInfo Info(string reason, string domain = "")
    {
        var info = new ErrorInfo { Domain = domain };
        Field.SetValue(info, reason);
        return info;
    }

    internal static string Of(ErrorInfo? info) => info is null ? "" : (string)Field.GetValue(info);
}
