import Foundation
import Networking

/// One client of the emulated voice. Loop's thread only.
final class CartesiaEmulatorConnection: WebSocketHandler {
    private struct Context {
        var chunks: ArraySlice<[UInt8]> = []
        var output: CartesiaClientMessage.Output
        var isSpeaking = false
        var isClosing = false
        /// What was said before, in characters.
        var said = 0
    }

    private let emulator: CartesiaEmulator
    private let fault: CartesiaEmulatorConfiguration.Fault
    private var contexts: [String: Context] = [:]
    private var known: Set<String> = []
    private var sentChunks = 0
    private var hasMisbehaved = false

    init(emulator: CartesiaEmulator, fault: CartesiaEmulatorConfiguration.Fault) {
        self.emulator = emulator
        self.fault = fault
    }

    func opened(_ socket: WebSocket) {}

    func closed(_ socket: WebSocket?, reason: WebSocketCloseReason) { contexts = [:] }

    func received(_ message: Span<UInt8>, kind: WebSocketMessageKind, on socket: WebSocket) {
        let data = unsafe message.withUnsafeBytes { unsafe Data($0) }
        do {
            take(try JSONDecoder().decode(CartesiaClientMessage.self, from: data), on: socket)
        } catch {
            violate(nil, 400, (error as? DecodingError)?.summary ?? "not JSON", on: socket)
        }
    }

    private func take(_ message: CartesiaClientMessage, on socket: WebSocket) {
        let id = message.context
        if message.isCancel {
            emulator.counts.cancellations.add()
            if fault != .deaf { contexts[id] = nil }
            return
        }
        guard let transcript = message.transcript, let output = message.output else { return }
        if case .error(let status) = fault, !hasMisbehaved {
            hasMisbehaved = true
            return violate(nil, status, "an error as configured", on: socket)
        }
        guard let encoding = encoding(output) else {
            return violate(id, 400, "output_format is not offered", on: socket)
        }
        if contexts[id] == nil {
            // A context that has ended is not opened again.
            guard known.insert(id).inserted else { return violate(id, 400, "the context has expired", on: socket) }
            emulator.counts.contexts.add()
            contexts[id] = Context(output: output)
        } else if contexts[id]?.output != output {
            return violate(id, 400, "output_format differs within the context", on: socket)
        }
        emulator.counts.characters.add(transcript.count)
        if !transcript.isEmpty {
            let configuration = emulator.configuration
            contexts[id]?.chunks += EmulatedSpeech.chunks(
                transcript, encoding, sampleRate: output.rate, characterDuration: configuration.characterDuration,
                chunkDuration: configuration.chunkDuration)
            if message.wantsTimes { tellTimes(transcript, of: id, on: socket) }
            contexts[id]?.said += transcript.count
        }
        if !message.goesOn { contexts[id]?.isClosing = true }
        guard contexts[id]?.isSpeaking == false else { return }
        contexts[id]?.isSpeaking = true
        after(emulator.configuration.firstAudioDelay, on: socket) { $0.speak(id, on: $1) }
    }

    private func encoding(_ output: CartesiaClientMessage.Output) -> EmulatedSpeech.Encoding? {
        guard output.container == "raw", [8000, 16_000, 22_050, 24_000, 44_100, 48_000].contains(output.rate) else {
            return nil
        }
        switch output.encoding {
        case "pcm_mulaw": return .mulaw
        case "pcm_alaw": return .alaw
        case "pcm_s16le": return .linear16
        default: return nil
        }
    }

    /// Sends the context's next audio, and the rest a little later.
    private func speak(_ id: String, on socket: WebSocket) {
        while let chunk = contexts[id]?.chunks.popFirst(), socket.isOpen {
            if case .stall(sentChunks) = fault { return }
            if fault == .garbage, !hasMisbehaved {
                hasMisbehaved = true
                socket.send(text: "{\"type\":\"chunk\",".utf8Span.span)
            }
            send(chunk, of: id, on: socket)
            sentChunks += 1
            if case .close(sentChunks, let code) = fault { return socket.close(code: code) }
            if emulator.configuration.chunkDelay > .zero, contexts[id]?.chunks.isEmpty == false {
                return after(emulator.configuration.chunkDelay, on: socket) { $0.speak(id, on: $1) }
            }
        }
        contexts[id]?.isSpeaking = false
        guard contexts[id]?.isClosing == true else { return }
        contexts[id] = nil
        var text = JSONText()
        text.raw(#"{"type":"done","context_id":"#)
        text.string(id)
        text.raw(#","done":true,"status_code":206}"#)
        socket.send(text: text.bytes.span)
    }

    private func send(_ chunk: [UInt8], of id: String, on socket: WebSocket) {
        var text = JSONText(reserving: chunk.count * 4 / 3 + 128)
        text.raw(#"{"type":"chunk","context_id":"#)
        text.string(id)
        text.raw(#","data":""#)
        text.raw(Data(chunk).base64EncodedData())
        text.raw(#"","done":false,"status_code":206,"step_time":12.5}"#)
        socket.send(text: text.bytes.span)
    }

    /// Every character takes as long; words have their stops with them.
    private func tellTimes(_ transcript: String, of id: String, on socket: WebSocket) {
        let before = contexts[id]?.said ?? 0
        let step = Int(emulator.configuration.characterDuration / .milliseconds(1))
        let words = transcript.split(separator: " ").map { word in
            let (start, end) = (word.startIndex, word.endIndex)
            let from = transcript.distance(from: transcript.startIndex, to: start)
            let to = transcript.distance(from: transcript.startIndex, to: end)
            return (text: String(word), start: (before + from) * step, end: (before + to) * step)
        }
        var text = JSONText()
        text.raw(#"{"type":"timestamps","context_id":"#)
        text.string(id)
        text.raw(#","word_timestamps":{"words":["#)
        list(words, &text) { $0.string($1.text) }
        text.raw(#"],"start":["#)
        list(words, &text) { $0.thousandths($1.start) }
        text.raw(#"],"end":["#)
        list(words, &text) { $0.thousandths($1.end) }
        text.raw(#"]},"done":false,"status_code":206}"#)
        socket.send(text: text.bytes.span)
    }

    private func list<Element>(
        _ elements: [Element], _ text: inout JSONText, _ write: (inout JSONText, Element) -> Void
    ) {
        for (index, element) in elements.enumerated() {
            if index > 0 { text.raw(",") }
            write(&text, element)
        }
    }

    /// Errors are told on the socket, which stays.
    private func violate(_ id: String?, _ status: Int, _ words: String, on socket: WebSocket) {
        emulator.counts.violations.add()
        var text = JSONText()
        text.raw(#"{"type":"error","done":true,"#)
        if let id {
            text.raw(#""context_id":"#)
            text.string(id)
            text.raw(",")
            contexts[id] = nil
        }
        text.raw(#""status_code":"#)
        text.integer(status)
        text.raw(#","title":"refused","message":"#)
        text.string(words)
        text.raw(#","error_code":"emulated","doc_url":"","request_id":"00000000-0000-4000-8000-000000000000"}"#)
        socket.send(text: text.bytes.span)
    }

    private func after(
        _ delay: Duration, on socket: WebSocket, _ body: @escaping (CartesiaEmulatorConnection, WebSocket) -> Void
    ) {
        guard delay > .zero else { return body(self, socket) }
        socket.loop.schedule(after: delay) { [weak self, weak socket] in
            if let self, let socket { body(self, socket) }
        }
    }
}
