using Markdig;

namespace Platform.Gateway.Chat;

/// <summary>Markdown of answers as HTML for the chat page.</summary>
internal static class AnswerHtml
{
    // Raw HTML in an answer is shown as text: answers carry names and notes that other people wrote.
    private static readonly MarkdownPipeline Pipeline = new MarkdownPipelineBuilder().DisableHtml().UsePipeTables().Build();

    public static string Of(string markdown) => Markdown.ToHtml(markdown, Pipeline);
}
