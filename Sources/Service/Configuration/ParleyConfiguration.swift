package import CallSession

/// Everything an operator can decide, with defaults that work without any file.
///
/// A plain value: code may build one, `ConfigurationLoader` reads one from file and environment. What a key means, how it
/// is written and what it may be is declared once, in `ConfigurationSchema`.
package struct ParleyConfiguration: Sendable, Equatable {
    package var `public` = Public()
    package var `private` = Private()
    package var carriers = Carriers()
    package var media = Media()
    package var agents = Agents()
    package var inbound = Inbound()
    package var tools = Tools()
    package var speech = Speech()
    /// Remote vendors, by the name that the rest of the configuration and the agents use for them.
    package var providers: [String: Provider] = [:]
    package var prices = Prices()
    /// How a call behaves where the agent does not say otherwise: the keys of `turns`, and those of `calls` that one call
    /// needs.
    package var conversation = ConversationSettings()
    package var calls = Calls()
    package var store = Store()
    package var node = Node()
    package var campaigns = Campaigns()
    package var callbacks = Callbacks()
    package var recordings = Recordings()
    package var webhooks = Webhooks()
    package var calendar = Calendar()
    package var privacy = Privacy()
    package var telemetry = Telemetry()
    package var log = Log()
    /// Whose it is, where a process serves many; nil where it serves one. No key: the name of a tenant's file says it.
    package var tenant: String?

    package init() {}
}
