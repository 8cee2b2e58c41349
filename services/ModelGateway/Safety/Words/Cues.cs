namespace Platform.ModelGateway.Safety.Words;

/// <summary>Words beside a name that tell whose or what it is.</summary>
internal static class Cues
{
    /// <summary>A person follows.</summary>
    internal static WordSet BeforePerson { get; } = new(
        "by with and hi hello hey dear said told asked met meet called named name i'm i’m im am is was thanks regards sincerely cheers love contact attn attention signed spoke speak talk talked wrote write author director starring featuring feat ft son daughter kid child brother sister father mother dad mom wife husband friend partner colleague boss cousin uncle aunt uncle nephew niece neighbour neighbor given gave tell ask thank invite help email remind employee owner customer patient client tenant maiden surname beneficiary to for from under early late young president minister senator judge officer agent player singer actor actress producer artist writer");

    /// <summary>A person follows even when the word is an English one.</summary>
    internal static WordSet RightBeforePerson { get; } = new("starring featuring named surname dear hello hi regards kid nickname");

    /// <summary>A person stands before.</summary>
    internal static WordSet AfterPerson { get; } = new(
        "said says asked told replied wrote writes thinks thought believes knows lives lived works worked is was has had will would can could did does shouted answered smiled laughed called calls moved flew went likes loves speaks spoke married born died concert album");

    /// <summary>A place follows.</summary>
    internal static WordSet BeforePlace { get; } = new(
        "in at near to from around visit visiting visited outside inside northern southern eastern western north south east west central downtown through via leaving reach reached across throughout toward towards over");

    /// <summary>A place stands before.</summary>
    internal static WordSet AfterPlace { get; } = new(
        "bridge airport city town village county province region government leader state station border river lake coast embassy");

    /// <summary>A company follows.</summary>
    internal static WordSet BeforeCompany { get; } = new(
        "company employer firm joined founded acquired of at for corporation vendor supplier brand startup client");
}
