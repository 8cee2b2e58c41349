namespace Platform.EntityResolution.Tests.Questions;

/// <summary>A company of the registry that questions are asked about.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Name">Its name.</param>
/// <param name="IsCommonWord">Its name is an ordinary word, perhaps with a legal form.</param>
internal sealed record Company(string Id, string Name, bool IsCommonWord = false);

/// <summary>A mention that a question was made with.</summary>
/// <param name="Start">Offset in UTF-16 code units.</param>
/// <param name="Length">Length in UTF-16 code units, without a possessive ending.</param>
/// <param name="Id">The company, order or invoice that is meant.</param>
internal sealed record ExpectedMention(int Start, int Length, string Id);

/// <summary>A question with the mentions that it was made with.</summary>
internal sealed record GeneratedQuestion(string Kind, string Text, IReadOnlyList<ExpectedMention> Mentions);
