using System.Security.Cryptography;
using System.Text;

namespace Platform.Gateway.Idempotency;

/// <summary>What is kept under a key: the request it stands for, and its answer once there is one.</summary>
/// <param name="Fingerprint">SHA-256 of the request, as 64 hexadecimal digits.</param>
/// <param name="Owner">Names the attempt that works on it.</param>
/// <param name="Answer">The answer as JSON; null while it is being made.</param>
internal sealed record KeyState(string Fingerprint, string Owner, byte[]? Answer)
{
    private const int FingerprintLength = 64;
    private const int OwnerLength = 32;
    private const int HeaderLength = 1 + FingerprintLength + OwnerLength;

    public static KeyState Begin(ReadOnlySpan<byte> request) => new(Convert.ToHexStringLower(SHA256.HashData(request)), Guid.NewGuid().ToString("N"), null);

    /// <summary>One letter, the fingerprint, the owner, and the answer.</summary>
    public byte[] ToBytes() => [.. Encoding.ASCII.GetBytes((Answer is null ? "P" : "D") + Fingerprint + Owner), .. Answer ?? []];

    /// <summary>Null for bytes that were not written by <see cref="ToBytes"/>.</summary>
    public static KeyState? FromBytes(byte[] bytes)
    {
        if (bytes.Length < HeaderLength || bytes[0] is not ((byte)'P' or (byte)'D'))
        {
            return null;
        }

        string header = Encoding.ASCII.GetString(bytes, 1, HeaderLength - 1);
        return new KeyState(header[..FingerprintLength], header[FingerprintLength..], bytes[0] == 'D' ? bytes[HeaderLength..] : null);
    }
}
