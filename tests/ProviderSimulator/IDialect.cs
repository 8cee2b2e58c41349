using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Platform.ProviderSimulator.Answers;

namespace Platform.ProviderSimulator;

/// <summary>The shapes in which a kind of provider speaks.</summary>
internal interface IDialect
{
    /// <summary>The key that the request presents.</summary>
    string? Key(HttpRequest request);

    /// <exception cref="FormatException">The body is not a request of this kind; the message says why.</exception>
    ChatRequest Read(JsonElement body, string? modelOfPath);

    byte[] Whole(Reply reply);

    IEnumerable<Frame> Frames(Reply reply);

    byte[] Error(int status, string message);

    Frame ErrorFrame(string message);
}

/// <summary>An answer with what surrounds it.</summary>
/// <param name="Id">Unique among the answers of this simulator.</param>
/// <param name="Created">Seconds since 1970.</param>
/// <param name="WithUsage">Token counts are told.</param>
internal sealed record Reply(ChatRequest Request, Answer Answer, string Id, long Created, bool WithUsage)
{
    /// <summary>The model without what a test hung on its name.</summary>
    internal string Model => Request.Model.Split('+')[0];
}
