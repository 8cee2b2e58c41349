using System.Collections.Frozen;
using System.Diagnostics.Metrics;
using Microsoft.AspNetCore.Http;

namespace Platform.ServiceDefaults;

/// <summary>
/// HTTP requests that are being served, gRPC calls among them. ASP.NET Core's instrument of this name records two measurements a request, which every reader
/// looks up by their labels: a quarter of all measurements of an answer. Here requests are counted, and the count is read when metrics are.
/// </summary>
internal sealed class ActiveRequests
{
    internal const string Name = "http.server.active_requests";

    private const string Other = "_OTHER";

    // As the conventions have it, whatever else a caller sends is one label.
    private static readonly string[] Methods =
        [HttpMethods.Get, HttpMethods.Post, HttpMethods.Put, HttpMethods.Delete, HttpMethods.Patch, HttpMethods.Head, HttpMethods.Options, HttpMethods.Trace, HttpMethods.Connect, Other];

    // By method: those over HTTP and those over HTTPS.
    private readonly FrozenDictionary<string, Series[]> _series =
        Methods.ToFrozenDictionary(method => method, method => new Series[] { new(method, "http"), new(method, "https") }, StringComparer.OrdinalIgnoreCase);

    public ActiveRequests(IMeterFactory meters) => meters.Create(RpcServerMetrics.MeterName).CreateObservableUpDownCounter(
        Name, Read, "{request}", "HTTP requests that are being served. Labels: http.request.method, url.scheme.");

    /// <returns>To be disposed when the request has been served.</returns>
    internal Entered Enter(HttpRequest request)
    {
        var ofMethod = _series.TryGetValue(request.Method, out var known) ? known : _series[Other];
        var series = ofMethod[request.IsHttps ? 1 : 0];
        series.Enter();
        return new Entered(series);
    }

    private IEnumerable<Measurement<long>> Read() => _series.Values.SelectMany(ofMethod => ofMethod).Where(series => series.IsUsed).Select(series => series.Read());

    internal readonly struct Entered(Series series) : IDisposable
    {
        public void Dispose() => series.Leave();
    }

    internal sealed class Series(string method, string scheme)
    {
        private readonly KeyValuePair<string, object?>[] _labels = [new("http.request.method", method), new("url.scheme", scheme)];
        private long _active;
        private volatile bool _isUsed;

        /// <summary>Whether there ever was such a request.</summary>
        public bool IsUsed => _isUsed;

        public void Enter()
        {
            _isUsed = true;
            Interlocked.Increment(ref _active);
        }

        public void Leave() => Interlocked.Decrement(ref _active);

        public Measurement<long> Read() => new(Interlocked.Read(ref _active), _labels);
    }
}
