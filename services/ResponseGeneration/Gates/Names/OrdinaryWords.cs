using System.Collections.Frozen;

namespace Platform.ResponseGeneration.Gates.Names;

/// <summary>Words that may be written with a capital without being a name: they begin sentences and stand in headings of business prose.</summary>
internal static class OrdinaryWords
{
    private const string Function =
        "a an the this that these those it its they their them he she we our us you your i my me one two three four five six seven eight nine ten eleven twelve both all any each every few several some most many much more less "
        + "no none not nor and or but so yet if then else when while where whereas which who whom whose what why how as at by for from in into of off on onto out over to toward towards under until up upon with within without "
        + "about above across after against along among around before behind below beneath beside besides between beyond despite down during except near since than through throughout versus via per plus minus "
        + "is are was were be been being am do does did has have had having can could may might must shall should will would let lets there here now today yesterday tomorrow soon later again also too even only just still already "
        + "however although though because therefore thus hence otherwise instead rather meanwhile moreover furthermore nevertheless nonetheless indeed consequently accordingly additionally finally first second third fourth last next "
        + "overall altogether together combined compared unlike like such same other another others either neither half twice once often usually typically generally roughly approximately nearly almost barely hardly yes no please note "
        + "given based according currently recently historically previously formerly subsequently specifically notably importantly unfortunately fortunately interestingly clearly simply put short long";

    private const string Business =
        "account accounts active ad added age aged ageing aging agreed agreement amount amounts analysis annual answer anomaly approval approve arrears ask asked assess assessment assume assuming assumption assumptions available average averages "
        + "background balance balances bank basis because behavior behaviour benefit benefits best better beyond bill bills book bottom breakdown bucket buckets budget business buy buyer calendar call called capacity capital case cases cash category cause caution "
        + "change changed changes chase check checked choice claim clear client clients close closed code collect collection collections column comment commercial compare comparing comparison concern concerns conclusion condition conditions confidence consider considering "
        + "contact context continue continued contract control cost costs count country coverage credit creditworthiness critical currency current customer customers daily data database date dates day days deal debt decide decision decline declined declining "
        + "decrease default delay delayed delays deliver delivery demand department detail details development difference direction discount dispute disputed disputes document documents due duration earlier early effect effects email end entire error estimate estimated "
        + "evaluation event evidence exceed exceeding exceeds exception expect expected expense explain exposure extend extending extension external fact factor factors facts fall fewer figure figures file final finance financial financing find finding findings follow following "
        + "forecast frequency full further future gain gap general give good grade granted great gross group grow growing growth half headroom health help high higher highlight highlights history hold impact important improve improved improvement "
        + "in incoming increase increased increasing indicator information insight insights interest internal interval invoice invoiced invoices issue issued item items keep key known label large larger largest late latest lateness least ledger length level likely limit limits line list listed "
        + "look loss losses low lower main maintain major management manager margin market maximum mean meaning measure measures median method mid middle minimum missed missing mixed money monitor month monthly months more most name need negative net new normal notable notice number numbers "
        + "observation observations offer old older oldest open opportunity option options order ordered ordering orders organisation organization origin outcome outlook outstanding overdue overview owe owed owes owing paid part past pattern patterns pay paying payment payments pays peak pending percent "
        + "percentage performance period person phone picture pipeline place placed point points policy portfolio position positive possible potential present previous price priority probability problem process product profile profit profitability progress projected proposal prospect punctual punctuality purchase purchases quality quantity "
        + "quarter quarterly query question questions quick quiet range rank rate rates ratio reason reasons receivable receivables received recent recommendation recommended recommend record records reduce reference relationship release reliable remain remember remainder remaining remains reminder reminders report reported request requested result results "
        + "revenue review rise rising risk risks risky role room row rows rush sales sample save schedule scope score segment send sensitivity separate series service settle settled settlement severity share shares shift shifted shipment shipped short show showing shown side sign significance signal single situation size slow slower small smaller solid "
        + "source sources speaking speed spend split spread stable stage stand standing start state statement status steady step steps stock strong strength strict suggest suggested suggestion sum summary supplier support table take taken team tell term terms test thank thanks that thing things time timeline timing title top total totals track trade trading transaction "
        + "trend trends trust turnover type typical unchanged understand unit unknown unpaid unusual update upper upside urgency urgent usage use used utilization utilisation utilized value values variance verdict very view volume volumes wait warning watch way week weekly weeks weigh weighed weight well whole why wish word words work working worse worst worth year yearly years younger zero "
        + "rise fell rose fallen risen trending upcoming downside conclusion takeaway takeaways metric metrics detector evidence sensitive counterpoint pros cons against";

    private const string Marks = "january february march april may june july august september october november december jan feb mar apr jun jul aug sep sept oct nov dec monday tuesday wednesday thursday friday saturday sunday "
        + "usd eur gbp jpy chf cad aud sek nok dkk pln czk dso cfo ceo coo kpi sql ar ap ok id n q1 q2 q3 q4 h1 h2 fy vat utc p ytd english american european";

    private static readonly FrozenSet<string> All = $"{Function} {Business} {Marks}".Split(' ', StringSplitOptions.RemoveEmptyEntries).ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    public static bool Contain(string word) =>
        All.Contains(word)
        || (word.EndsWith("ly", StringComparison.OrdinalIgnoreCase) && word.Length > 4)
        || (word.EndsWith('s') && All.Contains(word[..^1]))
        || (word.Contains('-', StringComparison.Ordinal) && word.Split('-').All(part => part.Length == 0 || char.IsAsciiDigit(part[0]) || All.Contains(part)));
}
