using System.Text.Json;
using Google.Protobuf.WellKnownTypes;
using Platform.Contracts.ContextSynthesis.V1;

namespace Platform.ContextSynthesis.Questions.Models;

/// <summary>
/// What a model may choose from, and how its choice is read. Greetings, notes and follow-ups are not among it: the rules know them by
/// their form, and a note would be kept because a model said so.
/// </summary>
internal sealed class IntentChoice
{
    private const string Property = "intent";

    private static readonly (string Word, Intent Intent, string Meaning)[] All =
    [
        ("status", Intent.Status, "how one customer stands or all of them: what is owed, overdue, ordered, paid; how well they pay"),
        ("pattern", Intent.Pattern, "what has changed or is unusual in how customers order or pay"),
        ("comparison", Intent.Comparison, "two or more named customers side by side"),
        ("decision", Intent.Decision, "what should be done: terms, credit limit, chasing, discount, rush order, hold"),
        ("data_question", Intent.DataQuestion, "a list, count, sum or ranking of customers, orders, invoices or payments"),
        ("help", Intent.Help, "what the assistant can do"),
        ("out_of_scope", Intent.OutOfScope, "anything that records of customers, orders, invoices and payments cannot answer"),
    ];

    private readonly (string Word, Intent Intent, string Meaning)[] _offered;

    private IntentChoice((string, Intent, string)[] offered) => _offered = offered;

    /// <summary>A comparison needs two to compare.</summary>
    public static IntentChoice For(Understanding understanding) =>
        new([.. All.Where(one => one.Intent != Intent.Comparison || understanding.Entities.Count >= 2)]);

    /// <summary>The list as the prompt has it.</summary>
    public string Text => string.Join('\n', _offered.Select(one => $"{one.Word}: {one.Meaning}"));

    /// <summary>JSON schema of the answer: an object with one of the words and nothing else.</summary>
    public Struct Schema => new()
    {
        Fields =
        {
            ["type"] = Value.ForString("object"),
            ["properties"] = Value.ForStruct(new Struct
            {
                Fields =
                {
                    [Property] = Value.ForStruct(new Struct
                    {
                        Fields =
                        {
                            ["type"] = Value.ForString("string"),
                            ["enum"] = Value.ForList([.. _offered.Select(one => Value.ForString(one.Word))]),
                        },
                    }),
                },
            }),
            ["required"] = Value.ForList(Value.ForString(Property)),
            ["additionalProperties"] = Value.ForBool(false),
        },
    };

    /// <summary>Null when the text is anything but what the schema asks for.</summary>
    public Intent? Read(string text)
    {
        try
        {
            using var answer = JsonDocument.Parse(text);
            if (answer.RootElement is not { ValueKind: JsonValueKind.Object } root || root.GetPropertyCount() != 1
                || !root.TryGetProperty(Property, out var said) || said.ValueKind != JsonValueKind.String)
            {
                return null;
            }

            var word = said.GetString();
            return _offered.Where(one => one.Word == word).Select(one => (Intent?)one.Intent).FirstOrDefault();
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
