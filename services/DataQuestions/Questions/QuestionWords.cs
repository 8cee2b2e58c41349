using System.Globalization;
using System.Text.RegularExpressions;
using Platform.DataQuestions.Datasets;

namespace Platform.DataQuestions.Questions;

/// <summary>
/// The words of a question by what they are: words of the language of questions, and subjects, groupings and phrases of the dataset, longest phrase first.
/// </summary>
internal sealed partial class QuestionWords
{
    private static readonly HashSet<string> Ignored = new(StringComparer.Ordinal)
    {
        "a", "an", "the", "are", "is", "was", "were", "be", "been", "there", "do", "does", "did", "we", "us", "our", "have", "has", "had", "i", "me", "my", "you", "please", "what", "what's", "whats",
        "currently", "now", "today", "right", "at", "of", "in", "for", "from", "with", "that", "which", "and", "all", "any", "so", "far", "can", "give", "tell", "get", "find", "their", "to", "made",
        "place", "placed", "issue", "issued", "come", "get", "got", "money", "cash", "they", "it", "its", "this", "these", "those", "ones", "ever", "comes", "anything", "something", "yet", "already", "but", "generate", "generates", "generated", "bring", "brings", "make", "makes",
    };

    // Words of the language of questions, as opposed to those of the data.
    private static readonly (string Words, string Mark)[] Grammar =
    [
        ("how many", "count"), ("number of", "count"), ("count", "count"), ("count of", "count"),
        ("how much", "much"), ("total", "sum"), ("sum", "sum"), ("sum of", "sum"), ("in total", "sum"), ("altogether", "sum"), ("overall", "sum"),
        ("average", "average"), ("mean", "average"), ("median", "average"), ("how many days", "average"), ("how long", "average"), ("avg", "average"), ("on average", "average"),
        ("list", "list"), ("show", "list"), ("display", "list"), ("show me", "list"),
        ("top", "top"), ("largest", "top"), ("biggest", "top"), ("highest", "top"), ("most", "top"), ("best", "top"),
        ("next", "next"), ("oldest", "oldest"), ("earliest", "oldest"), ("first", "oldest"), ("newest", "newest"), ("latest", "newest"), ("most recent", "newest"), ("last", "newest"),
        ("percentage of", "share"), ("percentage", "share"), ("percent of", "share"), ("percent", "share"), ("share of", "share"), ("share", "share"), ("rate", "share"), ("ratio of", "share"), ("ratio", "share"), ("proportion of", "share"), ("fraction of", "share"),
        ("smallest", "bottom"), ("lowest", "bottom"), ("fewest", "bottom"), ("least", "bottom"), ("bottom", "bottom"),
        ("by", "by"), ("per", "by"), ("for each", "by"), ("by each", "by"), ("grouped by", "by"), ("broken down by", "by"), ("each", "by"),
        ("month", "grain:month"), ("monthly", "grain:month"), ("months", "grain:month"), ("over time", "grain:month"), ("quarter", "grain:quarter"), ("quarters", "grain:quarter"), ("quarterly", "grain:quarter"),
        ("year", "grain:year"), ("years", "grain:year"), ("yearly", "grain:year"), ("annually", "grain:year"), ("annual", "grain:year"), ("week", "grain:week"), ("weeks", "grain:week"), ("weekly", "grain:week"),
    ];

    // Of these, one figure for each is meant even where "by" might ask for a list of them.
    private static readonly string[] EachWords = ["per", "for each", "by each", "each"];

    // Said of rows, these tell how large one of them is; "most" and "top" rank whoever has them.
    private static readonly string[] SizeWords = ["largest", "biggest", "highest", "smallest", "lowest"];

    private static readonly HashSet<string> TopWords = new([.. SizeWords, "best", "oldest", "earliest", "newest", "latest"], StringComparer.Ordinal);

    // "Close to their credit limit".
    private const int LongestPhrase = 5;

    // What "largest" and the like are said of, and whether such a word waits for it.
    private readonly List<SubjectDefinition> _ofSize = [];
    private bool _awaitsRows;

    private int? _phrasesBeforeRows;

    private QuestionWords()
    {
    }

    /// <summary>"count", "much", "sum", "average", "list", "top", "bottom", "by", "grain:month" … in their order.</summary>
    public List<string> Marks { get; } = [];

    public List<SubjectDefinition> Subjects { get; } = [];

    public List<DimensionDefinition> Dimensions { get; } = [];

    /// <summary>Words of filters, measures and groupings, whose meaning depends on the subject.</summary>
    public List<string> Phrases { get; } = [];

    /// <summary>Words that nothing explains.</summary>
    public List<string> Unknown { get; } = [];

    /// <summary>How many are asked for, as in "top 5".</summary>
    public int? Number { get; private set; }

    public bool IsRanking => Has("top") || Has("bottom");

    /// <summary>The first or the last rows by day are asked for.</summary>
    public bool IsByAge => Has("oldest") || Has("newest");

    /// <summary>One row is asked for: "the oldest invoice".</summary>
    public bool IsOne { get; private set; }

    /// <summary>Rows are ranked by their own size, whoever asks for whose they are: "the largest order" is one order, "the largest customers by orders" are customers.</summary>
    public bool RanksRows => !Has("by") && (SaysMostOfRows ? Subjects : _ofSize).Exists(subject => !subject.IsCustomers);

    /// <summary>"Longest overdue": words of an amount that tell which rows have the most of it.</summary>
    public bool SaysMostOfRows { get; private set; }

    /// <summary>"The largest customers", which alone does not say by what.</summary>
    public bool RanksCustomers => !Has("by") && _ofSize.Exists(subject => subject.IsCustomers);

