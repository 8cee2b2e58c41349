using Platform.EntityResolution.Mentions;

namespace Platform.EntityResolution.Resolution;

/// <summary>What a text leaves to the conversation: "they", "that customer", "the other one", "both", and near-equals of which one was spoken of.</summary>
internal static class ConversationLinks
{
    /// <param name="question">The text.</param>
    /// <param name="mentions">Found so far, in the text's order.</param>
    /// <param name="conversation">Newest first.</param>
    public static IEnumerable<FoundMention> Find(QuestionText question, IReadOnlyList<FoundMention> mentions, IReadOnlyList<EntityKey> conversation)
    {
        if (conversation.Count == 0)
        {
            yield break;
        }

        foreach (var reference in References.Find(question, mentions.Count == 0 ? null : mentions[0].Start))
        {
            foreach (var meant in Meant(reference, conversation))
            {
                if (!mentions.Any(m => m.Match?.Entity.IsSame(meant) == true))
                {
                    yield return new FoundMention(
                        reference.Start,
                        reference.Length,
                        [new FoundCandidate(meant, MatchKind.Conversation, reference.Length > 0 ? 0.85 : 0.6, ["named before in this conversation"])],
                        MentionOutcome.Matched);
                }
            }
        }
    }

    /// <summary>Of near-equals, the one that the conversation is about is meant.</summary>
    public static FoundMention Settle(FoundMention mention, IReadOnlyList<EntityKey> conversation)
    {
        if (mention.Outcome != MentionOutcome.Ambiguous)
        {
            return mention;
        }

        var known = mention.Candidates.Where(c => conversation.Any(e => e.IsSame(c.Entity))).ToList();
        return known is [var only]
            ? mention with
            {
                Candidates = [only with { Kind = MatchKind.Conversation, Confidence = 0.85, Explanation = [.. only.Explanation, "named before in this conversation"] }, .. mention.Candidates.Where(c => c != only)],
                Outcome = MentionOutcome.Matched,
            }
            : mention;
    }

    private static IEnumerable<EntityKey> Meant(Reference reference, IReadOnlyList<EntityKey> conversation)
    {
        var fitting = conversation.Where(e => reference.EntityType is null || e.Type == reference.EntityType).DistinctBy(e => (e.Type, e.Id));
        return reference.Which switch
        {
            Referent.Other => fitting.Skip(1).Take(1),
            // One alone is not both.
            Referent.Both => fitting.Take(2).ToList() is { Count: 2 } two ? two : [],
            _ => fitting.Take(1),
        };
    }
}
