/// Which texts are being spoken on one multi-context socket, and which wait for their turn.
///
/// A context counts from its opening to the vendor's last word on it, whether or not anybody still wants its audio: a
/// vendor closes a socket that has too many. A value: events in, actions out, `now` is time since the session began.
package struct SpeechContexts: Sendable {
    package enum Action: Sendable, Equatable {
        /// Open the context and have the text spoken.
        case speak(Int, String)
        case deliver(Int, [UInt8])
        /// All audio of the text has come.
        case finish(Int)
        case fail(Int, SpeechError)
        /// The socket does not do its work any more: close it and open another.
        case abandonSocket
    }

    /// The times and bounds of a vendor.
    package struct Settings: Sendable, Equatable {
        package var connectDeadline = Duration.seconds(3)
        package var firstAudioDeadline = Duration.seconds(3)
        package var chunkDeadline = Duration.seconds(2)
        /// Spoken at a time.
        package var maximumLive = 4
        package var maximumWaiting = 16
        /// Whether a context that was cancelled counts until the vendor ends it.
        package var outlivesCancel = true
        package var provider = ""

        package init() {}
    }

    private struct Context: Sendable {
        let id: Int
        let text: String
        /// Opened on the present socket.
        var isLive = false
        /// Nobody listens any more.
        var isCancelled = false
        var hasAudio = false
        /// Spoken again on a second socket because the first broke before any audio.
        var isRetry = false
        var deadline: Duration
    }

    private let settings: Settings
    /// In the order of the requests.
    private var contexts: [Context] = []
    private var isOpen = false
    /// Audio that came for contexts that were cancelled or unknown.
    package private(set) var lateChunks = 0

    package init(_ settings: Settings = Settings()) {
        self.settings = settings
    }

    /// Whether a socket is needed.
    package var isWaiting: Bool { contexts.contains { !$0.isLive } }

    package mutating func request(_ id: Int, text: String, now: Duration) -> [Action] {
        guard contexts.count(where: { !$0.isLive }) < settings.maximumWaiting else {
            return [.fail(id, error(.overloaded, "too many texts wait to be spoken"))]
        }
        let deadline = now + settings.connectDeadline + settings.firstAudioDeadline
        contexts.append(Context(id: id, text: text, deadline: deadline))
        return speakWaiting(now: now)
    }

    /// Nobody listens to the text any more.
    ///
    /// - Returns: whether the vendor knows of it.
    @discardableResult
    package mutating func cancel(_ id: Int) -> Bool {
        guard let index = contexts.firstIndex(where: { $0.id == id }) else { return false }
        let isLive = contexts[index].isLive
        if isLive, settings.outlivesCancel {
            contexts[index].isCancelled = true
        } else {
            contexts.remove(at: index)
        }
        return isLive
    }

    /// The vendor was told of a text that was cancelled: what waits for its place may have it.
    package mutating func resume(now: Duration) -> [Action] { speakWaiting(now: now) }

    /// The vendor could not do one text, and the socket stays.
    ///
    /// - Parameter id: nil where the vendor does not say which; the oldest is meant then.
    package mutating func failed(_ id: Int?, _ error: SpeechError, now: Duration) -> [Action] {
        guard let index = contexts.firstIndex(where: { $0.isLive && (id == nil || $0.id == id) }) else { return [] }
        let context = contexts.remove(at: index)
        return (context.isCancelled ? [] : [.fail(context.id, error)]) + speakWaiting(now: now)
    }

    package mutating func opened(now: Duration) -> [Action] {
        isOpen = true
        return speakWaiting(now: now)
    }

    /// The socket is gone. What had not begun is spoken again on the next one, once.
    package mutating func closed(_ error: SpeechError) -> [Action] {
        isOpen = false
        var actions: [Action] = []
        var kept: [Context] = []
        for var context in contexts where !context.isCancelled {
            if error.isRetryable, !context.isLive || !context.hasAudio && !context.isRetry {
                context.isRetry = context.isRetry || context.isLive
                context.isLive = false
                kept.append(context)
            } else {
                actions.append(.fail(context.id, error))
            }
        }
        contexts = kept
        return actions
    }

    package mutating func received(_ id: Int?, audio: [UInt8], isLast: Bool, now: Duration) -> [Action] {
        guard let id, let index = contexts.firstIndex(where: { $0.id == id && $0.isLive }) else {
            if !audio.isEmpty { lateChunks += 1 }
            return []
        }
        contexts[index].deadline = now + settings.chunkDeadline
        var actions: [Action] = []
        if !audio.isEmpty {
            if contexts[index].isCancelled {
                lateChunks += 1
            } else {
                contexts[index].hasAudio = true
                actions.append(.deliver(id, audio))
            }
        }
        guard isLast else { return actions }
        let context = contexts.remove(at: index)
        if !context.isCancelled { actions.append(.finish(id)) }
        return actions + speakWaiting(now: now)
    }

    /// When ``expire(now:)`` should be called next.
    package var nextDeadline: Duration? { contexts.lazy.map(\.deadline).min() }

    /// Fails what has waited too long. A socket on which a context hangs is given up.
    package mutating func expire(now: Duration) -> [Action] {
        let late = contexts.filter { $0.deadline <= now }
        guard !late.isEmpty else { return [] }
        contexts.removeAll { $0.deadline <= now }
        var actions: [Action] = late.filter { !$0.isCancelled }.map { context in
            let detail =
                context.isLive
                ? context.hasAudio ? "no audio for \(settings.chunkDeadline)" : "no audio came in time"
                : "no connection, or none free, in time"
            return .fail(context.id, error(.deadlineExceeded, detail))
        }
        if late.contains(where: \.isLive) { actions.append(.abandonSocket) }
        return actions
    }

    private mutating func speakWaiting(now: Duration) -> [Action] {
        guard isOpen else { return [] }
        var actions: [Action] = []
        for index in contexts.indices where !contexts[index].isLive {
            guard contexts.count(where: \.isLive) < settings.maximumLive else { break }
            contexts[index].isLive = true
            contexts[index].deadline = now + settings.firstAudioDeadline
            actions.append(.speak(contexts[index].id, contexts[index].text))
        }
        return actions
    }

    private func error(_ code: SpeechError.Code, _ detail: String) -> SpeechError {
        SpeechError(
            code, operation: "speak", provider: settings.provider, detail: detail)
    }
}
