using System.Reflection;
using Grpc.Core;
using Grpc.Net.Wire;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Matching;
using Microsoft.AspNetCore.Routing.Patterns;
using Microsoft.Extensions.Options;

namespace Grpc.AspNetCore.Server.Internal;

/// <summary>Makes the endpoints of services, and the one that refuses calls of unknown services.</summary>
internal sealed class MappedServices(IOptions<GrpcServiceOptions> options)
{
    private static readonly string[] Post = ["POST"];
    private bool _refusesUnknownServices;

    public GrpcServiceEndpointConventionBuilder Map(IEndpointRouteBuilder builder, IReadOnlyList<ServiceMethod> methods, Type serviceType)
    {
        var endpoints = new List<IEndpointConventionBuilder>(methods.Count);
        foreach (var method in methods)
        {
            var endpoint = builder.MapMethods(method.Method.FullName, Post, method.Handler.HandleAsync);
            endpoint.Add(made =>
            {
                made.DisplayName = $"gRPC - {method.Method.FullName}";
                made.Metadata.Add(new GrpcMethodMetadata(serviceType, method.Method));
                foreach (var attribute in serviceType.GetCustomAttributes(inherit: true))
                {
                    made.Metadata.Add(attribute);
                }

                foreach (var attribute in method.Implementation?.GetCustomAttributes(inherit: true) ?? [])
                {
                    made.Metadata.Add(attribute);
                }
            });
            endpoints.Add(endpoint);
        }

        if (options.Value.IgnoreUnknownServices != true)
        {
            foreach (var service in methods.Select(method => method.Method.ServiceName).Distinct(StringComparer.Ordinal))
            {
                Refuse(builder, $"/{service}/{{unimplementedMethod}}", "unimplementedMethod", "Method is unimplemented.");
            }

            if (!_refusesUnknownServices)
            {
                _refusesUnknownServices = true;
                Refuse(builder, "/{unimplementedService}/{unimplementedMethod}", "unimplementedService", "Service is unimplemented.");
            }
        }

        return new GrpcServiceEndpointConventionBuilder(endpoints);
    }

    private static void Refuse(IEndpointRouteBuilder builder, string path, string parameter, string detail)
    {
        var pattern = RoutePatternFactory.Parse(
            path,
            defaults: null,
            parameterPolicies: new RouteValueDictionary { [parameter] = GrpcRequestConstraint.Instance });
        var refusal = builder.Map(pattern, http => MethodHandler.RefuseAsync(http, new Status(StatusCode.Unimplemented, detail)));
        refusal.WithMetadata(new HttpMethodMetadata(Post), Refusal.Instance).WithDisplayName($"gRPC - {detail}");
    }
}

internal sealed record ServiceMethod(IMethod Method, MethodHandler Handler, MethodInfo? Implementation);

/// <summary>Lets a route match gRPC requests only.</summary>
internal sealed class GrpcRequestConstraint : IRouteConstraint
{
    public static readonly GrpcRequestConstraint Instance = new();

    public bool Match(HttpContext? httpContext, IRouter? route, string routeKey, RouteValueDictionary values, RouteDirection routeDirection)
        => httpContext is not null && HeaderNames.IsGrpcContentType(httpContext.Request.ContentType);
}

/// <summary>Marks the endpoints that refuse what no method serves.</summary>
internal sealed class Refusal
{
    public static readonly Refusal Instance = new();

    private Refusal()
    {
    }
}

/// <summary>
/// Where a method serves a path, takes the refusals off it when the routes are built. They would never win there, but each call would
/// pay for reading their route values.
/// </summary>
internal sealed class RefusalPolicy : MatcherPolicy, INodeBuilderPolicy
{
    // Before the policies of ASP.NET Core, of which that for HTTP methods is the first at -1000.
    public override int Order => -2000;

    public bool AppliesToEndpoints(IReadOnlyList<Endpoint> endpoints)
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        var served = false;
        var refused = false;
        foreach (var endpoint in endpoints)
        {
            // A method that only some hosts serve leaves the others to the refusal.
            served |= endpoint.Metadata.GetMetadata<GrpcMethodMetadata>() is not null && endpoint.Metadata.GetMetadata<IHostMetadata>() is null;
            refused |= IsRefusal(endpoint);
        }

        return served && refused;
    }

    public IReadOnlyList<PolicyNodeEdge> GetEdges(IReadOnlyList<Endpoint> endpoints)
        => [new PolicyNodeEdge(Refusal.Instance, [.. endpoints.Where(endpoint => !IsRefusal(endpoint))])];

    public PolicyJumpTable BuildJumpTable(int exitDestination, IReadOnlyList<PolicyJumpTableEdge> edges)
    {
        ArgumentNullException.ThrowIfNull(edges);
        return new OneWay(edges[0].Destination);
    }

    private static bool IsRefusal(Endpoint endpoint) => endpoint.Metadata.GetMetadata<Refusal>() is not null;

    private sealed class OneWay(int destination) : PolicyJumpTable
    {
        public override int GetDestination(HttpContext httpContext) => destination;
    }
}
