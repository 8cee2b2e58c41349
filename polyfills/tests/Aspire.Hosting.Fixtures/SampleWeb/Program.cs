using System.Diagnostics;

if (Environment.GetEnvironmentVariable("SAMPLE_FAIL") is { } reason)
{
    Console.Error.WriteLine(reason);
    return 3;
}

// A configuration file that must be there, as services end that find theirs wrong.
if (Environment.GetEnvironmentVariable("SAMPLE_CONFIGURATION") is { } file && !File.Exists(file))
{
    Console.Error.WriteLine($"{file} is missing.");
    return 78;
}

var app = WebApplication.CreateBuilder(args).Build();
app.MapGet("/health/ready", () => "ready");
app.MapGet("/environment/{name}", (string name) => Environment.GetEnvironmentVariable(name) ?? string.Empty);
app.MapGet("/environment", () => Environment.GetEnvironmentVariables().Keys.Cast<string>().Order());
app.MapGet("/folder", () => Environment.CurrentDirectory);
app.MapGet("/arguments", () => args);
app.MapGet("/id", () => Environment.ProcessId);
app.MapGet("/child", () =>
{
    using var child = Process.Start(new ProcessStartInfo("setsid", ["sleep", "600"]));
    return child!.Id;
});
await app.RunAsync();
return 0;
