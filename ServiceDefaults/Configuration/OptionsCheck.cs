using System.Collections;
using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Reflection;
using Microsoft.Extensions.Configuration;

namespace Platform.ServiceDefaults;

/// <summary>Finds what is wrong with a section before and after it is bound, in lines that name key, value and what is allowed.</summary>
internal static class OptionsCheck
{
    /// <summary>Keys that the type does not have, and values that do not convert to the type of their property.</summary>
    internal static List<string> BeforeBinding(Type type, IConfigurationSection section)
    {
        var problems = new List<string>();
        CheckKeys(type, section, problems);
        return problems;
    }

    /// <summary>Values that break an annotation of their property, at any depth.</summary>
    internal static List<string> AfterBinding(object options, string section)
    {
        var problems = new List<string>();
        CheckAnnotations(options, section, problems, []);
        return problems;
    }

    private static void CheckKeys(Type type, IConfigurationSection section, List<string> problems)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        if (IsScalar(type))
        {
            CheckScalar(type, section, problems);
        }
        else if (ElementOf(type) is { } element)
        {
            foreach (var child in section.GetChildren())
            {
                CheckKeys(element, child, problems);
            }
        }
        else
        {
            CheckProperties(type, section, problems);
        }
    }

    private static void CheckProperties(Type type, IConfigurationSection section, List<string> problems)
    {
        if (section.Value is { Length: > 0 } value)
        {
            problems.Add($"{section.Path} = {Show(section.Path, value)} is not allowed. Allowed: keys of its own.");
        }

        var properties = type.GetProperties(BindingFlags.Public | BindingFlags.Instance);
        foreach (var child in section.GetChildren())
        {
            if (properties.FirstOrDefault(property => string.Equals(property.Name, child.Key, StringComparison.OrdinalIgnoreCase)) is { } property)
            {
                CheckKeys(property.PropertyType, child, problems);
                continue;
            }

            var names = properties.Select(known => JsonName(known.Name)).ToArray();
            var nearest = JsonSchema.Nearest(child.Key, names);
            problems.Add($"{child.Path} is not a known key.{(nearest is null ? "" : $" Did you mean \"{nearest}\"?")} Allowed: {string.Join(", ", names)}.");
        }
    }

    private static void CheckScalar(Type type, IConfigurationSection section, List<string> problems)
    {
        if (section.Value is not { Length: > 0 } text || type == typeof(string) || type == typeof(object))
        {
            return;
        }

        if (!Converts(type, text))
        {
            problems.Add($"{section.Path} = {Show(section.Path, text)} is not allowed. Allowed: {Name(type)}.");
        }
    }

    private static bool Converts(Type type, string text)
    {
        if (type == typeof(TimeSpan))
        {
            return JsonSchema.IsDuration(text);
        }

        try
        {
            TypeDescriptor.GetConverter(type).ConvertFromInvariantString(text);
            return true;
        }
        catch (Exception error) when (error is ArgumentException or FormatException or NotSupportedException or InvalidCastException)
        {
            return false;
        }
    }

    private static void CheckAnnotations(object instance, string path, List<string> problems, HashSet<object> seen)
    {
        if (!seen.Add(instance))
        {
            return;
        }

        foreach (var property in instance.GetType().GetProperties(BindingFlags.Public | BindingFlags.Instance))
        {
            if (property.GetIndexParameters().Length > 0 || !property.CanRead)
            {
                continue;
            }

            var key = $"{path}:{JsonName(property.Name)}";
            var value = property.GetValue(instance);
            CheckAttributes(property, instance, value, key, problems);
            switch (value)
            {
                case null or string:
                    break;
                case IDictionary dictionary:
                    foreach (DictionaryEntry entry in dictionary)
                    {
                        Descend(entry.Value, $"{key}:{entry.Key}");
                    }

                    break;
                case IEnumerable items:
                    var index = 0;
                    foreach (var item in items)
                    {
                        Descend(item, string.Create(CultureInfo.InvariantCulture, $"{key}:{index++}"));
                    }

                    break;
                default:
                    Descend(value, key);
                    break;
            }
        }

        if (instance is IValidatableObject validatable)
        {
            problems.AddRange(validatable.Validate(new ValidationContext(instance))
                .Where(result => result != ValidationResult.Success)
                .Select(result => $"{path}{string.Concat(result.MemberNames.Take(1).Select(member => ":" + JsonName(member)))}: {result.ErrorMessage}"));
        }

        void Descend(object? value, string key)
        {
            if (value is not null && !IsScalar(value.GetType()) && value.GetType().Namespace?.StartsWith("System", StringComparison.Ordinal) != true)
            {
                CheckAnnotations(value, key, problems, seen);
            }
        }
    }

    private static void CheckAttributes(PropertyInfo property, object instance, object? value, string key, List<string> problems)
    {
        var context = new ValidationContext(instance) { MemberName = property.Name, DisplayName = key };
        foreach (var attribute in property.GetCustomAttributes<ValidationAttribute>())
        {
            if (attribute.GetValidationResult(value, context) is { } failure)
            {
                problems.Add(value is null or ""
                    ? $"{key} is missing. Allowed: {Allowed(attribute, failure)}."
                    : $"{key} = {Show(key, value)} is not allowed. Allowed: {Allowed(attribute, failure)}.");
            }
        }
    }

    private static string Allowed(ValidationAttribute attribute, ValidationResult failure) => attribute switch
    {
        RequiredAttribute => "a value that is not empty",
        RangeAttribute range => string.Create(CultureInfo.InvariantCulture, $"{range.Minimum} to {range.Maximum}"),
        AllowedValuesAttribute values => string.Join(", ", values.Values),
        MinLengthAttribute least => $"at least {least.Length}",
        MaxLengthAttribute most => $"at most {most.Length}",
        UrlAttribute => "a http(s) URL",
        RegularExpressionAttribute pattern => $"a text that matches {pattern.Pattern}",
        _ => failure.ErrorMessage?.TrimEnd('.') ?? attribute.GetType().Name,
    };

    private static string Show(string key, object value) =>
        SecretScrubber.IsSecretName(key) ? "(hidden)"
        : value is IEnumerable and not string ? "a list"
        : $"\"{Convert.ToString(value, CultureInfo.InvariantCulture)}\"";

    private static string Name(Type type) =>
        type.IsEnum ? string.Join(", ", Enum.GetNames(type))
        : type == typeof(bool) ? "true or false"
        : type == typeof(TimeSpan) ? "a duration as [days.]hh:mm:ss[.fraction]"
        : type == typeof(double) || type == typeof(decimal) || type == typeof(float) ? "a number"
        : type == typeof(Uri) ? "a URL"
        : type.IsPrimitive ? "a whole number"
        : type.Name;

    private static bool IsScalar(Type type) =>
        type == typeof(string) || type == typeof(object) || type == typeof(Uri) || type.IsPrimitive || type.IsEnum
        || (type.IsValueType && type.Namespace?.StartsWith("System", StringComparison.Ordinal) == true && !type.IsGenericType);

    private static Type? ElementOf(Type type)
    {
        if (type.IsArray)
        {
            return type.GetElementType();
        }

        var interfaces = type.GetInterfaces().Append(type).Where(candidate => candidate.IsGenericType).ToArray();
        var dictionary = interfaces.FirstOrDefault(candidate =>
            candidate.GetGenericTypeDefinition() == typeof(IDictionary<,>) || candidate.GetGenericTypeDefinition() == typeof(IReadOnlyDictionary<,>));
        return dictionary?.GetGenericArguments()[1]
            ?? interfaces.FirstOrDefault(candidate => candidate.GetGenericTypeDefinition() == typeof(IEnumerable<>))?.GetGenericArguments()[0];
    }

    private static string JsonName(string name) => char.ToLowerInvariant(name[0]) + name[1..];
}
