using System.Diagnostics;
using Aspire.Hosting.Testing;
using Platform.Testing;
using Xunit;

namespace Platform.EndToEndTests;

/// <summary>Runs a command of Migrations against the running platform's database, as a user does.</summary>
internal static class MigrationsCommand
{
    public static async Task RunAsync(RunningPlatform platform, params string[] args)
    {
        string assembly = Directory.EnumerateFiles(Path.Combine(TestData.RepositoryRoot, "services/Migrations/bin"), "Platform.Migrations.dll", SearchOption.AllDirectories)
            .OrderByDescending(File.GetLastWriteTimeUtc).First();
        ProcessStartInfo start = new("dotnet", [assembly, .. args])
        {
            WorkingDirectory = Path.Combine(TestData.RepositoryRoot, "services/Migrations"),
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["ConnectionStrings__platform"] = await platform.App.GetConnectionStringAsync("platform", TestContext.Current.CancellationToken);
        using Process process = Process.Start(start)!;
        Task<string> output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        Task<string> errors = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken).WaitAsync(TimeSpan.FromMinutes(2), TestContext.Current.CancellationToken);
        Assert.True(process.ExitCode == 0, $"migrations {string.Join(' ', args)} ended with {process.ExitCode}: {await output} {await errors}");
    }
}
