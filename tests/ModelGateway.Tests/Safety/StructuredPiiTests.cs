using System.Globalization;
using Platform.ModelGateway.Safety.Patterns;

namespace Platform.ModelGateway.Tests.Safety;

/// <summary>Numbers are the issuers' published examples.</summary>
public sealed class StructuredPiiTests
{
    [Theory]
    [InlineData("card", "Charge 4111 1111 1111 1111 please", "4111 1111 1111 1111")]
    [InlineData("card", "amex 378282246310005.", "378282246310005")]
    [InlineData("card", "5555-5555-5555-4444", "5555-5555-5555-4444")]
    [InlineData("iban", "pay to GB29 NWBK 6016 1331 9268 19 today", "GB29 NWBK 6016 1331 9268 19")]
    [InlineData("iban", "IBAN: de89370400440532013000", "de89370400440532013000")]
    [InlineData("iban", "NO93 8601 1117 947", "NO93 8601 1117 947")]
    [InlineData("bankAccount", "routing number 021000021", "021000021")]
    [InlineData("bankAccount", "my bank account number is 12345678", "12345678")]
    [InlineData("bankAccount", "sort code 20-00-00", "20-00-00")]
    [InlineData("email", "Write to Ann.O'Neil+x@mail.example.co.uk, now", "Ann.O'Neil+x@mail.example.co.uk")]
    [InlineData("phone", "+44 20 7946 0958", "+44 20 7946 0958")]
    [InlineData("phone", "call (541) 754-3010", "(541) 754-3010")]
    [InlineData("phone", "or 541-754-3010 at night", "541-754-3010")]
    [InlineData("phone", "Tel. 030/12345678", "030/12345678")]
    [InlineData("phone", "06 12 34 56 78", "06 12 34 56 78")]
    [InlineData("phone", "my mobile is 5417543010", "5417543010")]
    [InlineData("ipAddress", "from 192.168.2.17:8080", "192.168.2.17")]
    [InlineData("ipAddress", "from 2001:db8::ff00:42:8329 it came", "2001:db8::ff00:42:8329")]
    [InlineData("macAddress", "nic 00:1B:44:11:3A:B7", "00:1B:44:11:3A:B7")]
    [InlineData("macAddress", "nic 00-1B-44-11-3A-B7", "00-1B-44-11-3A-B7")]
    [InlineData("url", "see https://example.com/a?b=1.", "https://example.com/a?b=1")]
    [InlineData("url", "see www.example.org/x for more", "www.example.org/x")]
    [InlineData("secret", "https://bob:hunter22@example.com/x", "https://bob:hunter22@example.com/x")]
    [InlineData("secret", "https://example.com/cb?access_token=abc", "https://example.com/cb?access_token=abc")]
    [InlineData("secret", "key AKIAIOSFODNN7EXAMPLE.", "AKIAIOSFODNN7EXAMPLE")]
    [InlineData("secret", "use sk-proj-abcdefghijklmnopqrstuv012345", "sk-proj-abcdefghijklmnopqrstuv012345")]
    [InlineData("secret", "ghp_0123456789abcdefghijABCDEFGHIJ012345", "ghp_0123456789abcdefghijABCDEFGHIJ012345")]
    [InlineData("secret", "the password is Tr0ub4dor&3", "Tr0ub4dor")]
    [InlineData("secret", "Authorization: Bearer abcDEF0123456789abcDEF", "abcDEF0123456789abcDEF")]
    [InlineData("secret", "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9P", "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9P")]
    [InlineData("secret", "-----BEGIN RSA PRIVATE KEY-----\nMIIE\n-----END RSA PRIVATE KEY----- bye", "-----BEGIN RSA PRIVATE KEY-----\nMIIE\n-----END RSA PRIVATE KEY-----")]
    [InlineData("wallet", "0x52908400098527886E0F7030069857D2E4169EE7", "0x52908400098527886E0F7030069857D2E4169EE7")]
    [InlineData("wallet", "bc1qar0srrr7xfkvy5l643lydnw9re59gtzzwf5mdq", "bc1qar0srrr7xfkvy5l643lydnw9re59gtzzwf5mdq")]
    [InlineData("passport", "passport number C01X00T47", "C01X00T47")]
    [InlineData("driverLicense", "driver's license: D123-4567-8901", "D123-4567-8901")]
    public void Find_PublishedExample_IsWholeAndTyped(string type, string text, string expected) =>
        Assert.Equal([(type, expected)], Finder.Find(text));

    /// <summary>Words with digits are read as far as they may begin a number; what follows them is not passed over.</summary>
    [Theory]
    [InlineData("nationalId", "word1 word2 12345678Z word3", "12345678Z")]
    [InlineData("nationalId", "item1 AB 12 34 56 C item2", "AB 12 34 56 C")]
    [InlineData("nationalId", "a1 b2 c3 RSSMRA85T10A562S d4", "RSSMRA85T10A562S")]
    [InlineData("iban", "row7 row8 GB29 NWBK 6016 1331 9268 19 row9", "GB29 NWBK 6016 1331 9268 19")]
    [InlineData("card", "step1 step2 4111 1111 1111 1111 step3", "4111 1111 1111 1111")]
    [InlineData("phone", "step1 +44 20 7946 0958", "+44 20 7946 0958")]
    [InlineData("passport", "part1 part2 passport number C01X00T47 part3", "C01X00T47")]
    [InlineData("wallet", "x1 0x1 0x52908400098527886E0F7030069857D2E4169EE7", "0x52908400098527886E0F7030069857D2E4169EE7")]
    [InlineData("secret", "0x12 then token=abcdef123456 and 0x34", "abcdef123456")]
    public void Find_AmongWordsWithDigits_IsFoundAsAlone(string type, string text, string expected) =>
        Assert.Contains((type, expected), Finder.Find(text));

