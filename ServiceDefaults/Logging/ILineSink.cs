namespace Platform.ServiceDefaults;

/// <summary>Takes finished lines. Never waits and never fails: logging must not stop what is logged.</summary>
internal interface ILineSink : IDisposable
{
    void Write(byte[] line);
}
