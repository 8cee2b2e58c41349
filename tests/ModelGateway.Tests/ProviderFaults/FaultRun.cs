using Grpc.Core;
using Platform.Contracts.ModelGateway.V1;
using Platform.ProviderSimulator.Records;

namespace Platform.ModelGateway.Tests.ProviderFaults;

/// <summary>One call against a fault.</summary>
/// <param name="Index">Makes the names of its models unlike those of every other run.</param>
internal sealed record FaultRun(FaultCase Fault, bool Streamed, bool TwoProviders, int Index)
{
    private static readonly TimeSpan Tolerance = TimeSpan.FromMilliseconds(100);

    internal string Model => $"run-{Index}";

    internal string FaultyModel => Fault.Behaviour is null ? $"sim-{Index}" : $"sim-{Index}+{Fault.Behaviour}+tokens-12";

    internal string HealthyModel => $"ok-{Index}+tokens-12";

    /// <summary>Calls, and tells what was received and how long it took.</summary>
    internal async Task<FaultResult> CallAsync(ModelGatewayService.ModelGatewayServiceClient models, TimeProvider time, CancellationToken cancellationToken)
    {
        var request = Question(Model);
        var events = new List<CompletionEvent>();
        var began = time.GetTimestamp();
        try
        {
            var deadline = (time.GetUtcNow() + Fault.Deadline).UtcDateTime;
            if (!Streamed)
            {
                var answer = await models.CompleteAsync(request, deadline: deadline, cancellationToken: cancellationToken);
                return new FaultResult(this, events, answer, null, time.GetElapsedTime(began));
            }

            using var call = models.CompleteStream(request, deadline: deadline, cancellationToken: cancellationToken);
            while (await call.ResponseStream.MoveNext(cancellationToken))
            {
                events.Add(call.ResponseStream.Current);
            }

            return new FaultResult(this, events, events.LastOrDefault()?.Completed, null, time.GetElapsedTime(began));
        }
        catch (RpcException error)
        {
            return new FaultResult(this, events, events.LastOrDefault()?.Completed, error, time.GetElapsedTime(began));
        }
    }

    internal static CompletionRequest Question(string model) => new()
    {
        Model = model,
        Operation = "provider_faults",
        Messages = { new Message { Role = Role.User, Text = "What does Delta owe? secret-marker-7741" } },
    };

    /// <summary>Everything that is wrong with the result; empty when it is right.</summary>
    internal IEnumerable<string> Judge(FaultResult result, string reference, IReadOnlyList<RequestRecord> faulty, IReadOnlyList<RequestRecord> healthy)
    {
        if (result.Elapsed > Fault.Deadline + Tolerance)
        {
            yield return $"took {result.Elapsed.TotalMilliseconds:0} ms";
        }

        if (result.Answer is not null && (result.Answer.Text != reference || result.Error is not null || (Streamed && result.Text != reference)))
        {
            yield return "an answer that is not whole was told as complete";
        }

        if (result.Error?.ToString().Contains("secret-marker", StringComparison.Ordinal) == true)
        {
            yield return "the error repeats the prompt";
        }

        var reason = Fault.Reason(Streamed);
        var helped = TwoProviders && !result.GotTextBeforeError && reason.Length > 0 && Fault.Remedy is Remedy.Repeat or Remedy.MoveOn;
        var expected = helped && TwoProviders ? "" : reason;
        if (result.Reason != expected)
        {
            yield return $"ended with {Named(result.Reason)} instead of {Named(expected)}";
        }

        var (least, most) = Attempts(result, reason, helped);
        if (Fault.Behaviour is not null && (faulty.Count < least || faulty.Count > most))
        {
            yield return $"{faulty.Count} attempts at the faulty provider instead of {least} to {most}";
        }

        if (healthy.Count != (helped ? 1 : 0))
        {
            yield return $"{healthy.Count} attempts at the other provider";
        }

        if (result.Answer is { } answer && Fault.Behaviour is not null && answer.Report.Attempts != faulty.Count + healthy.Count)
        {
            yield return $"{answer.Report.Attempts} attempts were told";
        }

        if (result.GotTextBeforeError && (result.Events[^1].Interrupted is not { } interrupted || interrupted.Text != result.Text || !reference.StartsWith(result.Text, StringComparison.Ordinal)))
        {
            yield return "what was received is not told";
        }
    }

    private (int Least, int Most) Attempts(FaultResult result, string reason, bool helped) =>
        helped || reason.Length == 0 || Fault.Remedy != Remedy.Repeat ? (1, 1)
        : result.GotTextBeforeError ? (1, TwoProviders ? 1 : 3)
        : Fault.Attempts;

    private static string Named(string reason) => reason.Length == 0 ? "an answer" : reason;
}
