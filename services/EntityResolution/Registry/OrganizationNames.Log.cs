namespace Platform.EntityResolution.Registry;

internal sealed partial class OrganizationNames
{
    private static partial class Log
    {
        [LoggerMessage(EventName = "RegistryNamesNotRead", Level = LogLevel.Warning, Message = "The names of organization {Organization} cannot be read; the last snapshot answers until they can")]
        public static partial void NamesNotRead(ILogger logger, Exception exception, string organization);

        [LoggerMessage(EventName = "RegistryNamesNeverRead", Level = LogLevel.Warning, Message = "The names of organization {Organization} cannot be read yet; trying again")]
        public static partial void NamesNeverRead(ILogger logger, Exception exception, string organization);

        [LoggerMessage(EventName = "RegistryNamesUnreadable", Level = LogLevel.Error, Message = "The names of organization {Organization} could not be made into a snapshot")]
        public static partial void NamesUnreadable(ILogger logger, Exception exception, string organization);

        [LoggerMessage(EventName = "RegistryNamesReadAgain", Level = LogLevel.Information, Message = "The names of organization {Organization} are read again")]
        public static partial void NamesReadAgain(ILogger logger, string organization);

        [LoggerMessage(EventName = "RegistryTooManyNames", Level = LogLevel.Warning, Message = "Organization {Organization} has more than {Limit} names; lookups go to the database")]
        public static partial void TooManyNames(ILogger logger, string organization, int limit);
    }
}
