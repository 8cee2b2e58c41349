namespace Platform.ServiceDefaults;

/// <summary>What every failure of something outside the process is reduced to (requirement G4).</summary>
public enum ExternalErrorClass
{
    Timeout,
    ConnectionError,
    RateLimit,
    AuthenticationError,
    PermissionDenied,
    NotFound,
    BadRequest,
    ServerError,
    UnknownError,
}