    /// <summary>One span of time is asked for: "which month".</summary>
    public bool IsOneGrain { get; private set; }

    /// <summary>What is asked for as an average is the median.</summary>
    public bool IsMedian { get; private set; }

    /// <summary>One figure of days over all is asked for: "how many days do customers take to pay".</summary>
    public bool AsksDays { get; private set; }

    /// <summary>What is said of the rows stands before them only: "of overdue invoices", but not "of invoices … is overdue".</summary>
    public bool IsSaidBeforeRows => _phrasesBeforeRows == Phrases.Count;

    /// <summary>"Per customer", "for each customer", but not "by customer".</summary>
    public bool SaysEach { get; private set; }

    /// <summary>Customers are named before all else: "what percentage of customers", but not "what percentage of revenue is from customers".</summary>
    public bool IsOfCustomers { get; private set; }

    /// <summary>One figure over all is asked for.</summary>
    public bool AsksSum => Has("sum") || Has("much");

    public bool Has(string mark) => Marks.Contains(mark);

    /// <summary>Spans of time to group by.</summary>
    public IReadOnlyList<string> Grains => [.. Marks.Where(mark => mark.StartsWith("grain:", StringComparison.Ordinal)).Select(mark => mark[6..]).Distinct(StringComparer.Ordinal)];

    /// <param name="text">Normalised, without the names of customers.</param>
    public static QuestionWords Read(DatasetDefinition dataset, string text, IReadOnlyList<(string Id, string Name)> customers)
    {
        var read = new QuestionWords();
        var words = text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        for (var i = 0; i < words.Length;)
        {
            var length = read.TakeLongest(dataset, words, i);
            if (length == 0)
            {
                read.TakeOther(words, i, customers);
                length = 1;
            }

            i += length;
        }

        return read;
    }

    /// <summary>In lower case, without punctuation, single spaces.</summary>
    public static string Normalise(string text) =>
        Spaces().Replace(Punctuation().Replace(text.ToLowerInvariant().Replace('’', '\''), " "), " ").Trim();

    private void TakeOther(string[] words, int index, IReadOnlyList<(string Id, string Name)> customers)
    {
        var isNumber = int.TryParse(words[index], NumberStyles.None, CultureInfo.InvariantCulture, out var number);
        if (isNumber && (Marks.LastOrDefault() is "top" or "bottom" or "oldest" or "newest" or "next" || (index + 1 < words.Length && TopWords.Contains(words[index + 1]))))
        {
            Number = number;
        }
        else if (!Ignored.Contains(words[index]) && !IsPartOfName(words[index], customers))
        {
            Unknown.Add(words[index]);
        }
    }

    // The resolver matches names with typos and left-out parts; such a word is explained by the customer it found.
    private static bool IsPartOfName(string word, IReadOnlyList<(string Id, string Name)> customers) =>
        customers.SelectMany(customer => Normalise(customer.Name).Split(' ')).Any(part =>
            part == word || (word.Length >= 4 && Math.Abs(part.Length - word.Length) <= 3 && part.Length >= 4 && part[..4] == word[..4]));

    private int TakeLongest(DatasetDefinition dataset, string[] words, int start)
    {
        for (var length = Math.Min(LongestPhrase, words.Length - start); length > 0; length--)
        {
            var phrase = string.Join(' ', words, start, length);
            var mark = Grammar.FirstOrDefault(entry => entry.Words == phrase).Mark;
            if (mark is not null)
            {
                Marks.Add(mark);
                _awaitsRows = SizeWords.Contains(phrase);
                IsMedian |= phrase == "median";
                AsksDays |= phrase is "how many days" or "how long";
                SaysEach |= EachWords.Contains(phrase);
                IsOneGrain |= mark == "grain:" + phrase;
                return length;
            }

            var subject = dataset.Subjects.Find(candidate => candidate.Words.Contains(phrase));
            var dimension = dataset.Dimensions.Find(candidate => candidate.Words.Contains(phrase));
            if (subject is not null && (dimension is null || Marks.LastOrDefault() != "by" || Subjects.Count == 0))
            {
                IsOfCustomers |= subject.IsCustomers && Subjects.Count == 0 && Phrases.TrueForAll(subject.Explains);
                _phrasesBeforeRows ??= Phrases.Count;
                Subjects.Add(subject);
                IsOne = !phrase.EndsWith('s');
                if (_awaitsRows)
                {
                    _ofSize.Add(subject);
                }

                _awaitsRows = false;
            }
            else if (dimension is not null)
            {
                Dimensions.Add(dimension);
                _awaitsRows = false;
            }
            else if (dataset.Subjects.Exists(candidate => candidate.ExplainsWhenNamed(phrase)))
            {
                Phrases.Add(phrase);
                var measures = dataset.Subjects.SelectMany(candidate => candidate.Measures).Where(measure => measure.IsCalled(phrase)).ToList();
                if (measures.Exists(measure => measure.LowestWords.Contains(phrase)))
                {
                    Marks.Add("bottom");
                }

                if (measures.Exists(measure => measure.HighestWords.Contains(phrase)))
                {
                    Marks.Add("top");
                    SaysMostOfRows = true;
                }

                if (measures.Exists(measure => measure.CustomerWords.Contains(phrase)))
                {
                    Dimensions.AddRange(dataset.Dimensions.Where(grouping => grouping.Name == Interpretation.CustomerName));
                }
            }
            else
            {
                continue;
            }

            return length;
        }

        return 0;
    }

    [GeneratedRegex(@"[?!.,;:""()]+(?=\s|$)|[""()]")]
    private static partial Regex Punctuation();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Spaces();
}
