using Platform.Contracts.ContextSynthesis.V1;
using Platform.ResponseGeneration.Gates.Figures;
using Platform.ResponseGeneration.Gates.Statements;

namespace Platform.ResponseGeneration.Gates.Known;

/// <summary>
/// Figures that people said: in notes and documents on file, and in the question. They are true only as what was said, so the
/// sentence must tell that it quotes, or that it supposes what was asked.
/// </summary>
internal static class QuotedFigures
{
    private static readonly string[] Telling =
        [" note", " file", " said", " says", " told", " mention", " accord", " wrote", " remember", " document", " decision", " preference", " record", " agreed", " quote", " states", " earlier question"];

    private static readonly Cue Supposed = new(
        [" would", " if ", " could", " should", " extend", " rais", " ask", " mention", " you ", " request", " propos", " consider", " grant", " offer", " instead", " rather", " question", " extension", " increas", " lower"]);

    public static void Add(KnownFigures figures, SynthesizedContext context)
    {
        foreach (var memory in context.Memories.Select(m => m.Memory))
        {
            var source = context.Sources.FirstOrDefault(s => s.Covers.Contains("memory:" + memory.Id))?.Id;
            var cue = new Cue([.. Telling, .. source is null ? Array.Empty<string>() : [$" {source} "]]);
            foreach (var figure in Said(memory.Text))
            {
                figures.Add(figure, cue);
            }

            if (memory.CreatedAt is { } at)
            {
                figures.Add(DateOnly.FromDateTime(at.ToDateTime()), cue);
            }
        }

        foreach (var figure in Said(context.Query).Concat(Said(context.Understanding?.StandaloneQuery ?? string.Empty)))
        {
            figures.Add(figure, figure.Kind is FigureKind.Year or FigureKind.Month or FigureKind.Date ? Cue.Anywhere : Supposed);
        }

        figures.Add(FigureKind.Number, context.Memories.Count, new Cue(Telling), things: "note");
        foreach (var note in context.Notes)
        {
            figures.AddText(note.Text, OwnerOf(note.Text, context));
        }

        foreach (var source in context.Sources)
        {
            figures.AddText(source.Title, OwnerOf(source.Title, context), new Cue([" source", " as of", " " + source.Id + " "]));
        }
    }

    private static IEnumerable<Figure> Said(string text) =>
        FigureReader.Read(text, System.Globalization.CultureInfo.GetCultureInfo("en-US")).Select(f => f.Figure);

    private static string? OwnerOf(string text, SynthesizedContext context)
    {
        var words = Wording.Of(text);
        var named = context.Entities.Where(e => e.Name.Length > 0 && words.Contains(Wording.Of(e.Name), StringComparison.Ordinal)).ToList();
        return named.Count == 1 ? named[0].Id : null;
    }
}
