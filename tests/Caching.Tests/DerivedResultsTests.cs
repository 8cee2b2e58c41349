
namespace Platform.Caching.Tests;

public sealed class DerivedResultsTests
{
    [Fact]
    public void Get_SameInput_IsMadeOnce()
    {
        using DerivedResults<string> results = new(1_000);
        var made = 0;

        var first = results.Get([1, 2], "", () => $"made {++made}");
        var second = results.Get([1, 2], "", () => $"made {++made}");

        Assert.Same(first, second);
        Assert.Equal(1, made);
    }

    [Theory]
    [InlineData(new byte[] { 1, 2, 3 })]
    [InlineData(new byte[] { 2, 1 })]
    [InlineData(new byte[] { })]
    public void Get_OtherInput_IsMadeAnew(byte[] other)
    {
        using DerivedResults<string> results = new(1_000);
        results.Get([1, 2], "", () => "one");

        Assert.Equal("other", results.Get(other, "", () => "other"));
    }

    [Fact]
    public void Get_SameInputOtherSurroundings_IsMadeAnew()
    {
        using DerivedResults<string> results = new(1_000);
        results.Get([1, 2], "en", () => "one");

        Assert.Equal("other", results.Get([1, 2], "de", () => "other"));
    }

    [Fact]
    public void Get_InputLargerThanTheRoom_IsMadeEveryTime()
    {
        using DerivedResults<string> results = new(10);
        var made = 0;

        results.Get(new byte[11], "", () => $"made {++made}");

        Assert.Equal("made 2", results.Get(new byte[11], "", () => $"made {++made}"));
    }

    [Fact]
    public void Get_MakingFails_NothingIsKept()
    {
        using DerivedResults<string> results = new(10);
        Assert.Throws<InvalidOperationException>(() => results.Get([1], "", () => throw new InvalidOperationException()));

        Assert.Equal("made", results.Get([1], "", () => "made"));
    }
}