    [Theory]
    [InlineData("SSN 536-90-4399", "536-90-4399")]
    [InlineData("AB 12 34 56 C", "AB 12 34 56 C")]
    [InlineData("NHS number 943 476 5919", "943 476 5919")]
    [InlineData("SIN 046-454-286", "046-454-286")]
    [InlineData("Steuer-ID 86 095 742 719", "86 095 742 719")]
    [InlineData("NIR 255081416802538", "255081416802538")]
    [InlineData("DNI 12345678Z", "12345678Z")]
    [InlineData("NIE X1234567L", "X1234567L")]
    [InlineData("RSSMRA85T10A562S", "RSSMRA85T10A562S")]
    [InlineData("BSN 111222333", "111222333")]
    [InlineData("85.07.30-033.28", "85.07.30-033.28")]
    [InlineData("PESEL 44051401359", "44051401359")]
    [InlineData("811218-9876", "811218-9876")]
    [InlineData("131052-308T", "131052-308T")]
    [InlineData("CPR 211062-5629", "211062-5629")]
    [InlineData("fødselsnummer 01010750160", "01010750160")]
    [InlineData("CPF 529.982.247-25", "529.982.247-25")]
    [InlineData("11.222.333/0001-81", "11.222.333/0001-81")]
    [InlineData("2341 2341 2346", "2341 2341 2346")]
    [InlineData("11010519491231002X", "11010519491231002X")]
    [InlineData("My Number 123456789018", "123456789018")]
    [InlineData("8001015009087 is my id number", "8001015009087")]
    [InlineData("756.9217.0769.85", "756.9217.0769.85")]
    [InlineData("TC kimlik 10000000146", "10000000146")]
    [InlineData("tax file number 123 456 782", "123 456 782")]
    [InlineData("CNP 1800101221144", "1800101221144")]
    public void Find_NationalNumber_IsFound(string text, string expected) =>
        Assert.Contains(("nationalId", expected), Finder.Find(text));

    [Theory]
    [InlineData("Invoice INV-2026-00042 over 12 345 678 EUR is due 2026-03-31.")]
    [InlineData("Order 4711 of 2026-03-01 10:15:00, 1,234,567.89 USD, 15.03.2026.")]
    [InlineData("4111 1111 1111 1112 and 1234567890123")]
    [InlineData("GB00 0000 0000 0000 0000 00")]
    [InlineData("Version 10.0.26100 of Platform.ModelGateway.dll, file Program.cs, build 1.2.3.4567")]
    [InlineData("It rose by 12.5% to 1.234.567 in Q3/2025; see 3:45 and 12/1.")]
    [InlineData("SSN 000-12-3456 and 666-12-3456 do not exist; part 123456789")]
    [InlineData("Order number 1234567890, reference 20260301123456")]
    [InlineData("std::vector and a::b, ratio 16:9, i.e. e.g. and so on...")]
    [InlineData("The token bucket is full; the secret of success is patience; password reset")]
    public void Find_BusinessText_IsLeftAlone(string text) => Assert.Empty(Finder.Structured(text));

    [Fact]
    public void Find_EverySingleDigitErrorInACard_IsNoCard()
    {
        const string card = "4111111111111111";
        for (var place = 1; place < card.Length; place++)
        {
            for (var digit = '0'; digit <= '9'; digit++)
            {
                if (digit != card[place])
                {
                    var wrong = string.Concat(card.AsSpan(0, place), [digit], card.AsSpan(place + 1));
                    Assert.DoesNotContain(Finder.Find($"number {wrong} here"), found => found.Type == "card");
                }
            }
        }
    }

    [Fact]
    public void Find_LongTextOfAnchors_StaysLinear()
    {
        foreach (var unit in new[] { "1", "1 ", "a.", "@", ":", "a@a.", "4111 ", "eyJ", "sk-", "password=", "http://", "GB29 ", "0x", "+1-", "Bearer " })
        {
            var text = string.Concat(Enumerable.Repeat(unit, 50_000 / unit.Length));
            Finder.Find(text).Count();
        }
    }

    [Fact]
    public void Verhoeff_EveryDigitErrorAndSwap_Fails()
    {
        const string number = "2363";
        Assert.True(Checksums.Verhoeff(number));
        for (var value = 0; value < 10_000; value++)
        {
            var other = value.ToString("0000", CultureInfo.InvariantCulture);
            if (other.Zip(number).Count(pair => pair.First != pair.Second) == 1)
            {
                Assert.False(Checksums.Verhoeff(other));
            }
        }
    }
}
