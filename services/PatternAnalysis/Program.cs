using Platform.PatternAnalysis.Patterns;
using Platform.ServiceDefaults;

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults();
builder.AddPlatformDatabase();
builder.AddPlatformRedis();
builder.AddDetectors();
builder.AddPatterns();
builder.AddRefreshing();

var app = builder.Build();
app.MapDefaultEndpoints();
app.MapGrpcService<PatternsGrpcService>();
await app.RunAsync();
