var builder = DistributedApplication.CreateBuilder(args);

var key = builder.AddParameter("model-key", string.Empty, secret: true);
var postgres = builder.AddPostgres("postgres").WithDataVolume();
var database = postgres.AddDatabase("platform");
var redis = builder.AddRedis("redis").WithDataVolume();

var worker = builder.AddProject<Projects.SampleWorker>("worker")
    .WithReference(database).WaitFor(database)
    .WithEnvironment("SAMPLE_EXIT", builder.Configuration["SAMPLE_WORKER_EXIT"] ?? "0")
    .WithArgs("ConnectionStrings__platform");

var inner = builder.AddProject<Projects.SampleWeb>("inner-service")
    .WithReference(database).WithReference(redis)
    .WithEnvironment("MODEL_KEY", key)
    .WithHttpHealthCheck("/health/ready", endpointName: "http")
    .WaitFor(redis).WaitForCompletion(worker);

builder.AddProject<Projects.SampleWeb>("front")
    .WithReference(inner)
    .WithHttpHealthCheck("/health/ready", endpointName: "http")
    .WithEndpoint("http", endpoint => endpoint.Port = int.TryParse(builder.Configuration["SAMPLE_PORT"], out var port) ? port : null)
    .WithExternalHttpEndpoints()
    .WithUrlForEndpoint("http", url => url.DisplayText = "Chat")
    .WaitFor(inner);

await builder.Build().RunAsync();
