using Platform.Gateway;
using Platform.Gateway.Authentication;
using Platform.Gateway.Chat;
using Platform.Gateway.Contexts;
using Platform.Gateway.Conversations;
using Platform.Gateway.Customers;
using Platform.Gateway.Degradation;
using Platform.Gateway.Entities;
using Platform.Gateway.Problems;
using Platform.ServiceDefaults;

WebApplicationBuilder builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults();
builder.AddPlatformRedis();
builder.AddGateway();

WebApplication app = builder.Build();
app.UseProblems();
app.UsePage();
app.UseMiddleware<AuthenticationMiddleware>();
app.MapDefaultEndpoints();
app.MapOpenApi();
app.MapChat();
app.MapConversations();
app.MapCustomers();
app.MapEntities();
app.MapContexts();
app.MapStatus();
await app.RunAsync();
