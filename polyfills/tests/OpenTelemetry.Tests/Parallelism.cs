using Xunit;

// The framework's activity sources and meters belong to the process: two tests at once would record each other's requests.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
