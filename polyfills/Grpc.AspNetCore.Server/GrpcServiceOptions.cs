using System.Collections.ObjectModel;
using System.Diagnostics.CodeAnalysis;
using System.IO.Compression;
using Grpc.Core.Interceptors;
using Grpc.Net.Compression;

namespace Grpc.AspNetCore.Server;

/// <summary>How services answer. What a service leaves unset it takes from the options of all services.</summary>
public class GrpcServiceOptions
{
    internal const int DefaultReceiveMaxMessageSize = 4 * 1024 * 1024;

    private IList<ICompressionProvider>? _compressionProviders;

    /// <summary>In bytes. Null, the default: no limit.</summary>
    public int? MaxSendMessageSize
    {
        get;
        set
        {
            field = value;
            MaxSendMessageSizeSpecified = true;
        }
    }

    public bool MaxSendMessageSizeSpecified { get; private set; }

    /// <summary>In bytes. Default 4 MB; null: no limit.</summary>
    public int? MaxReceiveMessageSize
    {
        get;
        set
        {
            field = value;
            MaxReceiveMessageSizeSpecified = true;
        }
    }

    public bool MaxReceiveMessageSizeSpecified { get; private set; }

    /// <summary>Whether callers read what an unexpected exception says. Default: no.</summary>
    public bool? EnableDetailedErrors { get; set; }

    /// <summary>For example "gzip"; null: responses are not compressed.</summary>
    public string? ResponseCompressionAlgorithm { get; set; }

    public CompressionLevel? ResponseCompressionLevel { get; set; }

    /// <summary>Added to gzip and deflate; one of the same name replaces it.</summary>
    [AllowNull]
    public IList<ICompressionProvider> CompressionProviders
    {
        get => _compressionProviders ??= [];
        set => _compressionProviders = value;
    }

    /// <summary>Whether calls of unknown services are left to other endpoints. Default: they get UNIMPLEMENTED.</summary>
    public bool? IgnoreUnknownServices { get; set; }

    public InterceptorCollection Interceptors { get; } = [];

    internal IEnumerable<ICompressionProvider> AddedCompressionProviders => _compressionProviders ?? [];
}

/// <summary>The options of one service.</summary>
public class GrpcServiceOptions<TService> : GrpcServiceOptions
    where TService : class
{
}

/// <summary>Interceptors in the order in which calls meet them.</summary>
public class InterceptorCollection : Collection<InterceptorRegistration>
{
    /// <param name="args">Constructor arguments that the services do not hold.</param>
    public void Add<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] TInterceptor>(params object[] args)
        where TInterceptor : Interceptor
        => Add(typeof(TInterceptor), args);

    /// <param name="interceptorType">Derives from <see cref="Interceptor"/>.</param>
    /// <param name="args">Constructor arguments that the services do not hold.</param>
    public void Add([DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] Type interceptorType, params object[] args)
    {
        ArgumentNullException.ThrowIfNull(interceptorType);
        if (!interceptorType.IsSubclassOf(typeof(Interceptor)))
        {
            throw new ArgumentException($"{interceptorType.FullName} does not derive from {typeof(Interceptor).FullName}.", nameof(interceptorType));
        }

        Add(new InterceptorRegistration(interceptorType, args));
    }
}

public class InterceptorRegistration
{
    private readonly object[] _args;

    internal InterceptorRegistration([DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] Type type, object[] args)
    {
        ArgumentNullException.ThrowIfNull(args);
        if (Array.Exists(args, static argument => argument is null))
        {
            throw new ArgumentException("Interceptor arguments are not null.", nameof(args));
        }

        Type = type;
        _args = args;
    }

    [DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)]
    public Type Type { get; }

    public IReadOnlyList<object> Arguments => _args;
}
