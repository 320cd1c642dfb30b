package import Logging
package import Networking

/// How to reach a model that hears and speaks by Google's Live API (`BidiGenerateContent`).
package struct GeminiLiveConfiguration: Sendable, Equatable {
    /// `wss://` or `ws://`, host and port; the path is added.
    package var url: String
    /// Sent as `x-goog-api-key`.
    package var apiKey: String
    /// With or without `models/` before it.
    package var model: String
    /// How much the model thinks, in the vendor's words; nil leaves it to the vendor.
    package var effort: String?
    /// The vendor's name of the voice.
    package var voice: String
    /// A connection lasts some ten minutes, and the vendor says when it ends.
    package var settings = RealtimeSettings(renewalAge: .seconds(9 * 60))
    /// How long after a piece of the caller's words no other one comes, once the utterance is over.
    package var wordsPause: Duration = .milliseconds(400)
    /// How long the first one may take.
    package var firstWordsDeadline: Duration = .milliseconds(1500)
    /// How long the end of a turn, which tells what it cost, may come after the last of its sound.
    package var usageDeadline: Duration = .milliseconds(500)

    package init(
        url: String = "wss://generativelanguage.googleapis.com", apiKey: String,
        model: String = "gemini-3.1-flash-live-preview", voice: String = "Kore"
    ) {
        self.url = url
        self.apiKey = apiKey
        self.model = model
        self.voice = voice
    }

    static let provider = "gemini-live"
    static let operation = "BidiGenerateContent"

    var request: WebSocketRequest {
        let base = url.hasSuffix("/") ? String(url.dropLast()) : url
        let limits = WebSocketLimits(
            maximumMessageBytes: 4 << 20, sendQueueBytes: 2 << 20, overflow: .refuse, pingInterval: .seconds(10),
            idleTimeout: .seconds(30), closeTimeout: .seconds(1))
        return WebSocketRequest(
            url: "\(base)/ws/google.ai.generativelanguage.v1beta.GenerativeService.BidiGenerateContent",
            headers: [("x-goog-api-key", apiKey)], openTimeout: settings.connectDeadline, limits: limits)
    }

    package func call(
        loop: EventLoop, counters: RealtimeCounters, logger: Logger,
        connected: @escaping @Sendable (Duration) -> Void = { _ in }
    ) -> RealtimeCall {
        RealtimeCall(GeminiLiveDialect(self), loop: loop, counters: counters, logger: logger, connected: connected)
    }
}
