using System.Collections.Frozen;

namespace Platform.ModelGateway.Prompts;

/// <summary>The prompts that ship with the service: version 0, used where an organization has none of its own, or its own cannot be read.</summary>
internal static class BuiltInPrompts
{
    internal static FrozenDictionary<string, Prompt> All { get; } = new[]
    {
        Create(
            "response_generation",
            """
            You answer questions about a company's customers, orders, invoices and payments. Use only the context. Every number in your
            answer must stand in the context exactly as you write it. If something is missing, say so in one sentence. Answer in
            Markdown, at most 200 words, and name the sources as [s1], [s2] where you use them.
            """,
            """
            Question: {{query}}

            Context:
            {{context}}

            What is uncertain:
            {{notes}}
            """),
        Create(
            "response_generation_strict",
            """
            You answer questions about a company's customers, orders, invoices and payments. Your last answer was not good enough.
            Copy figures from the context character by character; leave out every figure that is not there. Answer the question in the
            first sentence, then give the evidence as a list, each item with its source as [s1]. No greeting, no closing words.
            """,
            """
            Question: {{query}}

            Context:
            {{context}}

            What was wrong with the last answer: {{problems}}
            """),
        Create(
            "intent",
            "You sort questions. Answer with one word of the list and nothing else.",
            """
            One of: greeting, help, status, pattern, decision, data.

            Question: {{query}}
            """),
        Create(
            "sql_generation",
            """
            You write one SELECT statement for PostgreSQL. Use only the tables and columns that are listed. No comments, no semicolon,
            no explanation: only the statement.
            """,
            """
            Tables:
            {{schema}}

            Terms:
            {{terms}}

            Question: {{question}}
            """),
        Create(
            "result_explanation",
            "You explain query results to business readers in at most three sentences. Every number must stand in the result.",
            """
            Question: {{question}}

            Result:
            {{result}}
            """),
    }.ToFrozenDictionary(prompt => prompt.Name, StringComparer.Ordinal);

    private static Prompt Create(string name, string system, string content) => new()
    {
        Name = name,
        Version = 0,
        Content = content,
        SystemMessage = system,
        IsActive = true,
        CreatedBy = "platform",
        BuiltIn = true,
    };
}
