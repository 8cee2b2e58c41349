namespace Platform.Migrations;

/// <summary>A failure with a message for the person who ran the command; it ends the process with exit code 1 and no stack trace.</summary>
internal sealed class MigrationException : Exception
{
    public MigrationException(string message)
        : base(message)
    {
    }

    public MigrationException(string message, Exception inner)
        : base(message, inner)
    {
    }
}
