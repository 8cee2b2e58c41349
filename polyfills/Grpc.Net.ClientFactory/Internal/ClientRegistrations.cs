namespace Grpc.Net.ClientFactory.Internal;

/// <summary>Which client type each name stands for, kept while services are registered.</summary>
internal sealed class ClientRegistrations
{
    private readonly Dictionary<string, Type> _typesByName = new(StringComparer.Ordinal);

    public void Add(string name, Type type)
    {
        if (!_typesByName.TryAdd(name, type) && _typesByName[name] != type)
        {
            throw new InvalidOperationException(
                $"The gRPC client name '{name}' is taken by {_typesByName[name].FullName}; give {type.FullName} a name of its own.");
        }
    }

    public bool Contains(string name) => _typesByName.ContainsKey(name);
}
