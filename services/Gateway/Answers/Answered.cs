using Platform.Contracts.Common.V1;
using Platform.Contracts.ContextSynthesis.V1;
using Platform.Contracts.ResponseGeneration.V1;
using Platform.Gateway.Chat;

namespace Platform.Gateway.Answers;

/// <summary>An answer and what it was made from.</summary>
/// <param name="Basis">Null for a question back, which rests on nothing but the names.</param>
internal sealed record Answered(ChatResponse Response, AnswerBasis? Basis);

/// <summary>What an answer was made from.</summary>
/// <param name="Question">The question with its references filled in.</param>
/// <param name="Dropped">What the context had no room for.</param>
internal sealed record AnswerBasis(
    string Question, Understanding Understanding, IReadOnlyList<EntityRef> Entities, Retrieved Retrieved, IReadOnlyList<string> Dropped,
    GenerateResponse Written);
