using System.Text;

namespace Platform.ModelGateway.Prompts;

/// <summary>
/// Text with <c>{{name}}</c> places. Nothing else has a meaning, and what is put in is not looked at again, so that a value
/// can neither run nor name another variable.
/// </summary>
internal static class PromptTemplate
{
    private const string Open = "{{";
    private const string Close = "}}";

    /// <summary>The names in the order of their first use.</summary>
    internal static IReadOnlyList<string> Variables(string template)
    {
        var names = new List<string>();
        Walk(template, _ => { }, name =>
        {
            if (!names.Contains(name))
            {
                names.Add(name);
            }
        });
        return names;
    }

    /// <summary>Puts the values in their places.</summary>
    /// <exception cref="KeyNotFoundException">A variable has no value.</exception>
    internal static string Render(string template, IReadOnlyDictionary<string, string> values)
    {
        var result = new StringBuilder(template.Length);
        Walk(template, text => result.Append(text), name => result.Append(
            values.TryGetValue(name, out var value) ? value : throw new KeyNotFoundException($"The variable \"{name}\" has no value.")));
        return result.ToString();
    }

    private delegate void TextPart(ReadOnlySpan<char> text);

    private static void Walk(string template, TextPart text, Action<string> variable)
    {
        var rest = template.AsSpan();
        while (rest.IndexOf(Open, StringComparison.Ordinal) is >= 0 and var start)
        {
            var inner = rest[(start + Open.Length)..];
            var end = inner.IndexOf(Close, StringComparison.Ordinal);
            var name = end < 0 ? default : inner[..end].Trim();
            if (end < 0 || !IsName(name))
            {
                // Braces that name nothing are text, as in JSON examples.
                text(rest[..(start + 1)]);
                rest = rest[(start + 1)..];
                continue;
            }

            text(rest[..start]);
            variable(name.ToString());
            rest = inner[(end + Close.Length)..];
        }

        text(rest);
    }

    private static bool IsName(ReadOnlySpan<char> name)
    {
        foreach (var character in name)
        {
            if (!char.IsAsciiLetterOrDigit(character) && character != '_')
            {
                return false;
            }
        }

        return name.Length is > 0 and <= 64;
    }
}
