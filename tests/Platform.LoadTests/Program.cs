using System.Diagnostics;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Testing;
using Platform.LoadTests;

LoadOptions options;
try
{
    options = LoadOptions.Parse(args);
}
catch (ArgumentException wrong)
{
    Console.Error.WriteLine($"{wrong.Message}\n\n{LoadOptions.Usage}");
    return 2;
}

using CancellationTokenSource stop = new();
Console.CancelKeyPress += (_, pressed) =>
{
    pressed.Cancel = true;
    stop.Cancel();
};

DistributedApplication? system = null;
try
{
    Uri? url = options.Url;
    TimeSpan? started = null;
    if (url is null)
    {
        long starts = Stopwatch.GetTimestamp();
        IDistributedApplicationTestingBuilder builder = await DistributedApplicationTestingBuilder.CreateAsync<Projects.AppHost>(stop.Token);
        system = await builder.BuildAsync(stop.Token);
        await system.StartAsync(stop.Token);
        await system.ResourceNotifications.WaitForResourceHealthyAsync("gateway", stop.Token).WaitAsync(TimeSpan.FromMinutes(3), stop.Token);
        started = Stopwatch.GetElapsedTime(starts);
        url = system.GetEndpoint("gateway", "http");
    }

    using HttpClient http = new() { BaseAddress = url, Timeout = TimeSpan.FromSeconds(70) };
    ServiceProcesses processes = new(system is null ? null : Environment.ProcessId);
    IReadOnlyList<(string, double)> idle = processes.ReadMemory();
    VirtualUsers users = new(http, options);
    if (options.WarmUp > TimeSpan.Zero)
    {
        await users.RunAsync(options.WarmUp, stop.Token);
    }

    IReadOnlyList<(string, double)> spentBefore = processes.ReadProcessorTime();
    long began = Stopwatch.GetTimestamp();
    IReadOnlyList<Sample> samples = await users.RunAsync(options.Duration, stop.Token);
    TimeSpan elapsed = Stopwatch.GetElapsedTime(began);
    IReadOnlyList<(string, double)> spent = processes.ReadProcessorTime();
    Console.Write(Report.Write(options, new Measurements(samples, elapsed, started, idle, processes.ReadMemory(), spentBefore, spent)));
    return samples.Count > 0 && samples.All(s => s.Error is null) ? 0 : 1;
}
finally
{
    if (system is not null)
    {
        await system.DisposeAsync();
    }
}
