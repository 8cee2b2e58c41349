using System.Diagnostics;
using System.Net.Http.Json;
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
        if (options.Model is not null)
        {
            // The limits of a paid model would be what is measured.
            Environment.SetEnvironmentVariable("PLATFORM__modelGateway__models__primary__requestsPerMinute", "1000000");
        }

        string[] arguments = options.Model is null ? [] : ["--with-simulator"];
        IDistributedApplicationTestingBuilder builder = await DistributedApplicationTestingBuilder.CreateAsync<Projects.AppHost>(arguments, stop.Token);
        system = await builder.BuildAsync(stop.Token);
        await system.StartAsync(stop.Token);
        await system.ResourceNotifications.WaitForResourceHealthyAsync("gateway", stop.Token).WaitAsync(TimeSpan.FromMinutes(3), stop.Token);
        started = Stopwatch.GetElapsedTime(starts);
        url = system.GetEndpoint("gateway", "http");
        if (options.Model is { } model)
        {
            using HttpClient simulator = new() { BaseAddress = system.GetEndpoint("provider-simulator", "http") };
            using HttpResponseMessage scripted = await simulator.PostAsJsonAsync("simulator/script", new { otherwise = model.Behaviour }, stop.Token);
            scripted.EnsureSuccessStatusCode();
        }
    }

    using HttpClient http = new() { BaseAddress = url, Timeout = TimeSpan.FromSeconds(70) };
    ServiceProcesses processes = new(system is null ? null : Environment.ProcessId);
    IReadOnlyList<(string, double)> idle = processes.ReadMemory();
    VirtualUsers users = new(http, options, await Questions.CustomersAsync(http, stop.Token));
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
    return Report.Holds(options, samples) ? 0 : 1;
}
finally
{
    if (system is not null)
    {
        await system.DisposeAsync();
    }
}
