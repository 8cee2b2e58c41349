using Platform.Gateway;
using Platform.Gateway.Authentication;
using Platform.Gateway.Problems;
using Platform.ServiceDefaults;

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults();
builder.AddPlatformRedis();
builder.AddGateway();

var app = builder.Build();
app.UseProblems();
app.UsePage();
app.UseMiddleware<AuthenticationMiddleware>();
app.MapDefaultEndpoints();
app.MapOpenApi();
app.MapApi();
await app.RunAsync();
