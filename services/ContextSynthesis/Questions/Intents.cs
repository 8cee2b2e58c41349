using System.Text.RegularExpressions;
using Platform.Contracts.Common.V1;
using Platform.Contracts.ContextSynthesis.V1;

namespace Platform.ContextSynthesis.Questions;

/// <summary>An intent with the confidence of the rule that found it.</summary>
internal readonly record struct IntentGuess(Intent Intent, double Confidence);

/// <summary>
/// Intent by rules, first match wins. The confidences order the rules by how seldom their words mean something else; they
/// are not measured probabilities.
/// </summary>
internal static partial class Intents
{
    public static IntentGuess Of(QuestionDraft draft, bool hasFramework)
    {
        var text = draft.Text;
        var named = draft.Slots.Count;

        if (Greeting().IsMatch(text))
        {
            return new IntentGuess(Intent.Greeting, 0.98);
        }

        if (Help().IsMatch(text))
        {
            return new IntentGuess(Intent.Help, 0.95);
        }

        if (Remember().IsMatch(text))
        {
            return new IntentGuess(Intent.Remember, 0.95);
        }

        if (named == 0 && OutOfScope().IsMatch(text))
        {
            return new IntentGuess(Intent.OutOfScope, 0.9);
        }

        if (Decision().IsMatch(text) || (hasFramework && Imperative().IsMatch(text)))
        {
            return new IntentGuess(Intent.Decision, hasFramework ? 0.95 : 0.75);
        }

        if (Scope.AsksForForecast(text) || Scope.AsksForOtherData(text))
        {
            return new IntentGuess(Intent.OutOfScope, 0.85);
        }

        // "Revenue this year versus last year" compares two times of the same figure, not two customers.
        if (named <= 1 && Figure().IsMatch(text) && DataQuestionParts.ComparesTimes(text))
        {
            return new IntentGuess(Intent.DataQuestion, 0.9);
        }

        if (Comparison().IsMatch(text) || (named >= 2 && Comparative().IsMatch(text)))
        {
            return new IntentGuess(Intent.Comparison, named >= 2 ? 0.95 : 0.6);
        }

        if (Status().IsMatch(text) && named > 0)
        {
            return new IntentGuess(Intent.Status, 0.95);
        }

        if (named == 0 && ChangeQuestions.IsAboutAll(text))
        {
            return new IntentGuess(Intent.Pattern, 0.9);
        }

        // "How much did Delta owe us last year?" asks for a balance, not for rows.
        if (named > 0 && Owed().IsMatch(text))
        {
            return new IntentGuess(Intent.Status, 0.9);
        }

        if (Pattern().IsMatch(text) && !Listing().IsMatch(text))
        {
            return new IntentGuess(Intent.Pattern, 0.9);
        }

        if (Listing().IsMatch(text) || (named > 0 && (RowsOfOne().IsMatch(text) || HappenedInATime(draft))))
        {
            return new IntentGuess(Intent.DataQuestion, 0.9);
        }

        // Without a name, "disputed invoices" and "open balance in EUR" ask for rows or a sum, not about one customer.
        if (named == 0 && RowsOrSums().IsMatch(text))
        {
            return new IntentGuess(Intent.DataQuestion, 0.8);
        }

        if (Account().IsMatch(text))
        {
            // "Exposure to Germany", "overdue by sales rep": the figures of all customers would not answer what is asked of a part.
            return named > 0 ? new IntentGuess(Intent.Status, 0.9)
                : IsOfAll(text) ? new IntentGuess(Intent.Status, 0.7)
                : new IntentGuess(Intent.DataQuestion, 0.6);
        }

        if (named > 0)
        {
            return draft.Entities.Any() || draft.WordCount <= 6 ? new IntentGuess(Intent.Status, 0.6) : new IntentGuess(Intent.OutOfScope, 0.5);
        }

        return Topics.Of(text).Count > 0 || Trade().IsMatch(text)
            ? new IntentGuess(Intent.DataQuestion, 0.5)
            : new IntentGuess(Intent.OutOfScope, 0.55);
    }

    /// <summary>Reads what a conversation stores: "status", "INTENT_STATUS", "DataQuestion".</summary>
    public static Intent Named(string stored)
    {
        var bare = stored.Replace("INTENT_", string.Empty, StringComparison.OrdinalIgnoreCase).Replace("_", string.Empty, StringComparison.Ordinal);
        return Enum.TryParse<Intent>(bare, ignoreCase: true, out var intent) ? intent : Intent.Unspecified;
    }

    // Nothing is left of it but words of accounts, of time and of talking.
    private static bool IsOfAll(string text) =>
        !Word().IsMatch(Talk().Replace(Account().Replace(Portfolio().Replace(AsOfPhrase.Without(text), " "), " "), " "));

    // "Did Delta order anything last week?", "how has Delta paid this year?": the rows of that time, not how things stood at its end.
    private static bool HappenedInATime(QuestionDraft draft) =>
        Happened().IsMatch(draft.Text) && DataQuestionParts.Find(draft.Text, PartKind.Time) is not null && draft.Entities.All(entity => entity.Type == EntityType.Customer);

