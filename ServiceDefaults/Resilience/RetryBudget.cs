namespace Platform.ServiceDefaults;

/// <summary>
/// Keeps retries from multiplying an outage: the token scheme of gRPC's retry throttling (proposal A6). A failure takes a
/// token, a success gives a tenth back, and no retry is made while half of the tokens or fewer are left.
/// </summary>
internal sealed class RetryBudget
{
    private const int Scale = 10;
    private const int Maximum = 10 * Scale;
    private int _tokens = Maximum;

    internal void Succeeded() => Change(1);

    /// <summary>Counts a failure and tells whether a retry is affordable.</summary>
    internal bool Failed() => Change(-Scale) > Maximum / 2;

    private int Change(int by)
    {
        while (true)
        {
            var before = Volatile.Read(ref _tokens);
            var after = Math.Clamp(before + by, 0, Maximum);
            if (Interlocked.CompareExchange(ref _tokens, after, before) == before)
            {
                return after;
            }
        }
    }
}
