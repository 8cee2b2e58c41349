using Platform.EntityResolution.Resolution;

namespace Platform.EntityResolution.Index;

/// <summary>A name that may be meant.</summary>
/// <param name="Entity">Number of the entity in its index.</param>
/// <param name="Row">The name that agreed: the entity's own or another one of it.</param>
/// <param name="Kind">How it was found.</param>
/// <param name="LogOdds">Evidence for this name by itself, in nats.</param>
/// <param name="Probability">Calibrated probability that this entity is meant, considering all that were found and that none may be.</param>
/// <param name="Evidence">What the log odds were made from.</param>
internal readonly record struct NameMatch(int Entity, int Row, MatchKind Kind, float LogOdds, float Probability, Names.Evidence Evidence);
