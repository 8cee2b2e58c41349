using System.Net.NetworkInformation;

var builder = DistributedApplication.CreateBuilder([.. args.Except([SimulatedModels.Flag])]);

var openAiKey = OptionalSecret("openai-api-key");
var database = builder.AddPostgres("postgres").WithDataVolume().AddDatabase("platform");
var redis = builder.AddRedis("redis").WithDataVolume();
var migrations = builder.AddProject<Projects.Migrations>("migrations").WithReference(database).WaitFor(database);

var modelGateway = Service<Projects.ModelGateway>("model-gateway")
    .WithEnvironment("OPENAI_API_KEY", openAiKey);
if (args.Contains(SimulatedModels.Flag))
{
    modelGateway.WithSimulatedModels();
}

var entityResolution = Service<Projects.EntityResolution>("entity-resolution");
var patternAnalysis = Service<Projects.PatternAnalysis>("pattern-analysis");
var memory = Service<Projects.Memory>("memory").WithReference(modelGateway);
var dataQuestions = Service<Projects.DataQuestions>("data-questions").WithReference(modelGateway);
var contextSynthesis = Service<Projects.ContextSynthesis>("context-synthesis").WithReference(modelGateway);
var responseGeneration = Service<Projects.ResponseGeneration>("response-generation").WithReference(modelGateway);

Service<Projects.Gateway>("gateway")
    .WithReference(entityResolution).WaitFor(entityResolution)
    .WithReference(memory).WaitFor(memory)
    .WithReference(patternAnalysis).WaitFor(patternAnalysis)
    .WithReference(dataQuestions).WaitFor(dataQuestions)
    .WithReference(contextSynthesis).WaitFor(contextSynthesis)
    .WithReference(responseGeneration).WaitFor(responseGeneration)
    .WithReference(modelGateway).WaitFor(modelGateway)
    .WithEndpoint("http", endpoint => endpoint.Port = GatewayPort(builder.Configuration["PLATFORM_GATEWAY_PORT"]))
    // The chat page links to traces there.
    .WithEnvironment("PLATFORM_DASHBOARD", () => builder.Configuration["PLATFORM_DASHBOARD"] ?? "")
    .WithExternalHttpEndpoints()
    .WithUrlForEndpoint("http", url => url.DisplayText = "Chat");

await builder.Build().RunAsync();

IResourceBuilder<ProjectResource> Service<TProject>(string name)
    where TProject : IProjectMetadata, new() =>
    builder.AddProject<TProject>(name)
        .WithReference(database).WaitFor(database)
        .WithReference(redis).WaitFor(redis)
        .WaitForCompletion(migrations)
        .WithCalmMetrics()
        .WithHttpHealthCheck("/health/ready", endpointName: "http");

// Without a key the platform answers by its own rules, so a missing one must not stop the start.
IResourceBuilder<ParameterResource> OptionalSecret(string name) =>
    builder.AddParameter(name, () => builder.Configuration[$"Parameters:{name}"] ?? string.Empty, secret: true);

// 5080 unless somebody listens there; null lets the host choose.
static int? GatewayPort(string? chosen) =>
    string.IsNullOrEmpty(chosen) ? (IPGlobalProperties.GetIPGlobalProperties().GetActiveTcpListeners().Any(l => l.Port == 5080) ? null : 5080)
    : int.TryParse(chosen, out var port) && port is > 0 and <= 65535 ? port
    : throw new DistributedApplicationException($"PLATFORM_GATEWAY_PORT is '{chosen}'; allowed is a port from 1 to 65535.");