    /// <summary>Words that say a question is about all customers.</summary>
    [GeneratedRegex(@"\b(?:overall|portfolio|(?:all|any|every|each)(?: of)?(?: our| the| my)? customers?|our (?:customers|receivables|book|cash|invoices|debtors|business|company)|receivables|across|in total|total|altogether|company-?wide|everyone|everybody|anyone|who|how are we|owed to us|owed|dso|age?ing|the business)\b", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    public static partial Regex Portfolio();

    [GeneratedRegex(@"^(?:(?:hi|hello|hey|hiya|howdy|greetings|good (?:morning|afternoon|evening|day))(?: there| again| everyone| all| platform)?|(?:many )?thanks(?: a lot| so much)?|thank you(?: very much| so much)?|cheers|great|perfect|bye|goodbye|see you)\s*[,!.?]*(?:\s*(?:how are you(?: doing)?(?: today)?|how's it going|what's up))?\s*[!.?]*$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Greeting();

    [GeneratedRegex(@"^(?:please )?help(?: me)?(?:,? please)?\s*[?!.]*$|\bwhat (?:can|could|do) you (?:do|answer|know|help)|\bwhat (?:can|could|should|may) i ask|\bhow (?:do|does|can) (?:you|this|it|i) (?:work|use)|\bwho are you\b|\bwhat are you\b|\bexample questions?\b|\bwhat (?:kinds?|sorts?|types?) of questions", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Help();

    [GeneratedRegex(@"^(?:please |could you |can you |kindly )?(?:remember(?! (?:when|anything|what|who|if))|note(?: down)? that|make a note|take a note|keep in mind|don't forget|do not forget|store (?:this|that)|save (?:this|that)|for the record|fyi|note ?:)(?!\w)", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Remember();

    [GeneratedRegex(@"\b(?:weather|forecast for (?:today|tomorrow)|joke|poem|song|lyrics|recipe|cook|translate|football|soccer|movie|film|news|stock price|share price|bitcoin|crypto|horoscope|capital of|president of|prime minister|population of|write (?:me )?(?:a|an|some) (?:code|program|script|story|essay|email|letter)|tell me a story|meaning of life|what time is it|what day is it|ignore (?:all |your |the |previous |prior )+(?:instructions|rules)|system prompt)\b", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex OutOfScope();

    [GeneratedRegex(@"\b(?:should (?:we|i|they)|shall (?:we|i)|ought (?:we|i) to|would (?:you|it be) (?:recommend|advise|wise|sensible|safe|a good idea|ok|okay|reasonable|prudent)|would you|is it (?:safe|wise|ok|okay|sensible|worth|reasonable|prudent|a good idea|time)|do you (?:recommend|advise|suggest)|can we (?:afford|safely|accept|extend|offer|grant|raise|increase|give|allow)|could we (?:extend|offer|grant|raise|increase|give|allow|accept)|(?:what )?do we (?:accept|extend|grant|chase)|better to|worth (?:it to|extending|offering|chasing|accepting|raising)|what (?:should|would) (?:we|i|you) do|recommendation (?:on|for|about))\b", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Decision();

    [GeneratedRegex(@"^(?:please )?(?:extend|extending|raise|raising|increase|increasing|lower|cut|reduce|chase|accept|offer|grant|give|allow)\b", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Imperative();

    /// <summary>A sum or a number is asked for.</summary>
    [GeneratedRegex(@"\b(?:how many|how much|revenue|sales|turnover|(?:total|average|mean|number|sum|amounts?|value|volume|count)|invoiced|(?<!which .*)(?:invoices|orders|payments))\b", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Figure();

    [GeneratedRegex(@"\b(?:compare|compared|comparing|comparison|versus|vs\.?|differences? between|how do(?:es)? .+ (?:differ|stack up)|side by side)(?=\W|$)", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Comparison();

    [GeneratedRegex(@"\b(?:who|which|better|worse|faster|slower|more|less|bigger|larger|riskier|safer|later|earlier|than|or)\b", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Comparative();

    [GeneratedRegex(@"\b(?:status|overview|summary|summari[sz]e|situation|how (?:is|are|'s)\b.*\bdoing|how do(?:es)? .* stand|where do we stand|tell me about|what do (?:we|you) know about|what do you remember|brief me|give me a (?:picture|view)|health of|report on)\b", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Status();

    [GeneratedRegex(@"\b(?:patterns?|trends?|trending|chang(?:e|es|ed|ing)|unusual|anomal(?:y|ies|ous)|odd|strange|suspicious|behaviou?rs?|insights?|drift(?:s|ed|ing)?|shift(?:s|ed|ing)?|getting (?:worse|better|slower|later|faster)|worsen(?:ed|ing)?|improv(?:e|ed|ing)|deteriorat\w+|declin\w+|ris(?:e|es|ing)|grow(?:s|ing|th)?|increas(?:e|ed|ing)|decreas(?:e|ed|ing)|habits?|recurring|seasonal\w*|more often|less often|lately|warning signs?)\b", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Pattern();

    [GeneratedRegex(@"\b(?:how many|list|show (?:me )?(?:all|the|every|my|our)|top \d+|(?:top|bottom) (?:three|five|ten|twenty)|which (?:customers?|invoices?|orders?|payments?|countr(?:y|ies)|cit(?:y|ies)|industr(?:y|ies)|segments?|months?)|what (?:invoices|orders|payments|customers)|who (?:hasn't|haven't|owes|owe|has|have|are|is|pays|ordered|bought)|sum of|average|median|mean|percent(?:age)?|(?:share|proportion|fraction) of|count|number of|(?:per|by) (?:month|customer|country|quarter|year|week|industry|segment|city|priority|status|currency|region|method)|(?:largest|biggest|oldest|highest|lowest|smallest|newest|latest) (?:\w+ )?(?:customers?|invoices?|orders?|payments?)|(?:customers?|invoices?|orders?|payments?) (?:with|over|above|below|under|from|in|that|who|older|larger|due)|how much (?:did|have|was|were|revenue|sales|money)|what (?:was|were) (?:our|the) (?:revenue|sales|total|turnover)|revenue|turnover)\b", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Listing();

    [GeneratedRegex(@"^(?:and |so )?(?:did|has|have|had|was|were|how (?:did|has|have|does|do))\b(?!.*\b(?:as of|as at|later|earlier|faster|slower|more|less|better|worse|than|usually|normally)\b).*\b(?:order(?:s|ed)?|pay|paid|paying|payments?|buy|bought|invoiced?|billed?|received?)\b", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Happened();

    /// <summary>Rows of the customer that is named, or what happened in a time: its figures as of a day would pass over that.</summary>
    [GeneratedRegex(@"^(?:(?:please )?(?:list|show(?: me)?|give me|what (?:is|are|was|were))? ?(?:all |the |its )*)?(?:payments|orders|invoices) (?:of|for|by|from)\b|\b(?:payment|order|invoice) history\b|\b(?:first|earliest) (?:order|payment|invoice)\b|\bwhat (?:did|has|have) .*\b(?:order(?:ed)?|buy|bought)\b|\bhow late (?:did|has)\b(?!.*\bas (?:of|at)\b)|\bnext (?:\d+ )?(?:open )?(?:invoices?|orders?)\b.*\b(?:due|requested)\b|\b(?:invoices?|orders?) .*\bdue next\b|^(?:does|do|has|have|are|is there)\b.*\b(?:open|undelivered|unshipped|rush|urgent|cancelled|shipped|late) orders\b", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex RowsOfOne();

    [GeneratedRegex(@"\b(?:disputed (?:invoices?|amounts?|bills?)|invoices? in dispute|(?:falls?|falling|comes?|coming|becom(?:es?|ing)|is|are) due)\b|\b(?:in|of|over|under|above|below) [$€£¥]|\b(?:EUR|USD|GBP|JPY|CHF|SEK|DKK|NOK|PLN|CZK|HUF|CAD|AUD|NZD|CNY|INR|BRL|MXN|ZAR|SGD|HKD|euros?|dollars?|pounds|yen|swiss francs?|kron(?:a|or|er)|zlotys?)\b", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex RowsOrSums();

    [GeneratedRegex(@"\b(?:owe|owes|owed)\b", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Owed();

    [GeneratedRegex(@"\b(?:status|overview|summary|how are we doing|owe|owes|owed|balance|overdue|past due|outstanding|unpaid|open (?:invoices|orders)|credit|exposure|payment terms|pay|pays|paying|payer|on time|late|dso|age?ing|last (?:order|payment|contact)|receivables|disputed?|risk)\b", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Account();

    [GeneratedRegex(@"\b(?:what(?:'s)?|how|who|which|where|when|why|is|are|was|were|be|been|being|do|does|did|has|have|had|the|an?|of|in|on|to|for|from|by|at|with|and|or|but|as|we|us|our|i|me|my|you|your|it|its|they|them|their|that|this|these|those|there|much|many|long|well|good|bad|high|low|big|large|money|amounts?|figures?|situation|position|state|stand|level|look(?:ing)?|like|now|doing|going|currently?|today|right|moment|so|far|please|show|give|tell|get|see|know|can|could|would|will|still|yet|any|all|total|sum|invoices?|orders?|payments?|customers?|clients?|accounts?|compan(?:y|ies)|business|terms|limits?|days?|usual(?:ly)?|normal(?:ly)?|typical(?:ly)?|general(?:ly)?|average|about|up|just|really|actually|okay|not|no|more|most|too|very)\b", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Talk();

    [GeneratedRegex(@"\p{L}{2,}", RegexOptions.CultureInvariant)]
    private static partial Regex Word();

    [GeneratedRegex(@"\b(?:customers?|clients?|accounts?|invoices?|orders?|payments?|products?|shipments?|deliver(?:y|ies|ed)|cancel\w*|countr(?:y|ies)|industr(?:y|ies)|segments?|cash|money|amounts?|debtors?)\b", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Trade();
}
