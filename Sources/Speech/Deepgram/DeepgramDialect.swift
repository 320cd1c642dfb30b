import Networking

/// Deepgram's messages on `/v1/listen`.
struct DeepgramDialect: StreamingDialect {
    private let configuration: DeepgramConfiguration
    /// Seconds of the connection up to which words are final.
    private var finalEnd = 0.0

    init(_ configuration: DeepgramConfiguration) { self.configuration = configuration }

    let provider = DeepgramConfiguration.provider
    let operation = DeepgramConfiguration.operation
    // 1008 DATA-0000: the audio is not what we said it was.
    let refusals: Set<UInt16> = [1003, 1007, 1008]
    var keepAlive: String? { DeepgramMessage.keepAlive }
    var farewell: String? { DeepgramMessage.closeStream }

    var settings: StreamingSettings {
        var settings = StreamingSettings()
        settings.frameDuration = configuration.frameDuration
        settings.restFrameDuration = configuration.restFrameDuration
        settings.history = configuration.history
        settings.firstResultDeadline = configuration.firstResultDeadline
        settings.keepAliveInterval = configuration.keepAliveInterval
        settings.assembly.preRoll = configuration.preRoll
        settings.assembly.finalizeDeadline = configuration.finalizeDeadline
        settings.assembly.settledFinalizeDeadline = configuration.settledFinalizeDeadline
        settings.assembly.answerDeadline = configuration.answerDeadline
        return settings
    }

    mutating func opened() -> [String] {
        finalEnd = 0
        return []
    }

    func finalize(sent: Double) -> StreamingRequest? { .text(DeepgramMessage.finalize) }

    mutating func read(_ message: Span<UInt8>, sent: Double) throws -> [StreamingReply] {
        switch try DeepgramMessage(message) {
        case .results(let results):
            let end = results.start + results.duration
            // A final that was said before.
            if results.isFinal, !results.fromFinalize, results.duration > 0, end <= finalEnd { return [] }
            if results.isFinal, end.isFinite { finalEnd = max(finalEnd, end) }
            return [.segment(results)]
        case .error(let description): return [.complaint(description)]
        case .other: return []
        }
    }
}
