using Platform.ModelGateway.Safety;
using Platform.ModelGateway.Safety.Patterns;
using Platform.ModelGateway.Safety.Words;

namespace Platform.ModelGateway.Tests.Safety;

/// <summary>The detector as the service registers it.</summary>
internal static class Finder
{
    internal static PiiDetector All { get; } = new([new NumberRecognizer(), new NetworkRecognizer(), new SecretRecognizer(), new WordRecognizer()], TimeProvider.System);

    internal static IEnumerable<(string Type, string Text)> Find(string text) =>
        All.Find(text, TimeSpan.FromSeconds(10)).Select(span => (span.Type.Name(), text.Substring(span.Start, span.Length)));

    internal static IEnumerable<(string Type, string Text)> Structured(string text) => Find(text).Where(found => PiiTypes.Find(found.Type)!.Value.IsStructured());
}
