using System.Globalization;

namespace Platform.ModelGateway.Usage;

/// <summary>The bill as RFC 4180 CSV that spreadsheets do not run.</summary>
internal static class AllocationCsv
{
    internal const string Header =
        "organization_id,operation,model,requests,input_tokens,output_tokens,cached_input_tokens,reasoning_tokens,cost,charged,currency,"
        + "billed,prompt_name,prompt_version,price_version,unpriced_requests\r\n";

    internal static string Line(string organization, AllocationCharge line)
    {
        var sum = line.Sum;
        var known = sum.Currency is not null;
        return string.Join(
            ',', Text(organization), Text(sum.Operation), Text(sum.Model), Number(sum.Requests), Number(sum.Tokens.Input), Number(sum.Tokens.Output),
            Number(sum.Tokens.CachedInput), Number(sum.Tokens.Reasoning), known ? AllocationReport.Plain(sum.Cost) : "", known ? AllocationReport.Plain(line.Charged) : "",
            sum.Currency ?? "", known ? AllocationReport.Plain(line.Billed) : "", Text(sum.PromptName), sum.PromptVersion > 0 ? Number(sum.PromptVersion) : "",
            Text(sum.PriceVersion), Number(sum.Unpriced)) + "\r\n";
    }

    // A text that begins like a formula would run as one: a leading apostrophe makes it text again. Blanks before it do not help.
    internal static string Text(string text)
    {
        var begin = text.AsSpan().TrimStart();
        var safe = (begin.Length > 0 && "=+-@".Contains(begin[0], StringComparison.Ordinal)) || (text.Length > 0 && (text[0] is '\t' or '\r' or '\n')) ? "'" + text : text;
        return safe.AsSpan().IndexOfAny(",\"\r\n") < 0 ? safe : $"\"{safe.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
    }

    private static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);
}
