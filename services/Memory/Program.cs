using Platform.Memory.Service;
using Platform.ServiceDefaults;

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults();
builder.AddPlatformDatabase();
builder.AddPlatformRedis();
builder.AddMemories();
builder.AddConversations();
builder.AddInteractions();

var app = builder.Build();
app.MapGrpcService<MemoryGrpcService>();
app.MapDefaultEndpoints();
await app.RunAsync();
