using System.Globalization;
using System.Text.RegularExpressions;
using Platform.ContextSynthesis.Decisions;
using Platform.Contracts.Common.V1;
using Platform.Contracts.ContextSynthesis.V1;
using Platform.Contracts.EntityResolution.V1;
using Platform.Contracts.Memory.V1;

namespace Platform.ContextSynthesis.Questions;

/// <summary>Reads a question by rules, or with the intent that a model chose: what is asked, about whom, as of when, and what must be retrieved to answer it.</summary>
internal sealed partial class QuestionReader(FrameworkCatalog frameworks, TimeProvider clock)
{
    /// <summary>Words above which a question counts as complex whatever it asks.</summary>
    private const int ManyWords = 40;

    /// <summary>Confidence of an intent that a model chose: above that of the rules it was asked because of, below that of rules that are sure.</summary>
    private const double ModelConfidence = 0.75;

    /// <summary>What "who should I call first?" asks of the ledger.</summary>
    private const string MostOverdue = "Which customers have the highest overdue amount?";

    /// <param name="query">The question.</param>
    /// <param name="conversation">What was said before; null when nothing was.</param>
    /// <param name="mentions">Names in the question.</param>
    /// <param name="chosen">What a model says the question wants; null: as the rules have it.</param>
    public Understanding Read(string query, Conversation? conversation, IReadOnlyList<Mention> mentions, Intent? chosen = null)
    {
        var draft = QuestionDraft.From(query, mentions);
        var completed = FollowUps.Complete(draft, QuestionDraft.From(query, [.. mentions.Where(m => !IsReference(m))]), conversation);
        var question = completed.Draft;
        var framework = frameworks.Match(question.Text);
        var guess = completed.Unresolved ? new IntentGuess(Intent.FollowUp, 0.8)
            : completed.IsAboutData ? new IntentGuess(Intent.DataQuestion, 0.9)
            : chosen is { } intent ? new IntentGuess(intent, ModelConfidence)
            : Intents.Of(question, framework is not null);

        // Whether to chase one customer is a decision; whom to chase among all is to be read from their overdue amounts.
        if (!completed.Unresolved && question.Slots.Count == 0 && WhomToChase().IsMatch(question.Text))
        {
            question = question with { Text = MostOverdue };
            guess = new IntentGuess(Intent.DataQuestion, 0.85);
        }

        // "Should we extend payment terms?" right after talking about a customer is about that customer.
        if (guess.Intent == Intent.Decision && question.Slots.Count == 0 && conversation is { Entities.Count: > 0 })
        {
            var newest = conversation.Entities[0];
            question = question.Naming(new NamedSlot(newest.Name, newest, null));
            completed = completed with { IsFollowUp = true };
        }

        var entities = question.Entities.ToList();
        var portfolio = entities.Count == 0 && question.Slots.Count == 0 && IsPortfolio(guess.Intent, question.Text);
        var topics = Topics.Of(question.Text);
        var understanding = new Understanding
        {
            Intent = guess.Intent,
            IntentConfidence = guess.Confidence,
            Method = chosen is null || completed.Unresolved ? "rules" : "model",
            StandaloneQuery = question.Render(),
            Framework = guess.Intent == Intent.Decision ? framework?.Name ?? string.Empty : string.Empty,
            IsFollowUp = completed.IsFollowUp,
            Portfolio = portfolio,
            Complexity = ComplexityOf(guess.Intent, question, entities.Count, topics.Count),
            NeedsFacts = (IsAboutCustomers(guess.Intent) && (portfolio || entities.Count > 0))
                || (guess.Intent == Intent.DataQuestion && entities.Count > 0),
            NeedsPatterns = IsAboutCustomers(guess.Intent) && (portfolio || entities.Count > 0),
            NeedsMemories = guess.Intent is Intent.Status or Intent.Pattern or Intent.Decision && entities.Count > 0,
            NeedsDataQuestion = guess.Intent == Intent.DataQuestion,
            NeedsEntity = guess.Intent switch
            {
                Intent.Status or Intent.Pattern => entities.Count == 0 && !portfolio,
                Intent.Decision or Intent.FollowUp => entities.Count == 0,
                Intent.Comparison => entities.Count < 2,
                _ => false,
            },
        };
        understanding.Topics.AddRange(topics);
        if (guess.Intent == Intent.OutOfScope && Scope.AsksForForecast(question.Text))
        {
            understanding.Topics.Add(Scope.ForecastTopic);
        }

        if (guess.Intent == Intent.Pattern && portfolio)
        {
            ChangeQuestions.Describe(question.Text, DateOnly.FromDateTime(clock.GetUtcNow().UtcDateTime), understanding);
        }

        understanding.Entities.AddRange(entities.Select(e => e.Clone()));

        // In a data question a time phrase is a filter of its rows, not the day of its figures.
        // In a question about changes of all customers it says when they changed.
        if (understanding.NeedsFacts && guess.Intent != Intent.DataQuestion && !(guess.Intent == Intent.Pattern && portfolio)
            && AsOfPhrase.Day(question.Text, DateOnly.FromDateTime(clock.GetUtcNow().UtcDateTime)) is { } day)
        {
            understanding.AsOf = new Date { Iso = day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) };
        }

