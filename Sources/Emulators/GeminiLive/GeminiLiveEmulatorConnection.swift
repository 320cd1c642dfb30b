import Foundation
import Networking

/// One client of the emulated Live API. Loop's thread only. What it says goes out in binary frames, as the vendor's does.
final class GeminiLiveEmulatorConnection: WebSocketHandler, @unchecked Sendable {
    // @unchecked: a voice that is asked for elsewhere comes back by the loop; every member is used there only.
    private typealias Message = GeminiLiveEmulatedMessage

    private enum Piece: Sendable {
        case words(String)
        case audio([UInt8])
    }

    /// Longer than between two frames of one utterance.
    private static let pause = Duration.milliseconds(400)
    /// A word for each 100 ms.
    private static let bytesPerWord = 3200
    /// 100 ms.
    private static let chunk = 800

    private let emulator: GeminiLiveEmulator
    private let isKnown: Bool
    private let fault: GeminiLiveEmulatorConfiguration.Fault
    private var session = GeminiLiveEmulatedSession()
    /// The answer under way, by number.
    private var answer: (id: Int, pieces: ArraySlice<Piece>, calls: [ModelEmulatorConfiguration.ToolCall])?
    private var answers = 0
    private var turns = 0
    private var calls = 0
    private var timer: LoopTimer?
    private var chunks = 0
    private var hasFailed = false
    /// Words of the stretch of sound under way that were not told yet.
    private var unheard: ArraySlice<String> = []
    private var bytes = 0
    private var lastSound: ContinuousClock.Instant?
    private weak var socket: WebSocket?

    init(emulator: GeminiLiveEmulator, isKnown: Bool, fault: GeminiLiveEmulatorConfiguration.Fault) {
        self.emulator = emulator
        self.isKnown = isKnown
        self.fault = fault
    }

    func opened(_ socket: WebSocket) { self.socket = socket }

    func closed(_ socket: WebSocket?, reason: WebSocketCloseReason) { stop() }

    func received(_ message: Span<UInt8>, kind: WebSocketMessageKind, on socket: WebSocket) {
        guard isKnown else {
            emulator.counts.refusals.add()
            return socket.close(code: 1007, reason: "API key not valid. Please pass a valid API key.")
        }
        do throws(GeminiLiveEmulatedSession.Violation) {
            let bytes = unsafe message.withUnsafeBytes { unsafe Array($0) }
            guard let tree = JSONTree(bytes) else {
                throw GeminiLiveEmulatedSession.Violation("the message is not JSON")
            }
            for effect in try session.take(tree) { perform(effect) }
        } catch {
            emulator.counts.violations.add()
            emulator.note(error: error.message)
            socket.close(code: 1007, reason: "Request contains an invalid argument: \(error.message.prefix(80))")
        }
    }

    private func perform(_ effect: GeminiLiveEmulatedSession.Effect) {
        switch effect {
        case .setUp(let model, let handle, let instructions): setUp(model, handle, instructions)
        case .instructed(let text): emulator.note(instructions: text)
        case .began: interrupt()
        case .heard(let count): hear(count)
        case .told(let words): emulator.note(item: words)
        case .answer:
            finishHearing()
            respond()
        }
    }

    private func setUp(_ model: String, _ handle: String?, _ instructions: String) {
        let models = emulator.configuration.models
        guard models.isEmpty || models.contains(String(model.dropFirst("models/".count))) else {
            emulator.counts.refusals.add()
            socket?.close(code: 1008, reason: "\(model) is not found for API version v1beta")
            return
        }
        if let handle {
            guard let former = emulator.session(of: handle) else {
                emulator.counts.refusals.add()
                socket?.close(code: 1008, reason: "BidiGenerateContent session not found")
                return
            }
            emulator.counts.resumptions.add()
            session = former.resumed(with: session)
        }
        emulator.note(instructions: instructions)
        say(Message.setupComplete)
    }

    // MARK: The caller

    private func hear(_ count: Int) {
        emulator.counts.audioBytes.add(count)
        let now = ContinuousClock.now
        if lastSound.map({ now - $0 > Self.pause }) ?? true {
            tell(unheard.count)
            bytes = 0
            let sentence = emulator.nextSentence()
            session.understood(sentence)
            unheard = sentence.split(separator: " ").enumerated().map { ($0.offset > 0 ? " " : "") + $0.element }[...]
        }
        lastSound = now
        bytes += count
        tell(min(bytes / Self.bytesPerWord, unheard.count))
        bytes %= Self.bytesPerWord
    }

    private func tell(_ count: Int) {
        for _ in 0..<count {
            guard let word = unheard.popFirst(), fault != .deaf else { continue }
            say(Message.heard(word, isLast: false))
        }
    }

