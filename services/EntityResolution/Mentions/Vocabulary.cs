using System.Collections.Frozen;

namespace Platform.EntityResolution.Mentions;

/// <summary>What words of a question do, apart from naming things. Words are folded (see NameText).</summary>
internal static class Vocabulary
{
    private static readonly FrozenSet<string> Function = Set(
        "a an the this that these those and or but nor so yet if then than as at by for from in into of off on onto out over to up with without about via per "
        + "i me my we us our you your he she it its they them their who whom whose which what when where why how "
        + "is are was were be been being am do does did done has have had can could will would shall should may might must not no yes "
        + "show tell give list get find compare check explain describe summarize summarise please let lets hi hello hey thanks thank all any some each every both "
        + "versus vs between since until before after during against there here now just also too very more most less least much many few");

    private static readonly FrozenSet<string> DomainNouns = Set(
        "account accounts balance balances invoice invoices order orders payment payments status credit terms history pattern patterns debt risk shipment shipments "
        + "delivery deliveries dispute disputes revenue sales spend limit behaviour behavior performance bill bills purchases");

    private static readonly FrozenSet<string> CustomerNouns = Set("customer client company account firm supplier vendor buyer debtor named called");

    private static readonly FrozenSet<string> Introducing = Set(
        "of for from with about by to and or versus vs than against regarding concerning between does did has is are do should can will was compare owed");

    private static readonly FrozenSet<string> StrongIntroducing = Set("of for from with about by to regarding concerning versus vs between");

    private static readonly FrozenSet<string> PluralCustomers = Set("customers clients companies accounts firms buyers debtors who");

    private static readonly FrozenSet<string> Determiners = Set(
        "a an the any some this that these those no every each other another many few several much which what whose its his her their more most all both such next last");

    private static readonly FrozenSet<string> SubjectPronouns = Set("i we you they he she it");

    private static readonly FrozenSet<string> NamedVerbs = Set(
        "is was has had owes owed pays paid orders ordered wants wanted moved does did still keeps says said asked complains disputes disputed stopped prefers needs will would should can could may might");

    private static readonly FrozenSet<string> Capitalised = Set(
        "i january february march april may june july august september october november december monday tuesday wednesday thursday friday saturday sunday "
        + "excel eur usd gbp chf pdf csv q1 q2 q3 q4 h1 h2 inv so");

    private static readonly FrozenSet<string> Joining = Set("of de du la le del di da van von der den");

    public static bool IsOrdinary(string word) => WordLists.IsOrdinary(word) || Function.Contains(word) || IsPlainNumber(word);

    public static bool IsFunctionWord(string word) => Function.Contains(word);

    public static bool IsDomainNoun(string word) => DomainNouns.Contains(word);

    public static bool IsCustomerNoun(string word) => CustomerNouns.Contains(word);

    public static bool IsPluralCustomer(string word) => PluralCustomers.Contains(word);

    /// <summary>True for words that say nothing special by themselves: ordinary, in the dictionary, or places.</summary>
    public static bool IsKnown(string word) => IsOrdinary(word) || WordLists.IsEnglish(word) || WordLists.IsPlace(word);

    /// <summary>True for words that everybody writes with a capital, whoever else capitalises names or not.</summary>
    public static bool IsCapitalisedAnyway(string word) => Capitalised.Contains(word) || WordLists.IsPlace(word);

    /// <summary>Words after which a noun follows, so that what follows in small letters is no name.</summary>
    public static bool IsDeterminer(string word) => Determiners.Contains(word);

    /// <summary>Words after which a verb follows.</summary>
    public static bool IsSubjectPronoun(string word) => SubjectPronouns.Contains(word);

    /// <summary>Verbs whose subject, at the start of a sentence, is likely a name: "Target owes us 500".</summary>
    public static bool IsVerbOfNames(string word) => NamedVerbs.Contains(word);

    /// <summary>Words after which a name often follows.</summary>
    public static bool Introduces(string word) => Introducing.Contains(word) || CustomerNouns.Contains(word);

    /// <summary>Words after which an unknown word is most likely meant as a name.</summary>
    public static bool IntroducesStrongly(string word) => StrongIntroducing.Contains(word) || CustomerNouns.Contains(word);

    /// <summary>Small words inside names, e.g. "Bank of Lyon".</summary>
    public static bool Joins(string word) => Joining.Contains(word);

    /// <summary>True for a likely misspelling of a word of the trade, so that it is not taken for a name.</summary>
    public static bool ResemblesDomainNoun(string word) =>
        word.Length >= 5 && DomainNouns.Any(noun => Math.Abs(noun.Length - word.Length) <= 2 && Names.EditDistance.Between(word, noun, 2) <= (word.Length >= 7 ? 2 : 1));

    private static bool IsPlainNumber(string word) => word.All(char.IsAsciiDigit);

    private static FrozenSet<string> Set(string words) => words.Split(' ', StringSplitOptions.RemoveEmptyEntries).ToFrozenSet();
}
