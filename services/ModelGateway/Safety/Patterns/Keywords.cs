namespace Platform.ModelGateway.Safety.Patterns;

/// <summary>What a word near a number tells of it.</summary>
[Flags]
internal enum Keyword
{
    None = 0,
    Card = 1,
    Iban = 2,
    AccountNumber = 4,
    Routing = 8,
    SortCode = 16,
    Phone = 32,
    Identity = 64,
    Passport = 128,
    License = 256,
    NotIdentity = 512,
    Birth = 1024,

    /// <summary>It counts something or is a price.</summary>
    Amount = 2048,

    /// <summary>It numbers a document or a customer.</summary>
    Numbered = 4096,
}

/// <summary>The words, in the languages of the countries that write them.</summary>
internal static class Keywords
{
    internal static IEnumerable<(Keyword Kind, string[] Words)> All =>
    [
        (Keyword.Card, ["card", "cards", "visa", "master", "amex", "american express", "maestro", "diners", "discover", "karte", "carte", "tarjeta", "cc", "credit", "debit"]),
        (Keyword.Iban, ["iban", "bban"]),
        (Keyword.AccountNumber, ["account number", "account no", "account #", "account: ", "acct", "a/c no", "bank account", "kontonummer", "numéro de compte", "número de cuenta", "rekeningnummer"]),
        (Keyword.Routing, ["routing", "aba", "rtn", "transit", "ach"]),
        (Keyword.SortCode, ["sort code", "sort-code", "sortcode", "blz", "bankleitzahl", "bsb", "ifsc"]),
        (Keyword.Phone, [
            "phone", "telephone", "cellphone", "smartphone", "tel", "call", "calls", "called", "calling", "callback", "mobile", "cell", "fax", "whatsapp", "sms", "texted", "text me", "text us", "dial", "ring", "reach", "contact", "handy", "mobil", "fon", "móvil", "portable",
            "messages to", "answering", "hotline", "landline", "voicemail", "signal", "viber", "ph:", "ph.", "number to", "gsm", "puhelin", "telefon", "numero de"]),
        (Keyword.Identity, [
            "ssn", "social security", "social-security", "social insurance", "sin", "itin", "taxpayer", "tax id", "tax number", "tax file", "tin", "tfn", "national id", "national insurance", "nino", "identity", "id number", "id card", "id no", "personal number", "personal id",
            "nhs", "steuer", "idnr", "steueridentifikation", "sozialversicherung", "svnr", "ahv", "nir", "insee", "sécurité sociale", "securite sociale", "dni", "nie", "nif", "codice fiscale", "bsn", "burgerservice", "sofi", "rijksregister", "registre national",
            "pesel", "personnummer", "fødselsnummer", "fodselsnummer", "henkilötunnus", "hetu", "cpr", "cpf", "cnpj", "aadhaar", "aadhar", "uid", "pan", "身份证", "resident", "my number", "mynumber", "マイナンバー", "주민등록", "rrn", "medicare", "curp", "rfc",
            "rut", "run", "kimlik", "tckn", "teudat", "nric", "fin", "rodné číslo", "rodne cislo", "cnp", "amka", "pps", "citizen", "birth number", "isikukood", "asmens kodas", "emšo", "emso", "oib", "jmbg", "egn", "kennitala"]),
        (Keyword.Passport, ["passport", "reisepass", "passeport", "pasaporte", "passaporto", "paspoort", "pass no", "passnummer", "passaporte", "паспорт"]),
        (Keyword.License, ["driver", "driving", "licence", "license", "führerschein", "fuehrerschein", "permis de conduire", "patente di guida", "rijbewijs", "carnet de conducir", "licencia de conducir", "körkort", "dl", "d.l."]),
        (Keyword.NotIdentity, ["license key", "licence key", "license plate", "licensed", "software license"]),
        (Keyword.Birth, ["born", "birth", "dob", "d.o.b", "geboren", "geb.", "geburtsdatum", "né le", "née le", "naissance", "nacido", "nacida", "nacimiento", "nato il", "nata il", "nascita", "geboortedatum", "syntynyt", "född", "født", "narozen", "urodz"]),
        (Keyword.Amount, ["eur", "usd", "gbp", "chf", "dollar", "euro", "pound", "$", "€", "£", "¥", "kr", "invoice", "order", "amount", "total", "revenue", "units", "rows", "%", "bytes", "version", "build"]),
        (Keyword.Numbered, ["order", "invoice", "ticket", "case", "reference", "customer", "payment", "account", "id"]),
    ];
}
