using Platform.EntityResolution.Resolution;
using Platform.ServiceDefaults;

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults();
builder.AddPlatformDatabase();
builder.AddEntityResolution();
builder.AddAliases();
builder.AddChoicesAndSuggestions();

var app = builder.Build();
app.MapGrpcService<EntityResolutionGrpcService>();
app.MapDefaultEndpoints();
await app.RunAsync();
