namespace Platform.ServiceDefaults;

/// <summary>The configuration cannot be used. <see cref="Exception.Message"/> is written for the person who edits it: key, value, what is allowed.</summary>
public sealed class PlatformConfigurationException : Exception
{
    public PlatformConfigurationException(string message)
        : base(message)
    {
    }

    public PlatformConfigurationException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    public PlatformConfigurationException(string source, IReadOnlyList<string> problems)
        : base(Render(source, problems))
    {
    }

    private const int ShownProblems = 12;

    private static string Render(string source, IReadOnlyList<string> problems)
    {
        var lines = problems.Take(ShownProblems).Select(problem => "  " + problem);
        var more = problems.Count > ShownProblems ? $"{Environment.NewLine}  and {problems.Count - ShownProblems} more" : "";
        return $"The configuration is not valid ({source}):{Environment.NewLine}{string.Join(Environment.NewLine, lines)}{more}";
    }
}
