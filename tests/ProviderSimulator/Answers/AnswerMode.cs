namespace Platform.ProviderSimulator.Answers;

/// <summary>What kind of answer is written.</summary>
public enum AnswerMode
{
    /// <summary>From what stands between the tags of the prompt; tools and schemas are used when they are offered.</summary>
    Grounded,

    /// <summary>The last message of the user, word for word.</summary>
    Echo,

    /// <summary>Does what a text inside the data demands, as a model that falls for an injection does.</summary>
    ObeysInjectedText,

    /// <summary>The grounded answer with figures changed and one added.</summary>
    InventsNumbers,

    /// <summary>Declines politely.</summary>
    Refuses,

    /// <summary>Words without sense.</summary>
    GarbageText,

    /// <summary>No text; the same as <see cref="Faults.Fault.EmptyAnswer"/>.</summary>
    EmptyText,

    /// <summary>Tells the instructions it was given.</summary>
    LeaksPrompt,
}
