import AudioCore
import Logging

/// One call's voice out of a chain: drives a ``SynthesisRelay`` for every text.
final class FallbackSynthesisSession: SynthesisSession {
    private typealias Opening = Task<any SynthesisSession, any Error>
    private typealias Output = AsyncThrowingStream<[UInt8], any Error>.Continuation

    private struct State {
        /// By position.
        var sessions: [Int: Opening] = [:]
        /// The first synthesizer's, once it is open.
        var preferred: (any SynthesisSession)?
        var pace: Duration
        /// The latest texts that the first synthesizer could not say alone.
        var takenOver: [String] = []
        var isClosed = false
    }

    private enum Signal: Sendable {
        case audio([UInt8], from: Int, isKept: Bool)
        case ended(Int)
        case failed(SpeechError, from: Int)
        case deadline
    }

    private let links: [FallbackSynthesizer.Link]
    private let names: [String]
    private let voice: String
    private let format: AudioFormat
    private let board: ProviderBoard
    private let settings: SynthesisRelay.Settings
    private let logger: Logger
    private let state: Protected<State>

    init(
        _ links: [FallbackSynthesizer.Link], voice: String, format: AudioFormat, board: ProviderBoard,
        settings: SynthesisRelay.Settings, logger: Logger
    ) {
        self.links = links
        names = links.map(\.name)
        self.voice = voice
        self.format = format
        self.board = board
        self.settings = settings
        self.logger = logger
        state = Protected(State(pace: settings.pace))
    }

    /// Opens the session that will probably be asked first.
    func warm() {
        if board.breaker(of: names[0]).permits(at: board.now()) { _ = opening(0) }
    }

    func keptAudio(of text: String) -> [UInt8]? { state.withLock { $0.preferred }?.keptAudio(of: text) }

    /// Of a text that more than one has said, nobody knows.
    func pace(of text: String) async -> SpokenPace? {
        let preferred = state.withLock { $0.takenOver.contains(text) ? nil : $0.preferred }
        return await preferred?.pace(of: text)
    }

    func synthesize(_ text: String) -> SynthesizedAudio {
        if let audio = keptAudio(of: text) { return SynthesizedAudio(audio) }
        // Bounded by the text asked for: audio of one sentence.
        let (stream, output) = AsyncThrowingStream.makeStream(of: [UInt8].self)
        let task = Task { await run(text, output) }
        output.onTermination = { reason in
            if case .cancelled = reason { task.cancel() }
        }
        return SynthesizedAudio(stream)
    }

    func close() {
        let sessions = state.withLock { state in
            state.isClosed = true
            state.preferred = nil
            defer { state.sessions = [:] }
            return Array(state.sessions.values)
        }
        for session in sessions { Self.close(session) }
    }

    /// Whatever becomes of the opening, the session that comes out of it is not wanted any more.
    private static func close(_ opening: Opening) {
        Task { if case .success(let session) = await opening.result { session.close() } }
    }

    // MARK: One text

    private func run(_ text: String, _ output: Output) async {
        var order = board.order(of: names)
        // A lone synthesizer gets a second chance.
        if order.count == 1 { order += order }
        var settings = settings
        settings.pace = state.withLock { $0.pace }
        var relay = SynthesisRelay(text, providers: names, order: order, settings: settings)
        // Bounded as the output is.
        let (signals, feed) = AsyncStream.makeStream(of: Signal.self)
        var attempts: [Int: Task<Void, Never>] = [:]
        var timer: (task: Task<Void, Never>, at: Duration)?

        _ = perform(relay.begin(now: board.now()), of: text, output, &attempts, feed)
        arm(&timer, for: relay.nextDeadline, feed)
        // Ends when the task is cancelled, too.
        for await signal in signals {
            let now = board.now()
            let actions: [SynthesisRelay.Action]
            switch signal {
            case .audio(let audio, let number, let isKept):
                actions = relay.received(audio, from: number, isKept: isKept, now: now)
            case .ended(let number): actions = relay.ended(number, now: now)
            case .failed(let error, let number): actions = relay.failed(error, from: number, now: now)
            case .deadline:
                timer = nil
                actions = relay.expire(now: now)
            }
            guard perform(actions, of: text, output, &attempts, feed) else { break }
            arm(&timer, for: relay.nextDeadline, feed)
        }
        if let pace = relay.pace { state.withLock { $0.pace = ($0.pace * 3 + pace) / 4 } }
        timer?.task.cancel()
        for task in attempts.values { task.cancel() }
        await timer?.task.value
        for task in attempts.values { await task.value }
        output.finish(
            throwing: SpeechError(
                .cancelled, operation: "synthesize", provider: names[0], detail: "given up by whoever asked"))
    }

