namespace Grpc.Core.Utils;

/// <summary>The argument checks that generated and hand-written gRPC code call.</summary>
public static class GrpcPreconditions
{
    public static void CheckArgument(bool condition)
    {
        if (!condition)
        {
            throw new ArgumentException("The argument is not allowed.");
        }
    }

    public static void CheckArgument(bool condition, string errorMessage)
    {
        if (!condition)
        {
            throw new ArgumentException(errorMessage);
        }
    }

    public static T CheckNotNull<T>(T reference)
    {
        ArgumentNullException.ThrowIfNull(reference);
        return reference;
    }

    public static T CheckNotNull<T>(T reference, string paramName)
    {
        ArgumentNullException.ThrowIfNull(reference, paramName);
        return reference;
    }

    public static void CheckState(bool condition)
    {
        if (!condition)
        {
            throw new InvalidOperationException("The operation is not allowed in this state.");
        }
    }

    public static void CheckState(bool condition, string errorMessage)
    {
        if (!condition)
        {
            throw new InvalidOperationException(errorMessage);
        }
    }
}