    private func finishHearing() {
        guard lastSound != nil else { return }
        tell(unheard.count)
        if fault != .deaf { say(Message.heard("", isLast: true)) }
        lastSound = nil
    }

    private func interrupt() {
        emulator.counts.activities.add()
        (lastSound, unheard, bytes) = (nil, [], 0)
        let cancelled = session.cancelCalls()
        if !cancelled.isEmpty { say(Message.cancelled(cancelled)) }
        guard answer != nil else { return }
        emulator.counts.interruptions.add()
        say(Message.interrupted)
        if case .late(let count) = fault {
            for case .audio(let audio)? in (0..<count * 2).map({ _ in answer?.pieces.popFirst() }) {
                say(Message.audio(audio))
            }
        }
        complete()
    }

    // MARK: The model

    private func respond() {
        answers += 1
        let (id, exchange) = (answers, session.exchange())
        if case .fail(let reason) = fault, !hasFailed {
            hasFailed = true
            return say(Message.turnComplete(reason))
        }
        let reply = emulator.configuration.script(exchange)
        // Known at once, so that whoever interrupts finds it.
        answer = (id, [], [])
        guard let loop = socket?.loop else { return }
        let voice = emulator.configuration.voice
        Task {
            var pieces: [Piece] = []
            for (number, sentence) in RealtimeEmulatedAnswer.sentences(of: reply.text).enumerated() {
                pieces += Self.pieces(of: sentence, await voice(sentence), isFirst: number == 0)
            }
            let whole = pieces[...]
            loop.post { [self] in begin(id, whole, reply.toolCalls, isSpoken: !reply.text.isEmpty) }
        }
    }

    /// Two words go before each tenth of a second: speech has a third of that.
    private static func pieces(of sentence: String, _ audio: [UInt8], isFirst: Bool) -> [Piece] {
        var words = sentence.split(separator: " ").enumerated().map {
            ($0.offset > 0 || !isFirst ? " " : "") + $0.element
        }[...]
        var pieces: [Piece] = []
        for start in stride(from: 0, to: audio.count, by: chunk) {
            for _ in 0..<2 { if let word = words.popFirst() { pieces.append(.words(word)) } }
            pieces.append(.audio(Array(audio[start..<min(start + chunk, audio.count)])))
        }
        return pieces + words.map { .words($0) }
    }

    private func begin(
        _ id: Int, _ pieces: ArraySlice<Piece>, _ calls: [ModelEmulatorConfiguration.ToolCall], isSpoken: Bool
    ) {
        // It may have been interrupted meanwhile.
        guard answer?.id == id else { return }
        emulator.counts.turns.add()
        answer = (id, pieces, calls)
        after(emulator.configuration.firstDelay) { [self] in step(id) }
    }

    /// The next piece of the answer.
    private func step(_ id: Int) {
        timer = nil
        guard answer?.id == id else { return }
        if case .stall(let limit) = fault, chunks >= limit { return }
        if case .close(let limit, let code) = fault, chunks >= limit, let socket {
            return socket.close(code: code, reason: "closed as configured")
        }
        switch answer?.pieces.popFirst() {
        case .words(let words):
            say(Message.words(words))
            step(id)
        case .audio(let audio):
            chunks += 1
            if fault == .garbage, chunks == 1 { say("{\"serverContent\":") }
            say(Message.audio(audio))
            timer = after(emulator.configuration.chunkDelay) { [self] in step(id) }
        case nil: end()
        }
    }

    private func end() {
        let wanted = answer?.calls ?? []
        guard !wanted.isEmpty else {
            say(Message.generationComplete)
            timer = after(emulator.configuration.endDelay) { [self] in complete() }
            return
        }
        answer = nil
        let made = wanted.map { call in
            calls += 1
            session.called("call-\(calls)", call.name)
            return (id: "call-\(calls)", name: call.name, arguments: call.arguments)
        }
        say(Message.notResumable)
        say(Message.calls(made))
    }

    private func complete() {
        stop()
        answer = nil
        turns += 1
        say(Message.turnComplete())
        say(Message.resumable(fault == .amnesia ? "nobody's" : emulator.keep(session)))
        if case .leave(let limit) = fault, turns == limit { say(Message.goAway) }
    }

    private func stop() {
        timer?.cancel()
        timer = nil
    }

    private func say(_ message: String) { socket?.send(binary: message.utf8Span.span) }

    @discardableResult
    private func after(_ delay: Duration, _ body: @escaping () -> Void) -> LoopTimer? {
        guard delay > .zero, let socket else {
            body()
            return nil
        }
        return socket.loop.schedule(after: delay, body)
    }
}
