namespace Platform.Migrations.Indexes;

/// <summary>How an index of the catalog stands in a database.</summary>
internal enum IndexState
{
    /// <summary>There, valid and as defined.</summary>
    Present,

    /// <summary>Not there.</summary>
    Missing,

    /// <summary>Left behind by a build that did not finish; PostgreSQL does not use it.</summary>
    Invalid,

    /// <summary>There under this name, but over other columns.</summary>
    Different,

    /// <summary>Its relation is a view of the user's: the table below the view needs the index.</summary>
    NotApplicable,

    /// <summary>Its table does not exist yet.</summary>
    NoTable,
}

/// <param name="Index">The index.</param>
/// <param name="State">How it stands.</param>
/// <param name="Found">The definition found, when it differs.</param>
internal sealed record IndexReport(IndexDefinition Index, IndexState State, string Found = "")
{
    /// <summary>True when the database is not ready for production because of it.</summary>
    public bool IsProblem => State is not (IndexState.Present or IndexState.NotApplicable);
}
