namespace Platform.ModelGateway.Safety.Words;

/// <summary>
/// Names of persons, places and companies. Capitalised words that follow each other are one name; the lists, what stands around
/// it, and, in English text, that no English word is written so, decide whether it is one and whose.
/// </summary>
internal static class NameRules
{
    private const int LongestName = 7;
    private const int LongestPlace = 4;

    internal static void Find(WordText text, PiiFindings findings)
    {
        for (var index = 0; index < text.Count;)
        {
            findings.Step();
            ref readonly var word = ref text[index];
            if (word.Is(WordKinds.PersonTitle) && IsTitle(text, index))
            {
                findings.Add(PiiType.Title, word.Start, word.End + (text.CharacterAfter(index) == '.' ? 1 : 0));
                index = AfterTitle(text, index + 1, findings);
                continue;
            }

            if (word.Is(WordKinds.Nationality) && Place(text, index) <= index && (word.IsUpper || !word.IsEnglish) && !IsPartOfName(text, index))
            {
                findings.Add(PiiType.Nationality, word.Start, word.End);
                index++;
                continue;
            }

            index = word.IsUpper ? Capitalised(text, index, findings)
                : word.Shape == WordShape.Lower && word.Kinds != WordKinds.None ? Small(text, index, findings)
                : Unknown(text, index, findings);
        }
    }

    private static bool IsTitle(WordText text, int index)
    {
        ref readonly var word = ref text[index];
        return index + 1 < text.Count && text.Gap(index) is " " or ". " or "." && text[index + 1].Shape != WordShape.Number
            && (word.IsUpper || (text.Gap(index).StartsWith(".") && word.Length < 4))
            && (text[index + 1].IsUpper || text[index + 1].Is(WordKinds.GivenName | WordKinds.Surname) || !text[index + 1].IsEnglish)
            && (!word.IsEnglish || text.Gap(index).StartsWith(".") || text[index + 1].IsUpper);
    }

    private static int AfterTitle(WordText text, int index, PiiFindings findings)
    {
        var last = index;
        while (last + 1 < text.Count && last - index < 3 && text.Gap(last) is " " or ". " && (text[last + 1].IsUpper || text[last + 1].Is(WordKinds.Particle))
            && !(text.Gap(last) is ". " && text[last].Length > 1))
        {
            last++;
        }

        findings.Add(PiiType.Person, text[index].Start, text[last].End);
        return last + 1;
    }

    /// <summary>"Polish" before a noun is a nationality; within a longer name it belongs to that.</summary>
    private static bool IsPartOfName(WordText text, int index) =>
        text[index].IsName && ((index + 1 < text.Count && text.SpaceAfter(index) && text[index + 1].IsUpper && !text[index + 1].IsEnglish && text[index + 1].IsName)
            || (index > 0 && text.SpaceAfter(index - 1) && text[index - 1].IsUpper && text[index - 1].Is(WordKinds.GivenName) && !text[index - 1].IsEnglish));

    private static int Capitalised(WordText text, int first, PiiFindings findings)
    {
        if (Place(text, first) is var place && place >= first && IsPlaceHere(text, first, place))
        {
            findings.Add(PiiType.Location, text[first].Start, text[place].End);
            return place + 1;
        }

        if (!Starts(text, first))
        {
            return first + 1;
        }

        var last = Chain(text, first);
        var kind = Kind(text, first, last);
        if (kind is { } type)
        {
            findings.Add(type, text[first].Start, text[last].End);
            return last + 1;
        }

        return first + 1;
    }

    /// <summary>A word that may begin a name: in a list of names, or no English word in English text.</summary>
    private static bool Starts(WordText text, int index)
    {
        ref readonly var word = ref text[index];
        if (word.Is(WordKinds.Calendar) || (word.Length == 1 && !IsInitial(text, index)) || text.CharacterBefore(index) is '#' or '@' or '_' or '/' or '\\' || IsAbbreviation(text, index))
        {
            return false;
        }

        return word.IsName || IsUnknown(text, index) || word.Length == 1 || RightAfterCue(text, index)
            || (!word.BeginsSentence && FollowedByLegalForm(text, index)) || (word.BeginsSentence && FollowedByLegalForm(text, index) && word.Shape != WordShape.Lower);
    }

