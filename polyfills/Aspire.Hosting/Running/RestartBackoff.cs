namespace Aspire.Hosting.Running;

/// <summary>How long to wait before a process that ended is started again.</summary>
internal static class RestartBackoff
{
    /// <summary>A process that dies this often without ever being healthy is given up.</summary>
    public const int MaxFailedStarts = 5;

    /// <summary>EX_CONFIG of sysexits.h: the process says that its configuration is wrong, which another start will not change.</summary>
    public const int WrongConfiguration = 78;

    private static readonly TimeSpan First = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(30);

    /// <summary>Time after which a process counts as stable and the count begins anew.</summary>
    public static TimeSpan Stable { get; } = TimeSpan.FromSeconds(30);

    /// <summary>Whether to leave a process that was never healthy as it is.</summary>
    public static bool GivesUp(int deaths, int exitCode) => deaths >= MaxFailedStarts || exitCode == WrongConfiguration;

    /// <param name="deaths">Deaths in a row, from 1.</param>
    public static TimeSpan Delay(int deaths)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(deaths, 1);
        var delay = First * Math.Pow(2, Math.Min(deaths - 1, 16));
        return delay < Longest ? delay : Longest;
    }
}
