/// Decides which of several synthesizers a text is heard from. What happened in, what to do out; `now` is since any moment
/// that stays the same.
///
/// The next one is asked when the one before failed, or has no audio in time. The first audio decides who speaks; what
/// others send then is dropped. If the speaker breaks off, another one says the rest.
package struct SynthesisRelay: Sendable {
    package enum Action: Sendable, Equatable {
        /// Ask the synthesizer at `position` for `text`; its events carry `attempt`.
        case start(position: Int, attempt: Int, text: String)
        case cancel(attempt: Int)
        case give([UInt8])
        case note(position: Int, ProviderEvent)
        /// All audio has been given.
        case finish
        case fail(SpeechError)
    }

    package struct Settings: Sendable, Equatable {
        /// Without audio for so long the next one is asked as well.
        package var hedgeAfter = Duration.milliseconds(900)
        /// From the text to its first audio, connecting included; then the attempt has failed.
        package var firstAudioDeadline = Duration.seconds(3)
        /// Between two pieces of audio.
        package var chunkDeadline = Duration.milliseconds(1500)
        /// Of a second of audio.
        package var bytesPerSecond = 8000
        /// Length of the audio of one character, until the voice has shown its own.
        package var pace = Duration.milliseconds(70)

        package init() {}
    }

    private struct Attempt: Sendable {
        let number: Int
        let position: Int
        let started: Duration
        /// When it has failed; moves on with every piece of audio.
        var deadline: Duration
        /// When the next one is asked; nil once it was, or when audio came.
        var hedge: Duration?
        /// The audio was there already, which says nothing about the provider.
        var isKept = false
    }

    private let settings: Settings
    private let providers: [String]
    private var waiting: ArraySlice<Int>
    private var running: [Attempt] = []
    private var started = 0
    private var speaker: Int?
    private var text: String
    /// Audio of the present text.
    private var givenBytes = 0
    private var errors: [SpeechError] = []
    private var isOver = false
    /// Length of the audio of one character, once a text has been said to its end.
    package private(set) var pace: Duration?

    /// - Parameters:
    ///   - providers: the synthesizers' names, at least one.
    ///   - order: their positions in the order in which to ask; one that appears again is tried again.
    package init(_ text: String, providers: [String], order: [Int], settings: Settings = Settings()) {
        self.text = text
        self.providers = providers
        self.settings = settings
        waiting = order[...]
    }

    package mutating func begin(now: Duration) -> [Action] { startNext(now: now) }

    /// - Parameter isKept: whether the audio was there already.
    package mutating func received(_ audio: [UInt8], from number: Int, isKept: Bool = false, now: Duration) -> [Action]
    {
        guard !audio.isEmpty else { return [] }
        guard !isOver, let index = running.firstIndex(where: { $0.number == number }) else { return [] }
        var actions: [Action] = []
        if speaker == nil {
            speaker = number
            let position = running[index].position
            for other in running where other.number != number {
                // One whose time was up when the other was asked has failed its caller.
                let outcome = other.hedge == nil ? ProviderOutcome.failed(retryable: true) : .cancelledByUs
                actions += [.cancel(attempt: other.number), .note(position: other.position, .ended(outcome))]
            }
            running = [running[index]]
            if !isKept {
                actions.append(.note(position: position, .took(.firstAudio, now - running[0].started)))
            }
        }
        guard speaker == number else { return actions }
        running[0].isKept = isKept
        running[0].hedge = nil
        running[0].deadline = now + settings.chunkDeadline
        givenBytes += audio.count
        return actions + [.give(audio)]
    }

    package mutating func ended(_ number: Int, now: Duration) -> [Action] {
        guard !isOver, let attempt = running.first(where: { $0.number == number }) else { return [] }
        guard speaker == number else {
            // No audio at all, and no word why.
            return failed(error(.unavailable, "the audio is empty", attempt), from: number, now: now)
        }
        isOver = true
        guard !attempt.isKept else { return [.finish] }
        var actions: [Action] = [.note(position: attempt.position, .ended(.answered))]
        if givenBytes > 0 {
            actions.append(.note(position: attempt.position, .realTimeFactor((now - attempt.started) / spoken)))
            pace = spoken / max(InterlinearAnnotation.plain(text).count, 1)
        }
        return actions + [.finish]
    }

    package mutating func failed(_ error: SpeechError, from number: Int, now: Duration) -> [Action] {
        guard !isOver, let index = running.firstIndex(where: { $0.number == number }) else { return [] }
        let attempt = running.remove(at: index)
        errors.append(error)
        var actions: [Action] = [.note(position: attempt.position, .ended(ProviderOutcome(error)))]
        if speaker == number {
            // Sounds beside words take no time of their own.
            let rest = SpokenRemainder.of(InterlinearAnnotation.plain(text), spoken: spoken, pace: settings.pace)
            text = InterlinearAnnotation.end(of: text, saying: rest)
            givenBytes = 0
            speaker = nil
            guard text.contains(where: { $0.isLetter || $0.isNumber }) else {
                isOver = true
                return actions + [.finish]
            }
        }
        if !error.isRetryable { waiting = waiting.filter { $0 != attempt.position }[...] }
        // What one refuses another may take, unless we ourselves gave it up.
        let next = error.code == .cancelled ? [] : startNext(now: now)
        if !next.isEmpty { actions.append(.note(position: attempt.position, .replaced)) }
        actions += next
        guard running.isEmpty else { return actions }
        isOver = true
        return actions + [.fail(errors.first(where: \.isRetryable) ?? errors[0])]
    }

    /// When ``expire(now:)`` should be called next.
    package var nextDeadline: Duration? {
        isOver ? nil : running.flatMap { [$0.deadline, $0.hedge].compactMap(\.self) }.min()
    }

    /// Acts on the deadlines that have passed.
    package mutating func expire(now: Duration) -> [Action] {
        guard !isOver else { return [] }
        var actions: [Action] = []
        for attempt in running where attempt.deadline <= now {
            let detail =
                speaker == attempt.number
                ? "no audio for \(settings.chunkDeadline)" : "no audio within \(settings.firstAudioDeadline)"
            actions.append(.cancel(attempt: attempt.number))
            actions += failed(error(.deadlineExceeded, detail, attempt), from: attempt.number, now: now)
        }
        for index in running.indices where running[index].hedge.map({ $0 <= now }) ?? false {
            running[index].hedge = nil
            let position = running[index].position
            // Another attempt there would wait for the same.
            guard let next = waiting.first, next != position else { continue }
            actions.append(.note(position: position, .replaced))
            actions += startNext(now: now)
        }
        return actions
    }

    /// Length of the audio given of the present text.
    private var spoken: Duration { .seconds(Double(givenBytes) / Double(settings.bytesPerSecond)) }

    private func error(_ code: SpeechError.Code, _ detail: String, _ attempt: Attempt) -> SpeechError {
        SpeechError(code, operation: "synthesize", provider: providers[attempt.position], detail: detail)
    }

    private mutating func startNext(now: Duration) -> [Action] {
        guard let position = waiting.popFirst() else { return [] }
        started += 1
        running.append(
            Attempt(
                number: started, position: position, started: now, deadline: now + settings.firstAudioDeadline,
                hedge: now + settings.hedgeAfter))
        return [.start(position: position, attempt: started, text: text)]
    }
}
