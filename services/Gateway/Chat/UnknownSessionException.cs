namespace Platform.Gateway.Chat;

/// <summary>The session is not one of this user's. Whether it exists for someone else is not told.</summary>
internal sealed class UnknownSessionException(string sessionId) : Exception($"Session {sessionId} is not one of this user's.");
