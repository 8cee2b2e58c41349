namespace Platform.ContextSynthesis.Decisions;

/// <summary>A function through given points: linear between them, flat outside, rising or falling throughout.</summary>
internal sealed class Curve
{
    private readonly (double X, double Y)[] _points;

    private Curve((double X, double Y)[] points) => _points = points;

    public bool Rises => _points[^1].Y > _points[0].Y;

    /// <summary>Throws <see cref="FormatException"/> for fewer than two points, unordered points or a change of direction.</summary>
    public static Curve From(IReadOnlyList<IReadOnlyList<double>> points, string name)
    {
        if (points.Count < 2 || points.Any(p => p.Count != 2))
        {
            throw new FormatException($"{name}: a curve needs two or more points of the form [value, score].");
        }

        var read = points.Select(p => (X: p[0], Y: p[1])).ToArray();
        var direction = Math.Sign(read[^1].Y - read[0].Y);
        for (var i = 1; i < read.Length; i++)
        {
            if (read[i].X <= read[i - 1].X || Math.Sign(read[i].Y - read[i - 1].Y) * direction < 0)
            {
                throw new FormatException($"{name}: the values of a curve must increase and its scores must rise or fall throughout (point {i + 1}).");
            }
        }

        return new Curve(read);
    }

    public double At(double x)
    {
        if (x <= _points[0].X)
        {
            return _points[0].Y;
        }

        for (var i = 1; i < _points.Length; i++)
        {
            if (x <= _points[i].X)
            {
                var (left, right) = (_points[i - 1], _points[i]);
                return left.Y + ((right.Y - left.Y) * (x - left.X) / (right.X - left.X));
            }
        }

        return _points[^1].Y;
    }

    /// <summary>A value whose score is y; absent when the curve never reaches it.</summary>
    public double? ValueFor(double y)
    {
        for (var i = 1; i < _points.Length; i++)
        {
            var (left, right) = (_points[i - 1], _points[i]);
            if (left.Y != right.Y && y >= Math.Min(left.Y, right.Y) && y <= Math.Max(left.Y, right.Y))
            {
                return left.X + ((right.X - left.X) * (y - left.Y) / (right.Y - left.Y));
            }
        }

        return null;
    }
}
