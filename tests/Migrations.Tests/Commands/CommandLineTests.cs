using Platform.Migrations.Commands;
using Xunit;

namespace Platform.Migrations.Tests.Commands;

public sealed class CommandLineTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("There is no command 'impor'", "impor")]
    [InlineData("'check' has no option '--fast'", "check", "--fast")]
    [InlineData("needs --map", "import", "--file", "x.csv")]
    [InlineData("--seed is 'many'", "sample", "--seed", "many", "--connection", "Host=nowhere")]
    [InlineData("--today is '1.1.2026'", "sample", "--today", "1.1.2026", "--connection", "Host=nowhere")]
    [InlineData("--sample is 'perhaps'", "migrate", "--sample=perhaps", "--connection", "Host=nowhere")]
    [InlineData("--seed needs a value", "sample", "--seed")]
    [InlineData("--seed needs a value", "sample", "--seed", "--reset")]
    [InlineData("--seed is given twice", "sample", "--seed", "1", "--seed", "2")]
    [InlineData("--reset is a switch", "sample", "--reset=yes")]
    [InlineData("--organization must not be blank", "sample", "--organization", " ", "--connection", "Host=nowhere")]
    public async Task Run_WrongUsage_Exits2AndSaysWhat(string expected, params string[] arguments)
    {
        var outcome = await TestDatabase.RunWithoutDatabaseAsync(Token, arguments);

        Assert.Equal(MigrationsCli.WrongUsage, outcome.ExitCode);
        Assert.Contains(expected, outcome.Error, StringComparison.Ordinal);
        Assert.Single(outcome.Error.TrimEnd().Split('\n'));
    }

    [Fact]
    public async Task Help_WithoutCommand_ListsEveryCommand()
    {
        var outcome = await TestDatabase.RunWithoutDatabaseAsync(Token, "--help");

        Assert.Equal(MigrationsCli.Done, outcome.ExitCode);
        Assert.All(CommandCatalog.All, command => Assert.Contains(command.Help, outcome.Output, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("migrate")]
    [InlineData("check")]
    [InlineData("sample")]
    [InlineData("import")]
    public async Task Help_OfCommand_ListsItsOptions(string name)
    {
        var outcome = await TestDatabase.RunWithoutDatabaseAsync(Token, name, "--help");

        var command = CommandCatalog.All.Single(candidate => candidate.Name == name);
        Assert.Equal(MigrationsCli.Done, outcome.ExitCode);
        Assert.All(command.Options, option => Assert.Contains(option.Name, outcome.Output, StringComparison.Ordinal));
    }

    [Fact]
    public void Parse_NoArguments_IsMigrate() => Assert.Equal("migrate", CommandLine.Parse([], CommandCatalog.All).Command.Name);

    [Fact]
    public void Parse_EqualsForm_KeepsEqualsSignsOfTheValue()
    {
        var line = CommandLine.Parse(["check", "--connection=Host=a;Port=1"], CommandCatalog.All);

        Assert.Equal("Host=a;Port=1", line.Text("--connection"));
    }

    [Fact]
    public async Task Run_ServerIsAway_SaysWhereItLooked()
    {
        var outcome = await TestDatabase.RunWithoutDatabaseAsync(Token, "check", "--connection", "Host=127.0.0.1;Port=1;Username=nobody;Database=none;Timeout=1", "--wait", "0");

        Assert.Equal(MigrationsCli.Failed, outcome.ExitCode);
        Assert.Contains("Cannot open database 'none' on 127.0.0.1:1", outcome.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_ConnectionStringIsNonsense_DoesNotRepeatIt()
    {
        var outcome = await TestDatabase.RunWithoutDatabaseAsync(Token, "check", "--connection", "Password=secret;Nonsense=1");

        Assert.Equal(MigrationsCli.Failed, outcome.ExitCode);
        Assert.Contains("ConnectionStrings:platform", outcome.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", outcome.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_Cancelled_ExitsWithoutAStackTrace()
    {
        using var stopped = new CancellationTokenSource();
        await stopped.CancelAsync();

        var outcome = await TestDatabase.RunWithoutDatabaseAsync(stopped.Token, "check", "--connection", "Host=127.0.0.1;Port=1");

        Assert.Equal(MigrationsCli.Failed, outcome.ExitCode);
        Assert.Contains("Stopped", outcome.Error, StringComparison.Ordinal);
    }
}
