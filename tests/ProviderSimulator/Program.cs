using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Platform.ProviderSimulator;

var builder = WebApplication.CreateSlimBuilder(args);
builder.WebHost.ConfigureKestrel(ProviderSimulatorHost.Configure);
var options = builder.Configuration.GetSection("Simulator").Get<SimulatorOptions>() ?? new SimulatorOptions();
var app = builder.Build();
app.MapSimulator(new Simulator(options, TimeProvider.System));
await app.RunAsync();
