using Platform.ModelGateway.Audit;

namespace Platform.ModelGateway;

internal static class AuditCommandLine
{
    /// <summary>Serves, or verifies the audit log when the command line asks for that.</summary>
    /// <returns>The exit code.</returns>
    internal static async Task<int> RunOrVerifyAuditAsync(this WebApplication app, string[] arguments)
    {
        if (arguments is [AuditCommand.Name, ..])
        {
            return await AuditCommand.RunAsync(arguments, app.Configuration, Console.Out, Console.Error, CancellationToken.None);
        }

        await app.RunAsync();
        return 0;
    }
}
