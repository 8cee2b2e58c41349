using System.IO.Pipelines;
using Grpc.Core;
using Platform.Contracts.ModelGateway.V1;
using Platform.ModelGateway.Completions;
using Platform.ServiceDefaults;

namespace Platform.ModelGateway.OpenAiEndpoint;

/// <summary><c>POST /v1/chat/completions</c>.</summary>
internal sealed class ChatEndpoint(CompletionCalls calls, EndpointModels models, EndpointCallers callers, IRequestContextAccessor accessor, TimeProvider time)
{
    internal async Task AnswerAsync(HttpContext http)
    {
        ChatExchange exchange;
        using (var body = await JsonBody.ReadAsync(http, callers.MaximumRequestBytes))
        {
            exchange = ChatRequestReader.Read(body.RootElement, models);
        }

        exchange.Request.Operation = EndpointRequest.Operation(http);
        exchange.Request.IdempotencyKey = http.Request.Headers["Idempotency-Key"].ToString();
        var answer = new ChatAnswer(exchange, accessor.Current.RequestId, time.GetUtcNow());
        if (exchange.Streams)
        {
            await StreamAsync(http, exchange, answer);
            return;
        }

        var response = await calls.CompleteAsync(exchange.Request, http.RequestAborted);
        var whole = answer.Whole(response);

        // With its length known the answer goes out at once; else its end would be sent by itself.
        http.Response.ContentType = "application/json";
        http.Response.ContentLength = whole.Length;
        await http.Response.BodyWriter.WriteAsync(whole, http.RequestAborted);
    }

    private async Task StreamAsync(HttpContext http, ChatExchange exchange, ChatAnswer answer)
    {
        var output = http.Response.BodyWriter;
        await using var events = calls.StreamAsync(exchange.Request, http.RequestAborted).GetAsyncEnumerator(http.RequestAborted);

        // Until something is there to send, a failure is an ordinary error with its own status.
        var any = await events.MoveNextAsync();
        http.Response.ContentType = "text/event-stream; charset=utf-8";
        http.Response.Headers.CacheControl = "no-cache";
        answer.Opening(output);
        var said = false;
        try
        {
            while (any)
            {
                if (events.Current.EventCase == CompletionEvent.EventOneofCase.Reset && said)
                {
                    // This protocol cannot take back what was said.
                    throw RpcErrors.Unavailable("CONNECTION_ERROR", "The model failed in the middle of its answer.");
                }

                Write(events.Current, answer, output, ref said);
                await output.FlushAsync(http.RequestAborted);
                any = await events.MoveNextAsync();
            }
        }
        catch (RpcException error)
        {
            ChatAnswer.Failed(output, EndpointErrors.Describe(error, accessor.Current.RequestId) ?? EndpointErrors.Unexpected(accessor.Current.RequestId));
            await output.FlushAsync(http.RequestAborted);
            throw;
        }
    }

    private static void Write(CompletionEvent part, ChatAnswer answer, PipeWriter output, ref bool said)
    {
        switch (part.EventCase)
        {
            case CompletionEvent.EventOneofCase.Delta:
                said = true;
                answer.Text(output, part.Delta);
                break;
            case CompletionEvent.EventOneofCase.ToolCall:
                said = true;
                answer.ToolCall(output, part.ToolCall);
                break;
            case CompletionEvent.EventOneofCase.Completed:
                answer.Completed(output, part.Completed);
                break;
        }
    }
}
