using Grpc.Core;
using Microsoft.Extensions.Options;
using Platform.Contracts.EntityResolution.V1;
using Platform.Gateway.Answers;
using Platform.ServiceDefaults;

namespace Platform.Gateway.Chat;

/// <summary>
/// Asks the usual questions once before the gateway listens, so that the first user does not wait while every service
/// compiles its code and opens its connections. What is asked is not recorded.
/// </summary>
internal sealed partial class WarmUp(
    IServiceScopeFactory scopes, IRequestContextAccessor accessor, IOptionsMonitor<ChatOptions> options, TimeProvider time, ILogger<WarmUp> logger)
    : IHostedService
{
    private static readonly string[] Prefixes = ["a", "de", "s"];

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        TimeSpan limit = options.CurrentValue.WarmUp;
        if (limit <= TimeSpan.Zero)
        {
            return;
        }

        using CancellationTokenSource ends = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        ends.CancelAfter(limit);
        long began = time.GetTimestamp();
        try
        {
            string? name = await AnyCustomerAsync(ends.Token);
            string[] questions = name is null
                ? ["Hello"]
                : [$"What is the status of {name}?", $"Should we extend payment terms to {name}?", $"What patterns do you see with {name}?", "How many invoices are overdue?"];
            foreach (string question in questions)
            {
                await AskAsync(question, ends.Token);
            }

            Log.Done(logger, questions.Length, time.GetElapsedTime(began).TotalMilliseconds);
        }
        catch (Exception failure) when (!cancellationToken.IsCancellationRequested && failure is RpcException or OperationCanceledException)
        {
            Log.GivenUp(logger, failure.GetType().Name, time.GetElapsedTime(began).TotalMilliseconds);
        }
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private async Task<string?> AnyCustomerAsync(CancellationToken cancellationToken)
    {
        await using AsyncServiceScope scope = scopes.CreateAsyncScope();
        EntityResolutionService.EntityResolutionServiceClient entities =
            scope.ServiceProvider.GetRequiredService<EntityResolutionService.EntityResolutionServiceClient>();
        foreach (string prefix in Prefixes)
        {
            SuggestResponse found = await entities.SuggestAsync(new SuggestRequest { Prefix = prefix, Limit = 1 }, cancellationToken: cancellationToken);
            if (found.Candidates.Count > 0)
            {
                return found.Candidates[0].Entity.Name;
            }
        }

        return null;
    }

    private async Task AskAsync(string question, CancellationToken cancellationToken)
    {
        RequestContext context = new("warm-up", RequestContext.DefaultOrganization, "warm-up", "warm-up", null);
        using IDisposable current = accessor.Use(context);
        await using AsyncServiceScope scope = scopes.CreateAsyncScope();
        AnswerWork work = new(new ChatRequest(question, context.SessionId), context, options.CurrentValue, SilentObserver.Instance);
        Answered answered = await scope.ServiceProvider.GetRequiredService<AnswerPath>().AnswerAsync(work, cancellationToken);
        _ = AnswerRecording.Json(work, answered);
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Information, "Warmed up with {Questions} questions in {Milliseconds:0} ms", EventName = "WarmedUp")]
        public static partial void Done(ILogger logger, int questions, double milliseconds);

        [LoggerMessage(2, LogLevel.Information, "Warm-up given up after {Milliseconds:0} ms ({Error}); the first answers may be slow", EventName = "WarmUpGivenUp")]
        public static partial void GivenUp(ILogger logger, string error, double milliseconds);
    }
}
