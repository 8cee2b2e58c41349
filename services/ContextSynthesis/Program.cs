using Platform.ContextSynthesis;
using Platform.ServiceDefaults;

var builder = WebApplication.CreateBuilder(args);

builder.AddServiceDefaults();
builder.AddContextSynthesis();

var app = builder.Build();

app.MapGrpcService<ContextSynthesisGrpcService>();
app.MapDefaultEndpoints();

await app.RunAsync();
