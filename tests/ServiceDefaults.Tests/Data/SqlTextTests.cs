namespace Platform.ServiceDefaults.Tests.Data;

/// <summary>What traces show of statements.</summary>
public sealed class SqlTextTests
{
    [Theory]
    [InlineData("SELECT 1", "SELECT")]
    [InlineData("select * from domain.invoices where id = $1", "SELECT domain.invoices")]
    [InlineData("SELECT i.id FROM domain.invoices AS i JOIN domain.customers c ON c.id = i.customer_id", "SELECT domain.invoices domain.customers")]
    [InlineData("SELECT * FROM a, b x, \"C\".\"D\" WHERE a.x = ANY($1)", "SELECT a b C.D")]
    [InlineData("INSERT INTO app.memories (id, text) VALUES ($1, 'from the past') ON CONFLICT (id) DO UPDATE SET text = excluded.text RETURNING id", "INSERT app.memories")]
    [InlineData("UPDATE app.jobs SET at = now() FROM app.runs r WHERE r.id = jobs.id", "UPDATE app.jobs app.runs")]
    [InlineData("DELETE FROM ONLY app.memories USING app.users WHERE true", "DELETE app.memories app.users")]
    [InlineData("WITH due AS (SELECT * FROM domain.invoices), total AS MATERIALIZED (SELECT sum(x) FROM due) SELECT * FROM total, due", "SELECT domain.invoices")]
    [InlineData("WITH gone AS (DELETE FROM app.queue WHERE id IN (SELECT id FROM app.queue FOR UPDATE SKIP LOCKED) RETURNING *) SELECT * FROM gone", "DELETE app.queue")]
    [InlineData("SELECT extract(year FROM issued_on), substring(name from 2) FROM domain.invoices WHERE a IS DISTINCT FROM b", "SELECT domain.invoices")]
    [InlineData("SELECT * FROM unnest($1::text[], $2) AS t(a, b) JOIN domain.customers USING (id)", "SELECT domain.customers")]
    [InlineData("SELECT * FROM generate_series(1, 5) g, domain.payments", "SELECT domain.payments")]
    [InlineData("SELECT x FROM (SELECT y FROM domain.payments) p WHERE EXISTS (SELECT 1 FROM domain.invoices)", "SELECT domain.payments domain.invoices")]
    [InlineData("COPY app.memories (id, text) FROM STDIN", "COPY app.memories")]
    [InlineData("TRUNCATE TABLE app.memories", "TRUNCATE app.memories")]
    [InlineData("-- from nowhere\n/* from x */ SELECT '-- from y' FROM z", "SELECT z")]
    [InlineData("BEGIN", "BEGIN")]
    [InlineData("", "SQL")]
    [InlineData("SELECT 1; UPDATE app.a SET x = 1", "UPDATE app.a")]
    public void Summary_IsTheOperationAndItsTables(string sql, string summary) => Assert.Equal(summary, SqlText.Of(sql).Summary);

    [Theory]
    [InlineData("SELECT * FROM c WHERE name = 'O''Neil' AND amount > 1234.50 AND id = $1", "SELECT * FROM c WHERE name = ? AND amount > ? AND id = $1")]
    [InlineData("SELECT E'a\\'b', $$secret$$, $t$x'$t$, x'ff', \"Col'umn\"", "SELECT ?, ?, ?, ?, \"Col'umn\"")]
    [InlineData("SELECT 1 -- of Delta Industries", "SELECT ?")]
    [InlineData("SELECT 'never closed", "SELECT ?")]
    [InlineData("SELECT a1, b2 FROM t3 LIMIT 10", "SELECT a1, b2 FROM t3 LIMIT ?")]
    public void Text_HoldsNoLiterals(string sql, string text) => Assert.Equal(text, SqlText.Of(sql).Text);

    [Fact]
    public void Of_AnyText_Ends()
    {
        var random = new Random(7);
        const string Signs = "ab'\"$1(),.;-/* \n\\EFROM SELECT";
        for (var i = 0; i < 3000; i++)
        {
            var sql = new string([.. Enumerable.Range(0, random.Next(60)).Select(_ => Signs[random.Next(Signs.Length)])]);
            Assert.NotNull(SqlText.Of("SELECT " + sql).Summary);
        }
    }
}
