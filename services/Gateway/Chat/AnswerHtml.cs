using Markdig;

namespace Platform.Gateway.Chat;

/// <summary>Markdown of answers as HTML for the chat page.</summary>
internal static class AnswerHtml
{
    // Raw HTML in an answer is shown as text: answers carry names and notes that other people wrote.
    private static readonly MarkdownPipeline Pipeline = new MarkdownPipelineBuilder().DisableHtml().UsePipeTables().Build();

    // The page's policy allows no style attributes. In text a quotation mark is written as &quot;, so only Markdig's own are met.
    public static string Of(string markdown) => Markdown.ToHtml(markdown, Pipeline)
        .Replace("style=\"text-align: right;\"", "class=\"right\"", StringComparison.Ordinal)
        .Replace("style=\"text-align: center;\"", "class=\"center\"", StringComparison.Ordinal)
        .Replace(" style=\"text-align: left;\"", "", StringComparison.Ordinal);
}