    /// - Returns: false when all is said, or nobody can say it.
    private func perform(
        _ actions: [SynthesisRelay.Action], of whole: String, _ output: Output,
        _ attempts: inout [Int: Task<Void, Never>],
        _ feed: AsyncStream<Signal>.Continuation
    ) -> Bool {
        for action in actions {
            switch action {
            case .start(let position, let number, let text):
                if number > 1 || position > 0 {
                    noteTakenOver(whole)
                }
                if number > 1 {
                    logger.notice("The next synthesizer is asked", metadata: ["provider": "\(names[position])"])
                }
                board.began(with: names[position])
                attempts[number] = Task { await speak(text, at: position, number, feed) }
            case .cancel(let number): attempts[number]?.cancel()
            case .give(let audio): output.yield(audio)
            case .note(let position, let event): board.note(event, of: names[position])
            case .finish:
                output.finish()
                return false
            case .fail(let error):
                output.finish(throwing: error)
                return false
            }
        }
        return true
    }

    /// Makes sure that the next deadline is noticed. Most move away while audio comes: a timer that is early looks again.
    private func arm(
        _ timer: inout (task: Task<Void, Never>, at: Duration)?, for deadline: Duration?,
        _ feed: AsyncStream<Signal>.Continuation
    ) {
        guard let deadline else { return }
        if let timer, timer.at <= deadline { return }
        timer?.task.cancel()
        let (clock, wait) = (board.clock, max(deadline - board.now(), .zero))
        let task = Task {
            guard (try? await clock.sleep(for: wait)) != nil else { return }
            feed.yield(.deadline)
        }
        timer = (task, deadline)
    }

    private func noteTakenOver(_ text: String) {
        state.withLock { state in
            state.takenOver.append(text)
            if state.takenOver.count > Self.mostTakenOver { state.takenOver.removeFirst() }
        }
    }

    /// A caller hears a few texts a turn.
    private static let mostTakenOver = 32

    private func speak(
        _ text: String, at position: Int, _ number: Int, _ feed: AsyncStream<Signal>.Continuation
    ) async {
        do {
            let session = try await opening(position).value
            if let audio = session.keptAudio(of: text) {
                feed.yield(.audio(audio, from: number, isKept: true))
            } else {
                for try await audio in session.synthesize(text) {
                    feed.yield(.audio(audio, from: number, isKept: false))
                }
            }
            feed.yield(.ended(number))
        } catch let error as SpeechError {
            // A session that was refused stays so; the next probe needs a new one.
            if error.code == .unauthorized || error.code == .refused { forget(position) }
            feed.yield(.failed(error, from: number))
        } catch {
            feed.yield(
                .failed(
                    SpeechError(.unavailable, operation: "synthesize", provider: names[position], detail: "\(error)"),
                    from: number))
        }
    }

    // MARK: Sessions

    /// The session of the synthesizer at `position`, opened if it is not; one that could not be is opened again.
    private func opening(_ position: Int) -> Opening {
        state.withLock { state in
            if let opening = state.sessions[position] { return opening }
            // After the end of the call, nobody would close it.
            let opening =
                state.isClosed
                ? Task { throw SpeechError(.cancelled, operation: "open", provider: names[position], detail: "closed") }
                : Task { try await open(position) }
            state.sessions[position] = opening
            return opening
        }
    }

    private func forget(_ position: Int) {
        let refused = state.withLock { state in
            if position == 0 { state.preferred = nil }
            return state.sessions.removeValue(forKey: position)
        }
        if let refused { Self.close(refused) }
    }

    private func open(_ position: Int) async throws -> any SynthesisSession {
        let begun = board.now()
        do {
            let session = try await links[position].synthesizer
                .makeSession(voice: position == 0 ? voice : "", format: format)
            board.note(.took(.connect, board.now() - begun), of: names[position])
            if position == 0 { state.withLock { $0.preferred = $0.isClosed ? nil : session } }
            return session
        } catch {
            state.withLock { $0.sessions[position] = nil }
            throw error
        }
    }
}
