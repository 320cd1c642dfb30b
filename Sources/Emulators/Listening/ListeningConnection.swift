import Networking

/// One client of an emulated recognizer. Loop's thread only.
final class ListeningConnection: WebSocketHandler {
    private let emulator: ListeningEmulator
    private var api: any EmulatedListeningAPI
    private let fault: ListeningEmulatorConfiguration.Fault
    private let sampleRate: Int
    private let power: [Float]
    private var stream: DeepgramEmulatorStream
    private var resultCount = 0

    init(emulator: ListeningEmulator, api: any EmulatedListeningAPI, fault: ListeningEmulatorConfiguration.Fault) {
        self.emulator = emulator
        self.api = api
        self.fault = fault
        sampleRate = api.settings.sampleRate
        power = api.isALaw ? DeepgramEmulatorStream.aLawPower : DeepgramEmulatorStream.muLawPower
        var settings = api.settings
        settings.hearsSpelling = emulator.configuration.hearsSpelling
        if api.tellsLanguages { settings.languages = emulator.configuration.languages }
        stream = DeepgramEmulatorStream(transcripts: emulator.configuration.transcripts, settings: settings)
    }

    func opened(_ socket: WebSocket) { say(api.greeting(), on: socket) }

    func closed(_ socket: WebSocket?, reason: WebSocketCloseReason) {}

    func received(_ message: Span<UInt8>, kind: WebSocketMessageKind, on socket: WebSocket) {
        do {
            perform(kind == .binary ? try api.take(audio: message) : try api.take(text: message), on: socket)
        } catch {
            let words = (error as? DecodingError)?.summary ?? "not understood"
            let violation = error as? EmulatedViolation ?? api.violation(words)
            emulator.counts.violations.add()
            if let message = violation.message { say([message], on: socket) }
            if let code = violation.closeCode { socket.close(code: code, reason: violation.reason) }
        }
    }

    private func perform(_ command: EmulatedListeningCommand, on socket: WebSocket) {
        switch command {
        case .hear(let audio): hear(audio, on: socket)
        case .acknowledge(let audio, let message):
            say([message], on: socket)
            hear(audio, on: socket)
        case .finalize:
            emulator.counts.finalizes.add()
            guard fault != .mute, fault != .ignoreFinalize, let result = stream.finalize() else { return }
            tell(result, on: socket)
        case .end:
            emulator.counts.endings.add()
            if fault != .mute, let rest = stream.drain() { tell(rest, on: socket) }
            say(api.farewell(samples: stream.position), on: socket)
            after(emulator.configuration.resultDelay, on: socket) { $0.close(code: 1000) }
        case .say(let messages): say(messages, on: socket)
        case .nothing: break
        }
    }

    private func hear(_ audio: [UInt8], on socket: WebSocket) {
        emulator.counts.audioBytes.add(audio.count)
        if fault != .mute { stream.hear(audio.span, power: power) { tell($0, on: socket) } }
        if case .close(let duration, let code, let reason) = fault,
            stream.position >= Int(duration / .seconds(1) * Double(sampleRate))
        {
            socket.close(code: code, reason: reason)
        }
    }

    private func tell(_ result: DeepgramEmulatorStream.Result, on socket: WebSocket) {
        emulator.counts.results.add()
        defer { resultCount += 1 }
        if case .stall(let limit) = fault, resultCount >= limit { return }
        if fault == .garbage, resultCount == 0 { return say([Array("{\"type\":".utf8)], on: socket) }
        if fault == .huge, resultCount == 0 {
            return say([[UInt8](repeating: UInt8(ascii: " "), count: 10_000_000)], on: socket)
        }
        let messages = api.messages(for: result)
        say(fault == .duplicate ? messages.flatMap { [$0, $0] } : messages, on: socket)
    }

    private func say(_ messages: [[UInt8]], on socket: WebSocket) {
        for message in messages {
            after(emulator.configuration.resultDelay, on: socket) { $0.send(text: message.span) }
        }
    }

    private func after(_ delay: Duration, on socket: WebSocket, _ body: @escaping (WebSocket) -> Void) {
        guard delay > .zero else { return body(socket) }
        socket.loop.schedule(after: delay) { [weak socket] in if let socket { body(socket) } }
    }
}
