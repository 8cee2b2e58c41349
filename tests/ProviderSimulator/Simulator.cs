using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Extensions;
using Platform.ProviderSimulator.Answers;
using Platform.ProviderSimulator.Faults;
using Platform.ProviderSimulator.Records;

namespace Platform.ProviderSimulator;

/// <summary>What the addresses of every kind of provider have in common: script, records, keys, models.</summary>
internal sealed class Simulator(SimulatorOptions options, TimeProvider time)
{
    internal Script Script { get; } = new(options);

    internal RequestLog Requests { get; } = new(options.KeptRequests, time);

    internal SimulatorOptions Options => options;

    internal IReadOnlyList<string> Models { get; } = options.Models.Count > 0 ? [.. options.Models] : ["sim-large", "sim-small", "sim-embedding", "sim-moderation"];

    /// <summary>A chat request, whole or streamed.</summary>
    internal Task ChatAsync(HttpContext http, IDialect dialect, string? modelOfPath) => AnswerAsync(http, dialect, modelOfPath, async (body, recording, behaviour, draws, responder) =>
    {
        var request = dialect.Read(body, modelOfPath);
        recording.Streams = request.Streams;
        var empty = behaviour.Fault == Fault.EmptyAnswer || behaviour.Mode == AnswerMode.EmptyText;
        var answer = empty ? new Answer([], [], false, AnswerWriter.Tokens(request.AllText)) : AnswerWriter.Write(request, behaviour, draws);
        var reply = new Reply(
            request, answer, string.Create(CultureInfo.InvariantCulture, $"chatcmpl-sim{recording.Number:x8}"),
            time.GetUtcNow().ToUnixTimeSeconds(), behaviour.Fault != Fault.MissingUsage && request.WantsUsage);
        await (request.Streams ? responder.StreamAsync([.. dialect.Frames(reply)]) : responder.WholeAsync(dialect.Whole(reply), answer.OutputTokens));
    });

    /// <summary>Any other request: the answer is written from its body.</summary>
    internal Task WholeAsync(HttpContext http, IDialect dialect, string? modelOfPath, Func<JsonElement, Behaviour, byte[]> write) =>
        AnswerAsync(http, dialect, modelOfPath, (body, _, behaviour, _, responder) => responder.WholeAsync(write(body, behaviour), 0));

    private async Task AnswerAsync(HttpContext http, IDialect dialect, string? modelOfPath, Func<JsonElement, Recording, Behaviour, SeededDraws, Responder, Task> answer)
    {
        var recording = Requests.Begin();
        using var leaving = http.RequestAborted.Register(() => recording.Ended(RequestEnd.ClientLeft));
        var draws = new SeededDraws(options.Seed, recording.Number);
        var plain = new Responder(http, dialect, new Behaviour(), draws, recording, options, time);
        recording.Path = http.Request.GetEncodedPathAndQuery();
        try
        {
            using var document = await JsonDocument.ParseAsync(http.Request.Body, cancellationToken: http.RequestAborted);
            var body = document.RootElement;
            recording.Model = modelOfPath ?? Json.Text(body, "model") ?? "";
            if (options.KeptRequests > 0)
            {
                recording.Body = body.Clone();
                recording.Headers = http.Request.Headers.ToDictionary(header => header.Key.ToLowerInvariant(), header => header.Value.ToString());
            }

            if (Refusal(http, dialect, recording.Model) is var (status, message))
            {
                recording.Did = $"status-{status}";
                await plain.ErrorAsync(status, message);
            }
            else
            {
                var behaviour = Script.Next(http.Request.Headers[Script.Header], recording.Model, draws);
                recording.Did = behaviour.ToString();
                await answer(body, recording, behaviour, draws, new Responder(http, dialect, behaviour, draws, recording, options, time));
            }

            recording.Ended(RequestEnd.Answered);
        }
        catch (Exception wrong) when (wrong is JsonException or FormatException && !http.Response.HasStarted)
        {
            recording.Did = "status-400";
            await plain.ErrorAsync(StatusCodes.Status400BadRequest, wrong.Message);
            recording.Ended(RequestEnd.Answered);
        }
        catch (Exception gone) when (http.RequestAborted.IsCancellationRequested && gone is OperationCanceledException or IOException or System.Net.Sockets.SocketException)
        {
            recording.Ended(RequestEnd.ClientLeft);
        }
        finally
        {
            // Whatever else went wrong, nothing stays "running".
            recording.Ended(RequestEnd.BrokenOff);
        }
    }

    private (int Status, string Message)? Refusal(HttpContext http, IDialect dialect, string model)
    {
        if (options.Keys.Count > 0 && !options.Keys.Contains(dialect.Key(http.Request) ?? ""))
        {
            return (StatusCodes.Status401Unauthorized, "Incorrect API key provided.");
        }

        return options.Models.Count > 0 && !options.Models.Contains(model.Split('+')[0])
            ? (StatusCodes.Status404NotFound, $"The model `{model}` does not exist or you do not have access to it.")
            : null;
    }
}
