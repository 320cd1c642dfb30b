/// Every key there is, by section, in the order of the reference.
enum ConfigurationSchema {
    typealias Key = ConfigurationKey<ParleyConfiguration>

    static let sections: [ConfigurationSection] = [
        publicPlane, privatePlane, carriers, media, agents, inbound, tools, speech, providers, prices, turns, calls,
        campaigns,
        callbacks, store, node,
        recordings, webhooks, calendar, privacy, telemetry, log,
    ]

    /// The keys with fixed names; those below a name that the operator chooses are in ``named`` and ``numbers``.
    static let keys: [Key] = sections.flatMap(\.keys)

    /// Where things have names that the operator chooses, and the keys of one of them.
    static let named: [(path: [String], keys: [String])] = [
        (["providers"], providerKeys.map(\.name)), (webhookEndpoints, webhookKeys.map(\.name)),
        (providerPrices, priceKeys.map(\.name)), (inboundRules, inboundRuleKeys.map(\.name)),
        (callerLists, callerListKeys.map(\.name)),
    ]

    /// The map of called number to agent.
    static let numbers = ["agents", "numbers"]

    /// The map of names to regular expressions of what is masked.
    static let maskPatterns = ["privacy", "patterns"]
}

/// A top-level key of the file and the keys below it.
struct ConfigurationSection: Sendable {
    let name: String
    let documentation: String
    var keys: [ConfigurationSchema.Key] = []
}
