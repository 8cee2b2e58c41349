using Google.Protobuf;
using Grpc.Core;

namespace Grpc.Tests;

/// <summary>Does what the text of a request says.</summary>
internal sealed class ProbeService(Seen seen) : Probe.ProbeBase
{
    public override async Task<Reply> One(Ask request, ServerCallContext context)
    {
        seen.Call(context);
        switch (request.Text)
        {
            case "fail":
                throw new RpcException(new Status(StatusCode.NotFound, "no «such» thing 100 %\n€"), new Metadata { { "why", "missing" }, { "raw-bin", [0, 1, 254, 255] } });
            case "rich":
                throw new Google.Rpc.Status
                {
                    Code = (int)StatusCode.InvalidArgument,
                    Message = "bad field",
                    Details = { Google.Protobuf.WellKnownTypes.Any.Pack(new Google.Rpc.BadRequest { FieldViolations = { new Google.Rpc.BadRequest.Types.FieldViolation { Field = "text", Description = "too long" } } }) },
                }.ToRpcException();
            case "crash":
                throw new InvalidOperationException("secret inside");
            case "status":
                context.Status = new Status(StatusCode.Aborted, "by status");
                return new Reply();
            case "null":
                return null!;
            case "metadata":
                var headers = new Metadata();
                foreach (var entry in context.RequestHeaders)
                {
                    if (entry.Key.StartsWith("x-", StringComparison.Ordinal))
                    {
                        headers.Add(entry);
                        context.ResponseTrailers.Add(entry.IsBinary ? new Metadata.Entry("t-" + entry.Key, entry.ValueBytes) : new Metadata.Entry("t-" + entry.Key, entry.Value));
                    }
                }

                await context.WriteResponseHeadersAsync(headers);
                return new Reply { Text = "metadata" };
            case "wait":
                seen.Entered.TrySetResult();
                Watch(context);
                await Task.Delay(Timeout.InfiniteTimeSpan, context.CancellationToken);

                return new Reply();
            case "ignore":
                seen.Entered.TrySetResult();
                Watch(context);
                await seen.Release.Task;

                return new Reply { Text = "too late" };
            case "large":
                return new Reply { Payload = ByteString.CopyFrom(new byte[request.Count]) };
            default:
                return new Reply { Text = request.Text, Count = request.Count, Payload = request.Payload };
        }
    }

    public override async Task Down(Ask request, IServerStreamWriter<Reply> responseStream, ServerCallContext context)
    {
        seen.Call(context);
        context.ResponseTrailers.Add("end", "reached");
        Watch(context);
        for (var i = 0; request.Text == "endless" || i < request.Count; i++)
        {
            await responseStream.WriteAsync(new Reply { Text = request.Text, Count = i, Payload = request.Payload }, context.CancellationToken);
            if (request.Text == "endless")
            {
                await Task.Delay(5, context.CancellationToken);
            }
        }

        if (request.Text == "fail")
        {
            throw new RpcException(new Status(StatusCode.DataLoss, "after the messages"));
        }
    }

    public override async Task<Reply> Up(IAsyncStreamReader<Ask> requestStream, ServerCallContext context)
    {
        seen.Call(context);
        Watch(context);
        var reply = new Reply();
        await foreach (var ask in requestStream.ReadAllAsync(context.CancellationToken))
        {
            reply.Text += ask.Text;
            reply.Count += ask.Count;
            if (ask.Text == "refuse")
            {
                throw new RpcException(new Status(StatusCode.FailedPrecondition, "enough"));
            }

            seen.Entered.TrySetResult();
        }

        return reply;
    }

    public override async Task Both(IAsyncStreamReader<Ask> requestStream, IServerStreamWriter<Reply> responseStream, ServerCallContext context)
    {
        seen.Call(context);
        await foreach (var ask in requestStream.ReadAllAsync(context.CancellationToken))
        {
            await responseStream.WriteAsync(new Reply { Text = ask.Text, Count = ask.Count + 1, Payload = ask.Payload });
        }
    }

    // Stays registered: a write that the deadline broke off may end the handler before the token fires.
    private void Watch(ServerCallContext context) => context.CancellationToken.Register(() => seen.TokenFired.TrySetResult());
}

/// <summary>What the service saw, and when its handlers may go on.</summary>
internal sealed class Seen
{
    public TaskCompletionSource Entered { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public TaskCompletionSource TokenFired { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public TaskCompletionSource Release { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Metadata? RequestHeaders { get; private set; }

    public DateTime Deadline { get; private set; }

    public string? Method { get; private set; }

    public string? Peer { get; private set; }

    public List<string> Order { get; } = [];

    public void Call(ServerCallContext context)
    {
        RequestHeaders = context.RequestHeaders;
        Deadline = context.Deadline;
        Method = context.Method;
        Peer = context.Peer;
    }
}
