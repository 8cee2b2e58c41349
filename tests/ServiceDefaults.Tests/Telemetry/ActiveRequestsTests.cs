using System.Diagnostics.Metrics;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Platform.ServiceDefaults.Tests.Telemetry;

public sealed class ActiveRequestsTests : IDisposable
{
    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly Dictionary<(string Method, string Scheme), long> _read = [];
    private readonly MeterListener _listener = new();
    private readonly ActiveRequests _requests;

    public ActiveRequestsTests()
    {
        var meters = _services.GetRequiredService<IMeterFactory>();
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Scope == meters)
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<long>((_, active, labels, _) =>
            _read.Add(((string)labels[0].Value!, (string)labels[1].Value!), active));
        _listener.Start();
        _requests = new ActiveRequests(meters);
    }

    public void Dispose()
    {
        _listener.Dispose();
        _services.Dispose();
    }

    [Fact]
    public void Read_RequestsComeAndGo_TellsThoseThatAreBeingServed()
    {
        using (_requests.Enter(Request("POST")))
        using (_requests.Enter(Request("post")))
        using (_requests.Enter(Request("GET", "https")))
        {
            Assert.Equal(new() { [("POST", "http")] = 2, [("GET", "https")] = 1 }, Read());
        }

        Assert.Equal(new() { [("POST", "http")] = 0, [("GET", "https")] = 0 }, Read());
    }

    [Fact]
    public void Read_ThousandMethodsOfACallersOwn_OneSeries()
    {
        for (var i = 0; i < 1000; i++)
        {
            _requests.Enter(Request($"BREW{i}"));
        }

        Assert.Equal(new() { [("_OTHER", "http")] = 1000 }, Read());
    }

    private Dictionary<(string Method, string Scheme), long> Read()
    {
        _read.Clear();
        _listener.RecordObservableInstruments();
        return _read;
    }

    private static HttpRequest Request(string method, string scheme = "http")
    {
        var request = new DefaultHttpContext().Request;
        (request.Method, request.Scheme) = (method, scheme);
        return request;
    }
}
