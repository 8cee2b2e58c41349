using System.Collections.Frozen;

namespace Platform.ResponseGeneration.Gates.Known;

/// <summary>How people speak of each measure of the platform.</summary>
internal static class Measures
{
    public static readonly string[] Open = [" owe", " owing", " open ", " outstanding", " balance", " receivable", " unpaid", " debt", " exposure", " due to us", " still to be paid", " paid everything", " everything is paid", " in full", " fully paid", " all of its invoices", " all its invoices", " all invoices"];
    public static readonly string[] Overdue = [" overdue", " past due", " past its due", " past their due", " arrears", " late ", " should have been paid", " should already", " delinquen", " missed"];
    private static readonly string[] StillInTime = [" not yet due", " not due", " not overdue", " not yet overdue", " within terms", " yet to fall due", " yet to come due", " not yet fallen due", " still in time", " not yet payable"];
    public static readonly string[] NotDue = [.. StillInTime, " current ", " remain", " rest ", " other "];
    public static readonly string[] Late = [" late", " delay", " after the due", " after their due", " after its due", " behind", " past ", " slow", " overran", " overdue", " beyond"];
    public static readonly string[] OnTime = [" on time", " punctual", " in time", " on or before", " early", " by the due", " promptly", " within terms"];
    public static readonly string[] Order = [" order", " bought", " buy", " purchas", " volume", " placed"];
    public static readonly string[] Money = [" worth", " revenue", " sales", " turnover", " business", " spend", " spent", " value", " volume", " total", " order", " bought", " purchas"];
    public static readonly string[] Average = [" average", " mean ", " typical", " per ", " each", " apiece", " on avg", " normal"];
    public static readonly string[] Median = [" median", " half ", " middle", " midpoint"];
    public static readonly string[] Difference = [" more", " less", " higher", " lower", " differ", " gap", " fewer", " larger", " smaller", " ahead", " exceed", " longer", " later", " apart", " above", " below", " greater", " earlier", " quicker", " faster", " slower", " sooner", " bigger", " margin", " spread", " between", " wider", " outweigh"];
    public static readonly string[] Total = [" together", " combined", " total", " both", " sum", " in all", " altogether", " overall", " jointly", " between them", " all ", " add"];
    public static readonly string[] Limit = [" limit", " credit"];
    public static readonly string[] Room = [" headroom", " room", " left", " remain", " available", " unused", " free", " under", " below", " short of", " spare", " capacity", " over ", " exceed", " above", " beyond"];
    public static readonly string[] Rush = [" rush", " urgent", " express", " expedit", " priority"];
    public static readonly string[] Shift = [" late", " earl", " shift", " chang", " slow", " fast", " delay", " slip", " drift", " effect", " longer", " than before", " sooner", " quicker", " moved", " than they", " than it"];
    public static readonly string[] Changed = [" since", " now ", " before", " shift", " chang", " than ", " used to", " earlier", " later", " slip", " drift", " moved", " longer", " began", " start", " effect", " interval", " between", " lies", " after the change", " previous", " new ", " was ", " were ", " had been", " gained", " recent"];
    public static readonly string[] Since = [" since", " from ", " began", " start", " chang", " as of", " on ", " after", " in ", " shift", " last ", " date", " latest", " most recent", " by "];

    /// <summary>Words of a sentence that tell nothing about what it measures.</summary>
    public static readonly FrozenSet<string> Common = new[]
    {
        "that", "this", "with", "from", "have", "were", "than", "them", "they", "then", "there", "which", "what", "when", "would", "could", "should", "about", "into", "only", "over", "under",
        "also", "been", "being", "more", "most", "less", "their", "these", "those", "because", "before", "after", "where", "while", "figures", "customer", "customers", "each", "every", "days", "month", "months", "week", "weeks", "year", "years",
    }.ToFrozenSet(StringComparer.Ordinal);

    private static readonly string[] Ages = [" 1 30 ", " 31 60 ", " 61 90 ", " 1 to 30 ", " 31 to 60 ", " 61 to 90 ", " more than 90 ", " over 90 ", " more than 60 ", " more than 30 "];

    /// <summary>Words that tell that a sentence speaks of some measure.</summary>
    private static readonly string[] Every = [.. Open, .. Overdue, .. Late, .. OnTime, .. Order, .. Limit, .. Rush, .. Median, " paid", " settle", " term", " disput", " contact", " sales outstanding", " dso", " confiden", " interval", " payment", " slip", " shift", " drift"];

