package import Logging
package import Networking

/// OpenAI's Realtime protocol: items with names and places, responses that are asked for and cancelled, µ-law as it is.
struct OpenAIConversationDialect: ConversationDialect {
    private let configuration: RealtimeConversationConfiguration
    private let format = "audio/pcmu"

    init(_ configuration: RealtimeConversationConfiguration) { self.configuration = configuration }

    let provider = RealtimeConversationConfiguration.provider
    let operation = RealtimeConversationConfiguration.operation
    var request: WebSocketRequest { configuration.request }
    var settings: RealtimeSettings { configuration.settings }

    func setUp(instructions: String?, tools: [RealtimeTool], told: [RealtimeMessage]) -> ConversationSetup {
        ConversationSetup(messages: [session(instructions, tools)])
    }

    func configure(instructions: String, tools: [RealtimeTool]) -> [String] { [session(instructions, tools)] }

    private func session(_ instructions: String?, _ tools: [RealtimeTool]) -> String {
        RealtimeClientEvent.session(configuration, format: format, instructions: instructions, tools: tools)
    }

    func append(_ audio: Span<UInt8>) -> [String] { [RealtimeClientEvent.append(audio)] }

    func commit(now: Duration) -> (messages: [String], item: String?) { ([RealtimeClientEvent.commit], nil) }

    func clear() -> [String] { [RealtimeClientEvent.clear] }

    func ask(_ id: Int, told: [ToldItem], heard: String?, forbidsTools: Bool) -> [String] {
        told.map(RealtimeClientEvent.told) + [RealtimeClientEvent.respond(id: "ask_\(id)", forbidsTools: forbidsTools)]
    }

    func cancel(_ response: String?, now: Duration) -> [String] { [RealtimeClientEvent.cancel(response)] }

    func cut(_ item: String, heard: Int) -> String? {
        heard > 0 ? RealtimeClientEvent.truncate(item, heard: heard) : RealtimeClientEvent.delete(item)
    }

    func read(_ message: Span<UInt8>, now: Duration) throws -> [RealtimeServerEvent] {
        [try RealtimeServerEvent(message)]
    }

    func error(of reason: WebSocketCloseReason) -> SpeechError {
        SpeechError(reason, operation: operation, provider: provider, refusals: [1003, 1007], denials: [3000])
    }

    func error(of failure: RealtimeServerEvent.Failure) -> SpeechError {
        let code: SpeechError.Code =
            switch failure.code {
            case "invalid_api_key", "insufficient_quota", "account_deactivated": .unauthorized
            case "rate_limit_exceeded": .overloaded
            case "server_error", "session_expired", "server_shutdown", "cancelled",
                "conversation_already_has_active_response":
                .unavailable
            default: .refused
            }
        return error(code, failure.words)
    }

    func consequence(of failure: RealtimeServerEvent.Failure) -> FailureConsequence {
        switch failure.code {
        // It had ended by itself just before.
        case "response_cancel_not_active": .nothing
        case "session_expired", "server_shutdown": .reconnect
        default: error(of: failure).code == .unauthorized ? .refusal : .complaint
        }
    }
}

extension RealtimeConversationConfiguration {
    package func call(
        loop: EventLoop, counters: RealtimeCounters, logger: Logger,
        connected: @escaping @Sendable (Duration) -> Void = { _ in }
    ) -> RealtimeCall {
        RealtimeCall(
            OpenAIConversationDialect(self), loop: loop, counters: counters, logger: logger, connected: connected)
    }
}
