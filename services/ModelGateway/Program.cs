using Platform.ModelGateway;
using Platform.ModelGateway.Completions;
using Platform.ModelGateway.OpenAiEndpoint;
using Platform.ModelGateway.Prompts;
using Platform.ModelGateway.Providers;
using Platform.ModelGateway.Safety;
using Platform.ModelGateway.Usage;
using Platform.ServiceDefaults;

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults();
builder.AddPlatformDatabase();
builder.AddPlatformRedis();
builder.AddProviders();
builder.AddUsage();
builder.AddSafety();
builder.AddCompletions();
builder.AddPrompts();
builder.AddOpenAiEndpoint();

var app = builder.Build();
app.MapDefaultEndpoints();
app.MapGrpcServices();
app.MapOpenAiEndpoint();
return await app.RunOrVerifyAuditAsync(args);
