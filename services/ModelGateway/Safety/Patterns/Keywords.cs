
namespace Platform.ModelGateway.Safety.Patterns;

/// <summary>Words near a number that tell what it is, in the languages of the countries that write them.</summary>
internal static class Keywords
{
    private static readonly List<string> Every = [];

    internal static Cue Card { get; } = Of("card", "cards", "visa", "master", "amex", "american express", "maestro", "diners", "discover", "karte", "carte", "tarjeta", "cc", "credit", "debit");

    internal static Cue Iban { get; } = Of("iban", "bban");

    internal static Cue AccountNumber { get; } = Of(
        "account number", "account no", "account #", "account: ", "acct", "a/c no", "bank account", "kontonummer", "numéro de compte", "número de cuenta", "rekeningnummer");

    internal static Cue Routing { get; } = Of("routing", "aba", "rtn", "transit", "ach");

    internal static Cue SortCode { get; } = Of("sort code", "sort-code", "sortcode", "blz", "bankleitzahl", "bsb", "ifsc");

    internal static Cue Swift { get; } = Of("swift", "bic", "bank identifier");

    internal static Cue Phone { get; } = Of(
        "phone", "telephone", "cellphone", "smartphone", "tel", "call", "calls", "called", "calling", "callback", "mobile", "cell", "fax", "whatsapp", "sms", "texted", "text me", "text us", "dial", "ring", "reach", "contact", "handy", "mobil", "fon", "móvil", "portable",
        "messages to", "answering", "hotline", "landline", "voicemail", "signal", "viber", "ph:", "ph.", "number to", "gsm", "puhelin", "telefon", "numero de");

    internal static Cue Identity { get; } = Of(
        "ssn", "social security", "social-security", "social insurance", "sin", "itin", "taxpayer", "tax id", "tax number", "tax file", "tin", "tfn", "national id", "national insurance", "nino", "identity", "id number", "id card", "id no", "personal number", "personal id",
        "nhs", "steuer", "idnr", "steueridentifikation", "sozialversicherung", "svnr", "ahv", "nir", "insee", "sécurité sociale", "securite sociale", "dni", "nie", "nif", "codice fiscale", "bsn", "burgerservice", "sofi", "rijksregister", "registre national",
        "pesel", "personnummer", "fødselsnummer", "fodselsnummer", "henkilötunnus", "hetu", "cpr", "cpf", "cnpj", "aadhaar", "aadhar", "uid", "pan", "身份证", "resident", "my number", "mynumber", "マイナンバー", "주민등록", "rrn", "medicare", "curp", "rfc",
        "rut", "run", "kimlik", "tckn", "teudat", "nric", "fin", "rodné číslo", "rodne cislo", "cnp", "amka", "pps", "citizen", "birth number", "isikukood", "asmens kodas", "emšo", "emso", "oib", "jmbg", "egn", "kennitala");

    internal static Cue Passport { get; } = Of("passport", "reisepass", "passeport", "pasaporte", "passaporto", "paspoort", "pass no", "passnummer", "passaporte", "паспорт");

    internal static Cue License { get; } = Of("driver", "driving", "licence", "license", "führerschein", "fuehrerschein", "permis de conduire", "patente di guida", "rijbewijs", "carnet de conducir", "licencia de conducir", "körkort", "dl", "d.l.");

    internal static Cue NotIdentity { get; } = Of("license key", "licence key", "license plate", "licensed", "software license");

    internal static Cue Birth { get; } = Of("born", "birth", "dob", "d.o.b", "geboren", "geb.", "geburtsdatum", "né le", "née le", "naissance", "nacido", "nacida", "nacimiento", "nato il", "nata il", "nascita", "geboortedatum", "syntynyt", "född", "født", "narozen", "urodz");

    /// <summary>All of the words before: where none is near, no kind has to look for its own.</summary>
    internal static Cue Any { get; } = new([.. Every]);

    internal static Cue Amount { get; } = new(["eur", "usd", "gbp", "chf", "dollar", "euro", "pound", "$", "€", "£", "¥", "kr", "invoice", "order", "amount", "total", "revenue", "units", "rows", "%", "bytes", "version", "build"]);

    private static Cue Of(params ReadOnlySpan<string> words)
    {
        Every.AddRange(words);
        return new Cue([.. words]);
    }
}
