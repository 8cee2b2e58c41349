using System.Globalization;

namespace Platform.Migrations.Commands;

/// <summary>One option of a command.</summary>
/// <param name="Name">With its dashes.</param>
/// <param name="Value">What to write after it, e.g. <c>path</c>; null for a switch.</param>
/// <param name="Help">One line.</param>
internal sealed record OptionSpec(string Name, string? Value, string Help, bool Required = false);

/// <summary>A command and the options that it takes.</summary>
internal sealed record CommandSpec(string Name, string Help, IReadOnlyList<OptionSpec> Options);

/// <summary>The person at the keyboard asked for something that does not exist; exit code 2.</summary>
internal sealed class UsageException(string message) : Exception(message);

/// <summary>Parsed options of one command.</summary>
internal sealed class CommandLine
{
    private readonly Dictionary<string, string> _values;

    private CommandLine(CommandSpec command, Dictionary<string, string> values, bool wantsHelp)
    {
        Command = command;
        _values = values;
        WantsHelp = wantsHelp;
    }

    public CommandSpec Command { get; }

    public bool WantsHelp { get; }

    /// <summary>Reads <c>[command] [--option value | --option=value | --switch]…</c>; without a command, the first of <paramref name="commands"/>.</summary>
    /// <exception cref="UsageException">An unknown command or option, a missing value, or an option given twice.</exception>
    public static CommandLine Parse(IReadOnlyList<string> arguments, IReadOnlyList<CommandSpec> commands)
    {
        var named = arguments.Count > 0 && !arguments[0].StartsWith('-');
        var command = !named
            ? commands[0]
            : commands.FirstOrDefault(candidate => candidate.Name == arguments[0])
                ?? throw new UsageException($"There is no command '{arguments[0]}'. Commands: {string.Join(", ", commands.Select(candidate => candidate.Name))}.");
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        var wantsHelp = false;
        for (var i = named ? 1 : 0; i < arguments.Count; i++)
        {
            var (name, inline) = Split(arguments[i]);
            if (name is "--help" or "-h" or "-?")
            {
                wantsHelp = true;
                continue;
            }

            var option = command.Options.FirstOrDefault(candidate => candidate.Name == name)
                ?? throw new UsageException($"'{command.Name}' has no option '{name}'. Options: {string.Join(", ", command.Options.Select(candidate => candidate.Name))}.");
            var value = (option.Value, inline) switch
            {
                (null, null) => "true",
                (null, _) => throw new UsageException($"{name} is a switch and takes no value."),
                (_, not null) => inline,
                _ when i + 1 < arguments.Count && !arguments[i + 1].StartsWith("--", StringComparison.Ordinal) => arguments[++i],
                _ => throw new UsageException($"{name} needs a value: {name} <{option.Value}>."),
            };
            if (!values.TryAdd(name, value))
            {
                throw new UsageException($"{name} is given twice.");
            }
        }

        if (!wantsHelp && command.Options.FirstOrDefault(option => option.Required && !values.ContainsKey(option.Name)) is { } missing)
        {
            throw new UsageException($"'{command.Name}' needs {missing.Name} <{missing.Value}>.");
        }

        return new CommandLine(command, values, wantsHelp);
    }

    public bool Has(string name) => _values.ContainsKey(name);

    public string? Text(string name) => _values.GetValueOrDefault(name);

    /// <summary>A text that is not blank.</summary>
    public string Text(string name, string otherwise)
    {
        var value = _values.GetValueOrDefault(name, otherwise);
        return string.IsNullOrWhiteSpace(value) ? throw new UsageException($"{name} must not be blank.") : value;
    }

    public long Number(string name, long otherwise) => Read(name, otherwise, "a whole number such as 42", (string text, out long value) =>
        long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out value));

    /// <summary>A whole number within limits, both included.</summary>
    public long Number(string name, long otherwise, long lowest, long highest)
    {
        var number = Number(name, otherwise);
        return number >= lowest && number <= highest
            ? number
            : throw new UsageException(string.Create(CultureInfo.InvariantCulture, $"{name} is {number}; allowed is {lowest} to {highest}."));
    }

    public DateOnly? Date(string name) => Read<DateOnly?>(name, null, "a day such as 2026-03-31", (string text, out DateOnly? value) =>
    {
        var valid = DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day);
        value = day;
        return valid;
    });

    public bool Boolean(string name, bool otherwise) => Read(name, otherwise, "true or false", (string text, out bool value) => bool.TryParse(text, out value));

    private static (string Name, string? Value) Split(string argument)
    {
        var equals = argument.StartsWith("--", StringComparison.Ordinal) ? argument.IndexOf('=', StringComparison.Ordinal) : -1;
        return equals < 0 ? (argument, null) : (argument[..equals], argument[(equals + 1)..]);
    }

    private T Read<T>(string name, T otherwise, string allowed, TryRead<T> read)
    {
        if (!_values.TryGetValue(name, out var text))
        {
            return otherwise;
        }

        return read(text, out var value) ? value : throw new UsageException($"{name} is '{text}'; allowed is {allowed}.");
    }

    private delegate bool TryRead<T>(string text, out T value);
}
