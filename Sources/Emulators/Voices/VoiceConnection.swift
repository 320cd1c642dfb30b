import Networking

/// One client of an emulated voice. Loop's thread only.
final class VoiceConnection: WebSocketHandler {
    private let emulator: VoiceEmulator
    private let query: Query
    private let encoding: EmulatedSpeech.Encoding
    private let sampleRate: Int
    private let fault: VoiceEmulatorConfiguration.Fault
    /// Text that was not flushed.
    private var text = ""
    private var label: String?
    /// What is said, and waits to be.
    private var turns: [EmulatedTurn] = []
    private var turnCount = 0
    private var isSpeaking = false
    private var isClosing = false
    /// Milliseconds of audio since the socket opened.
    private var session = 0
    private var characters = 0
    private var lastOffset: Int?
    private var sentChunks = 0
    private var hasMisbehaved = false

    init(
        emulator: VoiceEmulator, query: Query, encoding: EmulatedSpeech.Encoding, sampleRate: Int,
        fault: VoiceEmulatorConfiguration.Fault
    ) {
        self.emulator = emulator
        self.query = query
        self.encoding = encoding
        self.sampleRate = sampleRate
        self.fault = fault
    }

    func opened(_ socket: WebSocket) { say(emulator.api.greeting(query), on: socket) }

    func closed(_ socket: WebSocket?, reason: WebSocketCloseReason) { turns = [] }

    func received(_ message: Span<UInt8>, kind: WebSocketMessageKind, on socket: WebSocket) {
        let bytes = unsafe message.withUnsafeBufferPointer { unsafe Array($0) }
        do {
            guard kind == .text else { throw EmulatedRefusal(400, "NO_TEXT", "text messages only") }
            take(try emulator.api.read(bytes), on: socket)
        } catch {
            emulator.counts.violations.add()
            let words = (error as? DecodingError)?.summary ?? (error as? EmulatedRefusal)?.message ?? "not understood"
            fail(words, isClients: true, on: socket)
        }
    }

    private func take(_ order: EmulatedVoiceOrder, on socket: WebSocket) {
        guard !isClosing else { return }
        switch order {
        case .text(let more, let label):
            if fault == .error, !hasMisbehaved {
                hasMisbehaved = true
                return fail("an error as configured", isClients: false, on: socket)
            }
            text += more
            self.label = label ?? self.label
        case .flush: flush(on: socket)
        case .cut(let offset): cut(offset, on: socket)
        case .close:
            isClosing = true
            flush(on: socket)
            if !isSpeaking { leave(socket) }
        }
    }

    private func flush(on socket: WebSocket) {
        // What has nothing to say is passed over.
        guard text.contains(where: { !$0.isWhitespace }) else { return text = "" }
        let said = text.hasSuffix(" ") ? String(text.dropLast()) : text
        let configuration = emulator.configuration
        let chunks = EmulatedSpeech.chunks(
            said, encoding, sampleRate: sampleRate, characterDuration: configuration.characterDuration,
            chunkDuration: configuration.chunkDuration)
        turns.append(
            EmulatedTurn(
                number: turnCount, label: label, text: said, chunks: chunks[...],
                length: chunks.reduce(0) { $0 + milliseconds($1) }))
        turnCount += 1
        characters += said.count
        emulator.counts.turns.add()
        emulator.counts.characters.add(said.count)
        (text, label) = ("", nil)
        begin(on: socket)
    }

    private func begin(on socket: WebSocket) {
        guard !isSpeaking, !turns.isEmpty else { return }
        isSpeaking = true
        turns[0].begin = session
        say(emulator.api.beginning(turns[0]), on: socket)
        let number = turns[0].number
        after(emulator.configuration.firstAudioDelay, on: socket) { $0.speak(number, on: $1) }
    }

    /// Sends the next audio of a turn, and the rest a little later.
    private func speak(_ number: Int, on socket: WebSocket) {
        while let turn = turns.first, turn.number == number, isSpeaking, socket.isOpen {
            guard let chunk = turn.chunks.first else {
                turns.removeFirst()
                isSpeaking = false
                say(emulator.api.end(turn), on: socket)
                if turns.isEmpty, isClosing { leave(socket) }
                return begin(on: socket)
            }
            if case .stall(sentChunks) = fault { return }
            if fault == .garbage, !hasMisbehaved {
                hasMisbehaved = true
                socket.send(text: "{\"type\":\"chunk\",".utf8Span.span)
            }
            send(chunk, on: socket)
            if case .close(sentChunks, let code) = fault { return socket.close(code: code) }
            if emulator.configuration.chunkDelay > .zero {
                return after(emulator.configuration.chunkDelay, on: socket) { $0.speak(number, on: $1) }
            }
        }
    }

    /// Sends the first piece of what is being said.
    private func send(_ chunk: [UInt8], on socket: WebSocket) {
        let length = milliseconds(chunk)
        turns[0].chunks.removeFirst()
        turns[0].sent += length
        session += length
        sentChunks += 1
        let (message, isBinary) = emulator.api.audio(chunk, of: turns[0])
        if isBinary { socket.send(binary: message.span) } else { socket.send(text: message.span) }
    }

    private func milliseconds(_ chunk: [UInt8]) -> Int {
        chunk.count * 1000 / (encoding.bytesPerSample * sampleRate)
    }

    private func cut(_ offset: Int?, on socket: WebSocket) {
        emulator.counts.cuts.add()
        if offset != nil { emulator.counts.offsets.add() }
        guard fault != .deaf else { return }
        let turn = turns.first
        if let objection = emulator.api.objection(toCut: turn, session: session, offset: offset, last: lastOffset) {
            return say([objection], on: socket)
        }
        // One more piece was on its way already.
        if isSpeaking, let chunk = turn?.chunks.first { send(chunk, on: socket) }
        lastOffset = offset ?? session
        say(emulator.api.cut(turns.first, session: session, offset: offset), on: socket)
        session = min(session, offset ?? session)
        (text, label, turns, isSpeaking) = ("", nil, [], false)
    }

    private func leave(_ socket: WebSocket) {
        say(emulator.api.farewell(session: session, characters: characters), on: socket)
        socket.close(code: 1000)
    }

    private func fail(_ words: String, isClients: Bool, on socket: WebSocket) {
        let (message, code) = emulator.api.failure(words, isClients: isClients)
        socket.send(text: message.span)
        if let code { socket.close(code: code, reason: words) }
    }

    private func say(_ messages: [[UInt8]], on socket: WebSocket) {
        for message in messages { socket.send(text: message.span) }
    }

    private func after(
        _ delay: Duration, on socket: WebSocket, _ body: @escaping (VoiceConnection, WebSocket) -> Void
    ) {
        guard delay > .zero else { return body(self, socket) }
        socket.loop.schedule(after: delay) { [weak self, weak socket] in
            if let self, let socket { body(self, socket) }
        }
    }
}