    private static readonly FrozenDictionary<string, Cue> ByKind = new Dictionary<string, Cue>(StringComparer.Ordinal)
    {
        ["open_balance"] = new(Open, Side: Side.Open),
        ["ageing"] = new([.. Open, " total"], Side: Side.Open),
        ["open_invoices"] = new([.. Open, " open"], Side: Side.Open),
        ["issued_invoices"] = new([" issue", " invoic", " billed"]),
        ["overdue_amount"] = new(Overdue, Side: Side.Overdue),
        ["overdue_invoices"] = new(Overdue, Side: Side.Overdue),
        ["disputed"] = new([" disput", " contest", " queried"], Side: Side.Disputed),
        ["average_days_late"] = new(Late, [.. Median, " used to"], [" average", " mean ", " on avg"], Topic: Topic.Mean),
        ["median_days_late"] = new(Late, [.. Average, " used to"], [" median delay", " median days", " median invoice", " median overall", " typical median", " half "], Topic: Topic.Median),
        ["late_rate"] = new(Late),
        ["paid_invoices"] = new([" paid", " settled", " pay", " sample", " rest on", " based", " n "], Side: Side.Paid, Topic: Topic.Paid),
        ["paid_late_invoices"] = new(Late, Side: Side.Late),
        ["average_days_to_settle"] = new([" settle", " to pay", " from invoice", " to payment", " take", " took", " collect", " after invoic", " after issu", " until paid", " from issue", " paid after", " to receive", " paid within", " cash"], Barred: [" late ", " overdue"], Own: [" settle", " from invoice", " to payment", " take", " from issue", " after issu", " to pay"], Topic: Topic.Settling),
        ["dso"] = new([" dso", " sales outstanding", " collect"]),
        ["payment_terms"] = new([" term", " agreed", " net ", " contract", " allowed", " agreement"], Topic: Topic.Terms),
        ["credit_limit"] = new(Limit),
        ["credit_use"] = new([.. Limit, " use", " utili", " exhaust", " drawn"], All: [[.. Limit, " utili"]]),
        ["order_count_12m"] = new(Order, Topic: Topic.Bought, Period: Period.Year),
        ["order_volume"] = new(Money, Topic: Topic.Bought, Period: Period.Year),
        ["order_trend"] = new([.. Order, " trend"], Barred: Rush),
        ["open_orders"] = new([" open", " outstanding", " undelivered", " not yet shipped", " pending", " in progress", " not yet delivered"], All: [[" order"]], Topic: Topic.Bought),
        ["rush_share"] = new(Rush, Topic: Topic.Rush, Period: Period.Year),
        ["last_payment"] = new([" payment", " paid", " pay"]),
        ["last_order"] = new(Order),
        ["last_contact"] = new([" contact", " spoke", " talk", " call", " touch", " reach"]),
        ["invoice_amount"] = Cue.Anywhere,
        ["invoice_outstanding"] = new([" outstanding", " still", " to be paid", " left", " open", " unpaid", " remain", " owe", " owing"]),
        ["invoice_paid_amount"] = new([" paid", " received", " payment"]),
        ["invoice_days_late"] = new([.. Late, .. Overdue]),
        ["invoice_due_date"] = new([" due", " payable"]),
        ["invoice_paid_on"] = new([" paid", " settle", " payment"]),
        ["invoice_issued"] = new([" issue", " dated", " invoiced", " sent", " billed"]),
        ["order_amount"] = Cue.Anywhere,
        ["order_placed"] = new([" placed", " order", " dated"]),
        ["order_requested_date"] = new([" request", " asked", " wanted", " by ", " deliver"]),
        ["customers"] = new([" customer", " account", " client"]),
    }.ToFrozenDictionary(StringComparer.Ordinal);

    private static readonly FrozenDictionary<string, Cue> ByInsight = new Dictionary<string, Cue>(StringComparer.Ordinal)
    {
        ["payment_timing_shift"] = new([.. Shift, " pay", " paid", " median", " due"], All: [Changed], Topic: Topic.Shift),
        ["rush_order_frequency"] = new(Rush, Topic: Topic.Rush),
        ["amount_anomaly"] = new([.. Order, " usual", " typical", " unusual", " large", " anomal"], Barred: Rush),
        ["order_silence"] = new([.. Order, " silen", " gap", " quiet", " heard"]),
        ["order_frequency_shift"] = new([.. Order, " often", " frequen"]),
    }.ToFrozenDictionary(StringComparer.Ordinal);

    public static Cue OfFact(string kind, string label) => ByKind.TryGetValue(kind, out var cue) ? cue : Cue.From(label + " " + kind, 3);

    public static Cue OfInsight(string type, string text) => ByInsight.TryGetValue(type, out var cue) ? cue : Cue.From($"{type} {text}", 4);

    public static bool NamesAnAge(string words) => Ages.Any(words.Contains);

    public static bool AreNamed(string words) => Every.Any(words.Contains);

    /// <summary>The sides that a clause names.</summary>
    public static IReadOnlyList<Side> SidesIn(string words)
    {
        var sides = new List<Side>();
        if (StillInTime.Any(words.Contains))
        {
            // "Not overdue" is no word of what is overdue.
            sides.Add(Side.NotDue);
            words = StillInTime.Aggregate(words, (w, phrase) => w.Replace(phrase, " ", StringComparison.Ordinal));
        }

        Note(Side.Open, [" owe", " owing", " open ", " outstanding", " balance", " unpaid", " receivable"]);
        Note(Side.Overdue, [" overdue", " past due", " arrears", " past its due", " past their due", " late", " delinquen", " should have been paid", " should already"]);
        Note(Side.Late, [" late", " after the", " after their", " after its", " delay", " overran", " behind", " past "]);
        Note(Side.OnTime, OnTime);
        Note(Side.Paid, [" paid", " settled", " pays", " paying"]);
        Note(Side.Disputed, [" disput", " contest", " queried"]);
        return sides;

        void Note(Side side, string[] beginnings)
        {
            if (beginnings.Any(words.Contains))
            {
                sides.Add(side);
            }
        }
    }
}
