using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Text;
using Grpc.Core;
using Platform.Contracts.ModelGateway.V1;
using Platform.Contracts.ResponseGeneration.V1;
using Platform.ResponseGeneration.Writing;
using Platform.ServiceDefaults;
using Xunit;

namespace Platform.ResponseGeneration.Tests;

/// <summary>A model's text reaches the reader sentence by sentence, each verified first; whatever goes wrong, what the reader has in the end is the answer.</summary>
public sealed class StreamTests(SharedModelHost shared) : IClassFixture<SharedModelHost>
{
    private const string First = "Delta Industries owes $182,340.10 on 14 open invoices. ";
    private const string Second = "Of that, $61,204.00 is overdue. ";
    private const string Bad = "It will lose $777,777.00 by 2031. ";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Stream_VerifiedSentence_IsThereBeforeTheModelEnds()
    {
        var host = shared.Host.Fresh();
        var read = new TaskCompletionSource();
        host.Models.Stream = (_, token) => Says(token, First, Second, read.Task, "It pays 8.3 days late on average.");
        using var call = host.Client.GenerateStream(new GenerateRequest { Context = Contexts.Status() }, cancellationToken: Token);

        Assert.True(await call.ResponseStream.MoveNext(Token));
        Assert.Equal(First.TrimEnd(), call.ResponseStream.Current.Delta);
        read.SetResult();
        var (text, completed, resets) = await ReadAsync(call, call.ResponseStream.Current.Delta);

        Assert.Equal(("model", 0), (completed.Method, resets));
        Assert.Equal(completed.Text, text);
        Assert.StartsWith(First + Second + "It pays 8.3 days late on average.", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Stream_BadSentence_IsNeverShown()
    {
        var host = shared.Host.Fresh();
        host.Models.Stream = (_, token) => Says(token, First, Bad, Second, "It pays 8.3 days late on average. ", "Of its 132 paid invoices, 46.2% were late.");

        var (text, completed, resets) = await AskAsync(host);

        Assert.Equal(("model", 0), (completed.Method, resets));
        Assert.DoesNotContain("777", text, StringComparison.Ordinal);
        Assert.StartsWith(First + Second, text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Stream_SentenceWithAWrongFigure_IsReplacedByTheDrafts()
    {
        var host = shared.Host.Fresh();
        host.Models.Stream = (_, token) => Says(token, First, Second, "Delta Industries pays 9.9 days late on average, and 46.2% of its 132 paid invoices were late. ", "It placed 104 orders.");

        var (text, completed, _) = await AskAsync(host);

        Assert.Equal("model", completed.Method);
        Assert.DoesNotContain("9.9", text, StringComparison.Ordinal);
        Assert.Contains("pays 8.3 days late on average, and 46.2% of its 132 paid invoices were late", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Stream_HeadingWhoseSentenceIsBad_GoesWithIt()
    {
        var host = shared.Host.Fresh();
        host.Models.Stream = (_, token) => Says(token, First + "\n\n", "### Outlook\n\n", "The loss will be $9,876.00.\n\n", "### Payments\n\n", "It pays 8.3 days late on average.\n\n", "It has 132 paid invoices.");

        var (text, _, _) = await AskAsync(host);

        Assert.DoesNotContain("9,876", text, StringComparison.Ordinal);
        Assert.Contains("### Payments", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Stream_BreaksOffAfterText_StartsAgainAndEndsWhole(bool fallbackWorks)
    {
        var host = shared.Host.Fresh();
        host.Models.Stream = (request, token) => request.Model == "fallback" && fallbackWorks
            ? Says(token, First, Second, "It pays 8.3 days late on average.")
            : Says(token, First, Second, "It pays ", RpcErrors.Unavailable("CONNECTION_ERROR", "cut"));

        var (text, completed, resets) = await AskAsync(host);

        Assert.Equal(completed.Text, text);
        Assert.True(resets >= 1);
        Assert.Equal(fallbackWorks ? "model_fallback" : "writer", completed.Method);
        Assert.True(completed.PassedQualityGates);
    }

    [Fact]
    public async Task Stream_CutOffAtTheLimitOfTokens_TheUnfinishedSentenceIsNeverShown()
    {
        var host = shared.Host.Fresh();
        host.Models.Stream = (_, token) => Says(token, "Delta Industries owes $182,340.10 on 14 open", FinishReason.Length);

        var (text, completed, resets) = await AskAsync(host);

        Assert.Equal(("writer", 0), (completed.Method, resets));
        Assert.Equal(completed.Text, text);
    }

    [Fact]
    public async Task Stream_AnotherProviderTakesOver_WhatWasShownIsWithdrawn()
    {
        var host = shared.Host.Fresh();
        host.Models.Stream = (_, token) => Says(token, "Delta Industries owes $182k. ", "Of that, 34% is", new CompletionEvent { Reset = "second" }, First, Second, "It pays 8.3 days late on average.");

        var (text, completed, resets) = await AskAsync(host);

        Assert.Equal(("model", 1), (completed.Method, resets));
        Assert.Equal(completed.Text, text);
        Assert.StartsWith(First + Second, text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Stream_ModelThatOnlyInvents_IsLeftEarlyAndTheWriterAnswers()
    {
        var host = shared.Host.Fresh();
        var sent = 0;
        host.Models.Stream = (_, token) => Endless(() => sent++, token);

        var started = Stopwatch.GetTimestamp();
        var (text, completed, _) = await AskAsync(host);

        Assert.Equal(AnswerWriter.Write(Contexts.Status(), Contexts.English), text);
        Assert.Equal("writer", completed.Method);
        Assert.Equal(0.6, completed.Confidence);
        // It never pauses: what was under way when it was left counts, too.
        Assert.True(sent < 1000, $"{sent} sentences were asked for");
        Assert.True(Stopwatch.GetElapsedTime(started) < TimeSpan.FromSeconds(10));
    }

    [Fact]
    public async Task Stream_SlowModelThatInvents_StaysInsideTheTimeOfTheAnswer()
    {
        await using var host = await ModelHost.StartAsync(Token, ("generation:mediumTimeout", "00:00:03"), ("generation:backoff", "00:00:00.5"));
        host.Models.Stream = (_, token) => Says(token, TimeSpan.FromSeconds(1), Bad, Bad, Bad);

        var started = Stopwatch.GetTimestamp();
        var (text, completed, _) = await AskAsync(host);

        Assert.Equal("writer", completed.Method);
        Assert.Equal(AnswerWriter.Write(Contexts.Status(), Contexts.English), text);
        Assert.InRange(Stopwatch.GetElapsedTime(started), TimeSpan.Zero, TimeSpan.FromSeconds(5));
        Assert.True(host.Models.Requests.Count <= 3, $"{host.Models.Requests.Count} attempts");
    }

    private static async Task<(string Text, GenerateResponse Completed, int Resets)> AskAsync(ModelHost host)
    {
        using var call = host.Client.GenerateStream(new GenerateRequest { Context = Contexts.Status(), ExplainGates = true }, cancellationToken: Token);
        return await ReadAsync(call, string.Empty);
    }

    private static async Task<(string Text, GenerateResponse Completed, int Resets)> ReadAsync(AsyncServerStreamingCall<GenerateEvent> call, string before)
    {
        var text = new StringBuilder(before);
        var resets = 0;
        while (await call.ResponseStream.MoveNext(Token))
        {
            switch (call.ResponseStream.Current.EventCase)
            {
                case GenerateEvent.EventOneofCase.Delta:
                    text.Append(call.ResponseStream.Current.Delta);
                    break;
                case GenerateEvent.EventOneofCase.Reset:
                    text.Clear();
                    resets++;
                    break;
                default:
                    return (text.ToString(), call.ResponseStream.Current.Completed, resets);
            }
        }

        throw new UnreachableException("the stream ended without its last event");
    }

    /// <summary>Sends texts in halves, waits for tasks and times, throws errors, and completes, for the reason given, when nothing was thrown.</summary>
    private static async IAsyncEnumerable<CompletionEvent> Says([EnumeratorCancellation] CancellationToken cancellationToken, params object[] script)
    {
        var text = new StringBuilder();
        var end = FinishReason.Stop;
        foreach (var step in script)
        {
            switch (step)
            {
                case string said:
                    text.Append(said);
                    yield return new CompletionEvent { Delta = said[..(said.Length / 2)] };
                    yield return new CompletionEvent { Delta = said[(said.Length / 2)..] };
                    break;
                case Task task:
                    await task.WaitAsync(TimeSpan.FromSeconds(20), cancellationToken);
                    break;
                case TimeSpan wait:
                    using (var timer = new PeriodicTimer(wait))
                    {
                        await timer.WaitForNextTickAsync(cancellationToken);
                    }

                    break;
                case FinishReason reason:
                    end = reason;
                    break;
                case CompletionEvent other:
                    text.Clear();
                    yield return other;
                    break;
                case Exception error:
                    throw error;
                default:
                    throw new UnreachableException();
            }
        }

        yield return new CompletionEvent { Completed = new CompletionResponse { Text = text.ToString(), FinishReason = end, Report = new CallReport { Provider = "fake", Model = "fake-1" } } };
    }

    private static async IAsyncEnumerable<CompletionEvent> Endless(Action sent, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(5));
        while (await timer.WaitForNextTickAsync(cancellationToken))
        {
            sent();
            yield return new CompletionEvent { Delta = Bad };
        }
    }
}
