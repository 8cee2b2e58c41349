using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Running;
using Aspire.Hosting.Servers;
using Aspire.Hosting.Testing;
using Microsoft.Extensions.Configuration;
using Xunit;

namespace Aspire.Hosting.Tests.Servers;

/// <summary>The order in which a server is found, on a machine whose programs the test places.</summary>
public sealed class ServerProvisionTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("aspire-provision-").FullName;
    private readonly FakeServer server = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Prepare_ProgramsOnPath_UsesThem()
    {
        Place("fake-server");
        Place("docker", "exit 0");

        var plan = await PrepareAsync();

        Assert.Equal(Path.Combine(folder, "fake-server"), plan.Program);
    }

    [Fact]
    public async Task Prepare_ProgramsInTheUsualFolder_UsesThem()
    {
        var usual = Directory.CreateDirectory(Path.Combine(folder, "usual")).FullName;
        Place("usual/fake-server");
        server.UsualFolders = [usual];

        Assert.Equal(Path.Combine(usual, "fake-server"), (await PrepareAsync()).Program);
    }

    [Fact]
    public async Task Prepare_EngineAnswers_RunsTheImageAndHidesThePassword()
    {
        Place("docker", "exit 0");

        var plan = await PrepareAsync();

        Assert.Equal(Path.Combine(folder, "docker"), plan.Program);
        Assert.Equal(["run", "--rm", "--name"], plan.Arguments.Take(3));
        Assert.Contains("127.0.0.1:4321:99", plan.Arguments);
        Assert.Contains("volume-1:/data", plan.Arguments);
        Assert.Equal(["docker.io/library/fake:1", "serve"], plan.Arguments.TakeLast(2));
        Assert.DoesNotContain(plan.Arguments, argument => argument.Contains("hidden", StringComparison.Ordinal));
        Assert.Equal("hidden", plan.Environment["FAKE_PASSWORD"]);
        Assert.Equal(plan.Arguments[3], plan.Container!.Value.Name);
    }

    [Fact]
    public async Task Prepare_ClientWithoutEngine_TriesTheNextRuntime()
    {
        Place("docker", "exit 1");
        Place("podman", "exit 0");

        Assert.Equal(Path.Combine(folder, "podman"), (await PrepareAsync()).Program);
    }

    [Fact]
    public async Task Prepare_DebianRoot_InstallsAnnouncesAndUses()
    {
        Place("apt-get", $"[ \"$3\" = install ] || exit 1\nprintf '' > {folder}/fake-server");

        var plan = await PrepareAsync(isDebianRoot: true);

        Assert.Equal(Path.Combine(folder, "fake-server"), plan.Program);
    }

    [Fact]
    public async Task Prepare_PackageListsMissing_UpdatesThemAndTriesAgain()
    {
        Place("apt-get", $"[ \"$3\" = update ] && printf '' > {folder}/updated && exit 0\n[ -e {folder}/updated ] || exit 100\nprintf '' > {folder}/fake-server");

        Assert.Equal(Path.Combine(folder, "fake-server"), (await PrepareAsync(isDebianRoot: true)).Program);
    }

    [Fact]
    public async Task Prepare_InstallForbidden_DoesNotInstall()
    {
        Place("apt-get", $"printf '' > {folder}/fake-server");

        await Assert.ThrowsAsync<ServerNotAvailableException>(() => PrepareAsync(isDebianRoot: true, forbidInstall: true));

        Assert.False(File.Exists(Path.Combine(folder, "fake-server")));
    }

    [Fact]
    public async Task Prepare_Nothing_SaysWhatWasLookedForAndWhatToDo()
    {
        Place("docker", "exit 1");

        var exception = await Assert.ThrowsAsync<ServerNotAvailableException>(() => PrepareAsync());

        Assert.Contains("FakeDB is needed for 'things'", exception.Message, StringComparison.Ordinal);
        Assert.Contains("ConnectionStrings__things", exception.Message, StringComparison.Ordinal);
        Assert.Contains("fake-server", exception.Message, StringComparison.Ordinal);
        Assert.Contains("Install it and start again:", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_ServerMissing_FailsItAndItsDependants()
    {
        await using var builder = DistributedApplicationTestingBuilder.Create();
        var things = builder.AddResource(new ThingServer("things"))
            .WithAnnotation(new EndpointAnnotation(System.Net.Sockets.ProtocolType.Tcp, name: "tcp"))
            .WithAnnotation(new FakeServer { ProgramNames = ["no-such-program-anywhere"] });
        builder.AddExecutable("program", "true", "/").WaitFor(things);
        builder.Configuration[ServerProvision.NoInstallVariable] = "1";
        await using var application = await builder.BuildAsync(Cancellation);
        await application.StartAsync(Cancellation);

        var exception = await Assert.ThrowsAsync<DistributedApplicationException>(
            () => application.ResourceNotifications.WaitForResourceHealthyAsync("program", Cancellation));

        Assert.Contains("Install it and start again:", exception.Message, StringComparison.Ordinal);
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);

    private void Place(string program, string script = "exit 0")
    {
        var file = Path.Combine(folder, program);
        File.WriteAllText(file, $"#!/bin/sh\n{script}\n");
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        }
    }

    private async Task<ProcessPlan> PrepareAsync(bool isDebianRoot = false, bool forbidInstall = false)
    {
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(new Dictionary<string, string?> { [ServerProvision.NoInstallVariable] = forbidInstall ? "1" : null })
            .Build();
        await using var watchdog = new Watchdog();
        var provision = new ServerProvision(configuration, new ResourceOutput(), watchdog) { SearchPath = folder, IsDebianRoot = isDebianRoot };
        var resource = new ThingServer("things");
        resource.Annotations.Add(new ContainerImageAnnotation { Registry = "docker.io", Image = "library/fake", Tag = "1" });
        resource.Annotations.Add(new ContainerMountAnnotation("volume-1", "/data", ContainerMountType.Volume, false));
        return await provision.PrepareAsync(
            server, new LocalServerStart(resource, 4321, folder, true, (_, _) => Task.CompletedTask), Cancellation);
    }

    private sealed class ThingServer(string name) : ContainerResource(name), IResourceWithConnectionString
    {
        public ReferenceExpression ConnectionStringExpression => ReferenceExpression.Create($"thing");
    }

    private sealed class FakeServer : LocalServer
    {
        public IReadOnlyList<string> ProgramNames { get; init; } = ["fake-server"];

        public IEnumerable<string> UsualFolders { get; set; } = [];

        public override string Product => "FakeDB";

        public override IReadOnlyList<string> Programs => ProgramNames;

        public override IEnumerable<string> Folders => UsualFolders;

        public override string DebianPackage => "fake-server";

        public override string BrewFormula => "fake";

        public override int ContainerPort => 99;

        public override Task<ProcessPlan> PrepareAsync(LocalServerStart start, string programFolder, CancellationToken cancellationToken) =>
            Task.FromResult(new ProcessPlan(Path.Combine(programFolder, "fake-server"), [], "/"));

        public override Task<IReadOnlyDictionary<string, string>> ContainerEnvironmentAsync(CancellationToken cancellationToken) =>
            Task.FromResult<IReadOnlyDictionary<string, string>>(new Dictionary<string, string> { ["FAKE_PASSWORD"] = "hidden" });

        public override Task<IReadOnlyList<string>> ContainerArgumentsAsync(CancellationToken cancellationToken) =>
            Task.FromResult<IReadOnlyList<string>>(["serve"]);

        public override Task ProbeAsync(string connectionString, CancellationToken cancellationToken) => Task.CompletedTask;

        public override Task InitializeAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