        return understanding;
    }

    // "They", "that customer", or nothing at all: what the conversation says is meant, not the question.
    private static bool IsReference(Mention mention) =>
        mention.Length == 0 || (mention.Match?.MatchType == Contracts.EntityResolution.V1.MatchType.Conversation && Reference().IsMatch(mention.Text));

    private static bool IsAboutCustomers(Intent intent) => intent is Intent.Status or Intent.Pattern or Intent.Comparison or Intent.Decision;

    private static bool IsPortfolio(Intent intent, string text) => intent switch
    {
        Intent.Pattern => !Singular().IsMatch(text),
        Intent.Status => Intents.Portfolio().IsMatch(text) || Plural().IsMatch(text.TrimEnd('?', '!', '.', ' ')),
        _ => false,
    };

    private static Complexity ComplexityOf(Intent intent, QuestionDraft question, int entities, int topics)
    {
        if (intent is Intent.Greeting or Intent.Help or Intent.OutOfScope or Intent.Remember or Intent.FollowUp)
        {
            return Complexity.Simple;
        }

        var parts = 1 + Clauses().Count(question.Text);
        if (intent == Intent.Decision || entities > 2 || parts > 2 || question.WordCount > ManyWords)
        {
            return Complexity.Complex;
        }

        return intent is Intent.Pattern or Intent.Comparison || entities > 1 || parts > 1 || topics > 2 ? Complexity.Medium : Complexity.Simple;
    }

    [GeneratedRegex(
        @"^(?:please )?(?:who|whom|which (?:customers?|clients?|accounts?|debtors?))\b(?!.*\b(?:not|never|since)\b|.*n't).*\b(?:should|shall|must|ought|do (?:i|we) (?:need|have) to)\b.*\b(?:call|phone|ring|chase|contact|remind|dun|pursue|follow up)(?:e?d)?\b",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex WhomToChase();

    [GeneratedRegex(@"^(?:they\W?\w*|them|theirs?|it|its|both|the (?:other|customer|client)\b.*|(?:that|this|same) \w+)$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Reference();

    [GeneratedRegex(@"\?\s+\S|;\s|,? and (?:what|how|why|who|which|should|is|are|do|does)\b", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Clauses();

    [GeneratedRegex(@"\b(?:the|this|that) (?:customer|company|client|account)\b", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Singular();

    [GeneratedRegex(@"\b(?:overdue|outstanding|unpaid|open invoices|open orders|past due|how are (?:we|things|payments|sales|orders)|customers|do we stand|(?:an|the) (?:overview|summary)$|^(?:overview|summary)$)(?!\w)", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Plural();
}
