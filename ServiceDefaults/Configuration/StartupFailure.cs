using Microsoft.Extensions.Options;

namespace Platform.ServiceDefaults;

/// <summary>A configuration that stops the start is told in its own words, not as a crash.</summary>
internal static class StartupFailure
{
    /// <summary>EX_CONFIG of sysexits.h: "something was found in an unconfigured or misconfigured state".</summary>
    private const int ConfigurationExitCode = 78;

    private static int _installed;

    /// <summary>The message for a person, when <paramref name="error"/> is about configuration; otherwise null.</summary>
    internal static string? Describe(Exception? error) => error switch
    {
        PlatformConfigurationException => error.Message,
        OptionsValidationException invalid => $"The configuration is not valid:{Environment.NewLine}{string.Join(Environment.NewLine, invalid.Failures.Select(failure => "  " + failure))}",
        AggregateException many when many.InnerExceptions.All(inner => Describe(inner) is not null) =>
            string.Join(Environment.NewLine, many.InnerExceptions.Select(Describe)),
        _ => null,
    };

    internal static void Install()
    {
        if (Interlocked.Exchange(ref _installed, 1) == 1)
        {
            return;
        }

        AppDomain.CurrentDomain.UnhandledException += (_, args) =>
        {
            if (Describe(args.ExceptionObject as Exception) is { } message)
            {
                Console.Error.WriteLine(message);
                Environment.Exit(ConfigurationExitCode);
            }
        };
    }
}
