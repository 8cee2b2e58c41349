using Platform.ResponseGeneration;
using Platform.ServiceDefaults;

var builder = WebApplication.CreateBuilder(args);

builder.AddServiceDefaults();
builder.AddResponseGeneration();

var app = builder.Build();

app.MapGrpcService<ResponseGenerationGrpcService>();
app.MapDefaultEndpoints();

await app.RunAsync();
