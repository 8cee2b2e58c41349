using System.Collections.Frozen;

namespace Platform.ModelGateway.Safety;

/// <summary>What a piece of text says about a person, or gives away.</summary>
internal enum PiiType
{
    Card,
    Iban,
    BankAccount,
    NationalId,
    Passport,
    DriverLicense,
    Email,
    Phone,
    IpAddress,
    MacAddress,
    Url,
    Secret,
    Wallet,
    DateOfBirth,
    Person,
    Address,
    Postcode,
    Location,
    Organization,
    Nationality,
    Title,
    Age,
    Date,
}

/// <summary>Names of the types as configuration, placeholders, metrics and audit rows have them.</summary>
internal static class PiiTypes
{
    private static readonly FrozenDictionary<PiiType, string> NamesByType = new Dictionary<PiiType, string>
    {
        [PiiType.Card] = "card",
        [PiiType.Iban] = "iban",
        [PiiType.BankAccount] = "bankAccount",
        [PiiType.NationalId] = "nationalId",
        [PiiType.Passport] = "passport",
        [PiiType.DriverLicense] = "driverLicense",
        [PiiType.Email] = "email",
        [PiiType.Phone] = "phone",
        [PiiType.IpAddress] = "ipAddress",
        [PiiType.MacAddress] = "macAddress",
        [PiiType.Url] = "url",
        [PiiType.Secret] = "secret",
        [PiiType.Wallet] = "wallet",
        [PiiType.DateOfBirth] = "dateOfBirth",
        [PiiType.Person] = "person",
        [PiiType.Address] = "address",
        [PiiType.Postcode] = "postcode",
        [PiiType.Location] = "location",
        [PiiType.Organization] = "organization",
        [PiiType.Nationality] = "nationality",
        [PiiType.Title] = "title",
        [PiiType.Age] = "age",
        [PiiType.Date] = "date",
    }.ToFrozenDictionary();

    private static readonly FrozenDictionary<string, PiiType> TypesByName =
        NamesByType.ToFrozenDictionary(pair => pair.Value, pair => pair.Key, StringComparer.OrdinalIgnoreCase);

    /// <summary>Every name, in the order of the enumeration.</summary>
    internal static IReadOnlyList<string> Names { get; } = [.. Enum.GetValues<PiiType>().Select(type => NamesByType[type])];

    internal static string Name(this PiiType type) => NamesByType[type];

    internal static PiiType? Find(string name) => TypesByName.TryGetValue(name, out var type) ? type : null;

    /// <summary>True for types that a format, a checksum or a keyword tells, rather than a vocabulary.</summary>
    internal static bool IsStructured(this PiiType type) => type <= PiiType.DateOfBirth;
}

/// <summary>A find: <paramref name="Length"/> characters from <paramref name="Start"/>.</summary>
internal readonly record struct PiiSpan(PiiType Type, int Start, int Length)
{
    internal int End => Start + Length;
}
