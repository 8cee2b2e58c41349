using System.Diagnostics;
using System.Threading.Channels;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OpenTelemetry;

namespace Platform.ServiceDefaults;

/// <summary>
/// Where a request came in, the fate of its trace is known; this tells every service that discovery knows of, in batches, so that they keep their spans of it
/// too. A service that does not hear of it keeps what failed or was slow, not what went well.
/// </summary>
internal sealed partial class KeptTraces(UndecidedTraces undecided, IConfiguration configuration, IHttpClientFactory clients, TimeProvider time, ILogger<KeptTraces> logger)
    : BackgroundService
{
    internal const string Path = "/telemetry/kept-traces";

    private const int MostAtOnce = 1000;
    private const int LineLength = 33;
    private static readonly TimeSpan Gathering = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(2);

    private readonly Channel<ActivityTraceId> _traces = Channel.CreateBounded<ActivityTraceId>(
        new BoundedChannelOptions(10 * MostAtOnce) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true });

    /// <summary>Takes trace ids, one a line, at most 1,000.</summary>
    internal static void Map(IEndpointRouteBuilder endpoints) => endpoints.MapPost(Path, async (HttpRequest request, UndecidedTraces undecided, CancellationToken cancellationToken) =>
        {
            if (request.ContentLength is not (> 0 and <= MostAtOnce * LineLength))
            {
                return Results.Problem($"The body must have 1 to {MostAtOnce} trace ids, one a line.", statusCode: StatusCodes.Status400BadRequest);
            }

            using var reader = new StreamReader(request.Body);
            var ids = (await reader.ReadToEndAsync(cancellationToken)).Split('\n', StringSplitOptions.RemoveEmptyEntries);
            if (Array.Exists(ids, id => id.Length != 32 || !id.All(char.IsAsciiHexDigitLower)))
            {
                return Results.Problem("A trace id is 32 hexadecimal digits in small letters.", statusCode: StatusCodes.Status400BadRequest);
            }

            foreach (var id in ids)
            {
                undecided.Keep(ActivityTraceId.CreateFromString(id));
            }

            return Results.NoContent();
        })
        .OnHttpEndpointOnly();

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        undecided.Announce = trace => _traces.Writer.TryWrite(trace);
        try
        {
            while (await _traces.Reader.WaitToReadAsync(stoppingToken))
            {
                await Task.Delay(Gathering, time, stoppingToken);
                await TellAsync(stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // A host that ends without being stopped first would log it as a failure.
        }
    }

    private async Task TellAsync(CancellationToken cancellationToken)
    {
        var batch = new List<string>();
        while (batch.Count < MostAtOnce && _traces.Reader.TryRead(out var trace))
        {
            batch.Add(trace.ToHexString());
        }

        await Task.WhenAll(DiscoveredServices.Http(configuration).SelectMany(service => service.Processes).Select(process => TellAsync(process, string.Join('\n', batch), cancellationToken)));
    }

    private async Task TellAsync(Uri process, string traces, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Limit);
        using var untraced = SuppressInstrumentationScope.Begin();
        try
        {
            using var client = clients.CreateClient(nameof(KeptTraces));
            using var content = new StringContent(traces);
            using var response = await client.PostAsync(new Uri(process, Path), content, limit.Token);
        }
        catch (Exception error) when (error is HttpRequestException or OperationCanceledException)
        {
            Log.NotTold(logger, process, error.GetType().Name);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(EventId = 1, EventName = "KeptTracesNotTold", Level = LogLevel.Debug, Message = "{Process} was not told which traces to keep ({Error})")]
        internal static partial void NotTold(ILogger logger, Uri process, string error);
    }
}