    private static bool IsUnknown(WordText text, int index) =>
        text.IsEnglish && (text[index].Shape == WordShape.Capitalised || (text[index].Shape == WordShape.Capitals && text[index].Length > 4)) && text[index].Length > 2 && !text[index].Is(WordKinds.English | WordKinds.Nationality | WordKinds.UnitWord | WordKinds.StreetWord);

    private static bool IsAbbreviation(WordText text, int index) =>
        text[index].Shape == WordShape.Capitals && (text[index].Length <= 4 || text[index].IsEnglish) && !(text[index].IsName && index + 1 < text.Count && text[index + 1].Shape == WordShape.Capitals && text[index + 1].IsName);

    private static bool IsInitial(WordText text, int index, int more = 2) =>
        text[index].Length == 1 && text[index].IsUpper && text.CharacterAfter(index) == '.' && index + 1 < text.Count && text.Gap(index) is ". " or "." && text[index + 1].IsUpper
        && (text[index + 1].Length == 1 ? more > 0 && IsInitial(text, index + 1, more - 1) : text[index + 1].IsName || !text[index + 1].IsEnglish);

    private static bool FollowedByLegalForm(WordText text, int index)
    {
        for (var next = index; next + 1 < text.Count && next - index < 3 && text.Gap(next) is " " or " & " or ", "; next++)
        {
            if (!text[next + 1].IsUpper)
            {
                return false;
            }

            if (text[next + 1].Is(WordKinds.LegalForm))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>The last word of the name that begins with the first.</summary>
    private static int Chain(WordText text, int first)
    {
        var last = first;
        while (last + 1 < text.Count && last - first + 1 < LongestName)
        {
            ref readonly var next = ref text[last + 1];
            var gap = text.Gap(last);
            if (gap is ". " or "." && text[last].Length == 1 && next.IsUpper)
            {
                last++;
            }
            else if (gap is not (" " or "  " or " & ") || next.Is(WordKinds.PersonTitle) && !next.IsName)
            {
                break;
            }
            else if (next.IsUpper && !next.Is(WordKinds.Calendar) && (next.IsName || next.Is(WordKinds.LegalForm) || next.Length == 1 || IsUnknown(text, last + 1) || !next.IsEnglish))
            {
                last++;
            }
            else if (next.Shape == WordShape.Capitalised && !next.Is(WordKinds.Calendar) && (text[last].Length == 1 || (last == first && text[first].Is(WordKinds.GivenName) && !text[first].IsEnglish)))
            {
                // Key, Begum, Sparks: after a given name or an initial any word is a surname.
                last++;
            }
            else if (next.Is(WordKinds.Particle) && AfterParticles(text, last + 1) is var end && end > 0 && (next.IsUpper || !next.IsEnglish || text[first].Is(WordKinds.GivenName)))
            {
                last = end;
            }
            else
            {
                break;
            }
        }

        // A single letter at the end is no name's end: "plan B", "Team A".
        while (last > first && text[last].Length == 1)
        {
            last--;
        }

        return last;
    }

    /// <summary>The capitalised word after "van der", "de la" and the like; 0 when there is none.</summary>
    private static int AfterParticles(WordText text, int index)
    {
        for (var steps = 0; steps < 3 && index + 1 < text.Count && text.SpaceAfter(index); steps++)
        {
            index++;
            if (!text[index].Is(WordKinds.Particle))
            {
                return text[index].IsUpper ? index : 0;
            }
        }

        return 0;
    }

    private static PiiType? Kind(WordText text, int first, int last)
    {
        var (given, surname, unknown, english) = (0, 0, 0, 0);
        for (var index = first; index <= last; index++)
        {
            ref readonly var word = ref text[index];
            given += word.Is(WordKinds.GivenName) && !word.IsEnglish ? 1 : 0;
            surname += word.Is(WordKinds.Surname) && !word.IsEnglish ? 1 : 0;
            unknown += !word.IsName && !word.IsEnglish && word.Length > 1 ? 1 : 0;
            english += word.IsEnglish ? 1 : 0;
        }

        if (last > first && text[last].Is(WordKinds.LegalForm))
        {
            return PiiType.Organization;
        }

        if (text[first].Shape == WordShape.Mixed && given + surname == 0)
        {
            return text.IsEnglish && last == first && text[first].IsEnglish ? null : PiiType.Organization;
        }

        var words = last - first + 1;
        if (words > 1)
        {
            return given + surname + unknown > 0 || (english == words && text[first].Is(WordKinds.GivenName) && text[last].Is(WordKinds.Surname)) ? Several(text, first, given, surname) : null;
        }

        return Single(text, first);
    }

    private static PiiType Several(WordText text, int first, int given, int surname) =>
        given > 0 || surname > 0 || !text.IsOneOf(first - 1, Cues.BeforePlace) ? PiiType.Person : PiiType.Location;

    private static PiiType? Single(WordText text, int index)
    {
        ref readonly var word = ref text[index];
        if (word.IsEnglish)
        {
            // Will, Mark, Grant: capitals within a sentence, where another word would have none.
            var isCalled = PersonBefore(text, index) || text.CharacterAfter(index) == ':' && word.BeginsSentence && word.Is(WordKinds.GivenName);
            if (RightAfterCue(text, index) || IsPaired(text, index))
            {
                return PiiType.Person;
            }

            return word.IsName && !word.Is(WordKinds.LegalForm) && (!word.BeginsSentence || IsAnswer(text, index)) && isCalled && !NextIsCapitalised(text, index) ? PiiType.Person : null;
        }

        // Three letters of no list are an abbreviation; where every noun has a capital, a surname alone is too often a word.
        if ((!word.IsName && word.Length <= 3) || (!text.IsEnglish && !word.Is(WordKinds.GivenName) && !PersonBefore(text, index)))
        {
            return null;
        }

        if (word.IsName && !text.IsOneOf(index - 1, Cues.BeforePlace))
        {
            return text.IsOneOf(index + 1, Cues.AfterPlace) && !word.Is(WordKinds.GivenName) ? PiiType.Location : PiiType.Person;
        }

        if (text.IsOneOf(index - 1, Cues.BeforePlace) && !(word.Is(WordKinds.GivenName) && text.IsOneOf(index - 1, Cues.BeforePerson)))
        {
            return PiiType.Location;
        }

        return word.IsName || text.IsOneOf(index + 1, Cues.AfterPerson) || PersonBefore(text, index) ? PiiType.Person
            : text.IsOneOf(index + 1, Cues.AfterPlace) ? PiiType.Location
            : text.IsOneOf(index - 1, Cues.BeforeCompany) ? PiiType.Organization
            : PiiType.Person;
    }

    private static bool PersonBefore(WordText text, int index) =>
        index > 0 && text.Gap(index - 1) is " " or ": " or ", " or " (" && text.IsOneOf(index - 1, Cues.BeforePerson);

    private static bool RightAfterCue(WordText text, int index) =>
        index > 0 && text.SpaceAfter(index - 1) && text[index].Shape == WordShape.Capitalised && text.IsOneOf(index - 1, Cues.RightBeforePerson) && !NextIsCapitalised(text, index);

    /// <summary>"Park and Mann": of two words with capitals and "and" between, one is a name of the lists alone, or both are names and words.</summary>
    private static bool IsPaired(WordText text, int index)
    {
        var other = text.Is(index + 1, "and") ? index + 2 : text.Is(index - 1, "and") ? index - 2 : -1;
        return other >= 0 && other < text.Count && text[other].Shape == WordShape.Capitalised && text[other].IsName && text[index].IsName && !NextIsCapitalised(text, index)
            && (index > other ? text[index - 1].Start - text[other].End == 1 : text[other].Start - text[index + 1].End == 1);
    }

    /// <summary>"What is your last name? Key".</summary>
    private static bool IsAnswer(WordText text, int index) =>
        index > 0 && text.Gap(index - 1) is "? " or ": " && text.Is(index - 1, "name");

    private static bool NextIsCapitalised(WordText text, int index) =>
        index + 1 < text.Count && text.SpaceAfter(index) && text[index + 1].IsUpper;

    /// <summary>The last word of the longest place of the lists that begins here; less than the first when there is none.</summary>
    private static int Place(WordText text, int first)
    {
        var found = first - 1;
        var hash = text[first].Hash;
        if (text[first].Is(WordKinds.City | WordKinds.Country))
        {
            found = first;
        }

        for (var last = first + 1; last < text.Count && last - first < LongestPlace && text.Gap(last - 1) is " " or "-"; last++)
        {
            hash = Lexicon.Hash(text.Span(last), Lexicon.Hash(text.Gap(last - 1), hash));
            if (text[last].IsUpper && (Lexicon.Instance.Find(hash) & (WordKinds.City | WordKinds.Country)) != 0)
            {
                found = last;
            }
        }

        return found;
    }

    private static bool IsPlaceHere(WordText text, int first, int last)
    {
        if (last > first)
        {
            return true;
        }

        ref readonly var word = ref text[first];
        if (word.Is(WordKinds.Country) && !word.IsEnglish && !(word.IsName && NextIsCapitalised(text, first)) && word.Length > 2)
        {
            return true;
        }

        var placed = text.IsOneOf(first - 1, Cues.BeforePlace) || text.IsOneOf(first + 1, Cues.AfterPlace);
        return word.IsEnglish ? placed && !word.BeginsSentence && word.Is(WordKinds.City | WordKinds.Country) && !NextIsCapitalised(text, first) && !word.Is(WordKinds.LegalForm)
            : placed || (!word.IsName && !NextIsCapitalised(text, first));
    }

    /// <summary>Small letters: a name of the lists that is no English word, where a name may stand, or a country.</summary>
    private static int Small(WordText text, int index, PiiFindings findings)
    {
        ref readonly var word = ref text[index];
        if (!text.IsEnglish || word.IsEnglish || word.Length < 3)
        {
            return index + 1;
        }

        if (word.Is(WordKinds.Country))
        {
            findings.Add(PiiType.Location, word.Start, word.End);
            return index + 1;
        }

        if (word.Is(WordKinds.City) && text.IsOneOf(index - 1, Cues.BeforePlace))
        {
            findings.Add(PiiType.Location, word.Start, word.End);
            return index + 1;
        }

        if (!word.IsName || word.Is(WordKinds.Particle | WordKinds.PersonTitle | WordKinds.Calendar | WordKinds.UnitWord))
        {
            return index + 1;
        }

        var last = index;
        while (last + 1 < text.Count && last - index < 3 && text.SpaceAfter(last) && text[last + 1].Shape == WordShape.Lower && !text[last + 1].IsEnglish && text[last + 1].Length > 2)
        {
            last++;
        }

        if (word.Is(WordKinds.GivenName) || last > index || PersonBefore(text, index))
        {
            findings.Add(PiiType.Person, word.Start, text[last].End);
        }

        return last + 1;
    }

    /// <summary>A word of no list in small letters is a name only where nothing else may stand.</summary>
    private static int Unknown(WordText text, int index, PiiFindings findings)
    {
        ref readonly var word = ref text[index];
        if (text.IsEnglish && word.Shape == WordShape.Lower && word.Length > 3 && word.Kinds == WordKinds.None && index > 1 && text.SpaceAfter(index - 1)
            && (text.Is(index - 1, "in") || text.Is(index - 1, "from")) && text[index - 2].Length > 3 && (text.EndsLine(index) || text.CharacterAfter(index) is '.' or ',' or '?' or '!'))
        {
            findings.Add(PiiType.Location, word.Start, word.End);
        }

        return index + 1;
    }
}
