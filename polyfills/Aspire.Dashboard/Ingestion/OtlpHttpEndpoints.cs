using System.IO.Compression;
using Aspire.Dashboard.Protocol.Metrics;
using Google.Protobuf;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Aspire.Dashboard.Ingestion;

/// <summary>OTLP over HTTP: POST of protobuf, plain or gzip, to <c>/v1/traces</c>, <c>/v1/logs</c> and <c>/v1/metrics</c>.</summary>
internal static class OtlpHttpEndpoints
{
    private const string Protobuf = "application/x-protobuf";

    /// <summary>Bytes of one request, unpacked: 64 MiB.</summary>
    private const int Longest = 64 * 1024 * 1024;

    public static void MapOtlpHttp(this IEndpointRouteBuilder routes)
    {
        routes.MapPost("/v1/traces", (HttpContext context, TelemetryReader reader) =>
            AnswerAsync(context, message => OtlpAnswers.OfTraces(message, reader)));
        routes.MapPost("/v1/logs", (HttpContext context, TelemetryReader reader) =>
            AnswerAsync(context, message => OtlpAnswers.OfLogs(message, reader)));
        routes.MapPost("/v1/metrics", (HttpContext context, TelemetryReader reader) =>
            AnswerAsync(context, message => OtlpAnswers.OfMetrics(ExportMetricsServiceRequest.Parser.ParseFrom(message), reader)));
    }

    private static async Task<IResult> AnswerAsync(HttpContext context, Func<byte[], IMessage> keep)
    {
        if (context.Request.ContentType?.Split(';')[0].Trim() is not (Protobuf or "application/protobuf"))
        {
            return Results.Problem($"Content-Type is '{context.Request.ContentType}'; allowed is {Protobuf}.", statusCode: StatusCodes.Status415UnsupportedMediaType);
        }

        try
        {
            var body = await ReadAsync(context.Request, context.RequestAborted).ConfigureAwait(false);
            return Results.Bytes(keep(body.ToArray()).ToByteArray(), Protobuf);
        }
        catch (InvalidProtocolBufferException exception)
        {
            return Results.Problem($"The body is not the message that this address takes: {exception.Message}", statusCode: StatusCodes.Status400BadRequest);
        }
        catch (InvalidDataException exception)
        {
            return Results.Problem(exception.Message, statusCode: StatusCodes.Status400BadRequest);
        }
    }

    private static async Task<MemoryStream> ReadAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        var encoding = request.Headers.ContentEncoding.ToString();
        await using var source = encoding switch
        {
            "" or "identity" => request.Body,
            "gzip" => new GZipStream(request.Body, CompressionMode.Decompress),
            "deflate" => new ZLibStream(request.Body, CompressionMode.Decompress),
            _ => throw new InvalidDataException($"Content-Encoding is '{encoding}'; allowed is gzip, deflate or none."),
        };
        var body = new MemoryStream();
        var part = new byte[16 * 1024];
        int read;
        while ((read = await source.ReadAsync(part, cancellationToken).ConfigureAwait(false)) > 0)
        {
            if (body.Length + read > Longest)
            {
                throw new InvalidDataException($"The body has more than {Longest} bytes.");
            }

            body.Write(part, 0, read);
        }

        return body;
    }
}
