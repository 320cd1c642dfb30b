import Foundation
import Networking

/// One client of the emulated voice. Loop's thread only.
final class ElevenLabsEmulatorConnection: WebSocketHandler {
    private struct Context {
        /// Text that no flush has released.
        var text = ""
        /// Released, not yet said; in bytes of audio.
        var owedBytes = 0
        /// Of the owed audio, the characters it stands for.
        var characters: [Character] = []
        var isClosing = false
        var isSpeaking = false
        var hasBegun = false
    }

    private let emulator: ElevenLabsEmulator
    private let voice: EmulatedVoice
    private let voiceID: String
    private let fault: ElevenLabsEmulatorConfiguration.Fault
    private let inactivityTimeout: Int
    private let isAutomatic: Bool
    private let isAligned: Bool
    private var contexts: [String: Context] = [:]
    private var sentChunks = 0
    private var hasMisbehaved = false
    private var quietSeconds = 0
    private var timer: LoopTimer?
    private var message = JSONText(reserving: 8192)

    /// The vendor's bound on contexts of one socket.
    private static let maximumContexts = 5
    /// Characters that are said without a flush: the vendor's default schedule.
    private static let schedule = 120

    init(
        emulator: ElevenLabsEmulator, voice: EmulatedVoice, voiceID: String,
        fault: ElevenLabsEmulatorConfiguration.Fault,
        inactivityTimeout: Int, isAutomatic: Bool, isAligned: Bool
    ) {
        self.emulator = emulator
        self.voice = voice
        self.voiceID = voiceID
        self.fault = fault
        self.inactivityTimeout = inactivityTimeout
        self.isAutomatic = isAutomatic
        self.isAligned = isAligned
    }

    func opened(_ socket: WebSocket) {
        timer = socket.loop.scheduleRepeating(every: .seconds(1)) { [unowned self] _ in
            quietSeconds += 1
            if quietSeconds >= inactivityTimeout {
                violate("input_timeout_exceeded", "nothing was received", on: socket)
            }
        }
    }

    func closed(_ socket: WebSocket?, reason: WebSocketCloseReason) {
        timer?.cancel()
        timer = nil
        contexts = [:]
    }

    func received(_ message: Span<UInt8>, kind: WebSocketMessageKind, on socket: WebSocket) {
        quietSeconds = 0
        let data = unsafe message.withUnsafeBytes { unsafe Data($0) }
        do {
            take(try JSONDecoder().decode(ElevenLabsClientMessage.self, from: data), on: socket)
        } catch {
            violate("invalid_message", (error as? DecodingError)?.summary ?? "not JSON", on: socket)
        }
    }

    // MARK: Contexts

    private func take(_ message: ElevenLabsClientMessage, on socket: WebSocket) {
        if message.closesSocket { return socket.close(code: 1000) }
        guard let id = message.context else {
            guard message.text?.isEmpty == true else {
                return violate("missing_context_id", "text needs a context_id", on: socket)
            }
            emulator.counts.keepAlives.add()
            return
        }
        if contexts[id] == nil {
            // Closing what is closed already is harmless.
            if message.closesContext || message.text == nil { return }
            guard open(id, message, on: socket) else { return }
        } else if message.hasSettings {
            return violate("invalid_message", "settings belong into a context's first message", on: socket)
        }
        if message.text?.isEmpty == true { emulator.counts.keepAlives.add() }
        if let text = message.text { contexts[id]?.text += text }
        if message.flushes || isAutomatic || contexts[id].map({ $0.text.count >= Self.schedule }) == true {
            release(id, on: socket)
        }
        if message.closesContext {
            emulator.counts.closedContexts.add()
            contexts[id]?.isClosing = true
            contexts[id]?.text = ""
            finishIfDone(id, on: socket)
        }
    }

    private func open(_ id: String, _ message: ElevenLabsClientMessage, on socket: WebSocket) -> Bool {
        guard contexts.count < Self.maximumContexts else {
            violate("max_active_conversations", "Maximum simultaneous contexts exceeded (5)", on: socket)
            return false
        }
        let isKeepAlive = message.text?.isEmpty == true && !message.hasSettings
        guard isKeepAlive || message.hasSettings && message.text == " " else {
            violate("invalid_message", "a context begins with one space and its settings", on: socket)
            return false
        }
        emulator.counts.contexts.add()
        contexts[id] = Context()
        return true
    }

    /// What was said so far becomes audio.
    private func release(_ id: String, on socket: WebSocket) {
        guard var context = contexts[id] else { return }
        let text = context.text.drop { $0 == " " }
        context.text = ""
        guard !text.isEmpty else {
            contexts[id] = context
            return
        }
        emulator.noteSpoken(text.count, by: voiceID)
        let seconds = emulator.configuration.characterDuration / .seconds(1) * Double(text.count)
        context.owedBytes += max(Int(seconds * Double(voice.bytesPerSecond)) / 6 * 6, 6)
        context.characters += Array(text)
        let begins = !context.isSpeaking
        context.isSpeaking = true
        contexts[id] = context
        if begins { after(emulator.configuration.firstAudioDelay, on: socket) { $0.speak(id, on: $1) } }
    }

    /// Sends the context's next audio, and the rest a little later.
    private func speak(_ id: String, on socket: WebSocket) {
        while let context = contexts[id], context.owedBytes > 0, socket.isOpen {
            if case .stall(sentChunks) = fault { return }
            sendChunk(id, context, on: socket)
            if case .close(sentChunks, let code) = fault { return socket.close(code: code) }
            if emulator.configuration.chunkDelay > .zero, contexts[id]?.owedBytes ?? 0 > 0 {
                return after(emulator.configuration.chunkDelay, on: socket) { $0.speak(id, on: $1) }
            }
        }
        contexts[id]?.isSpeaking = false
        finishIfDone(id, on: socket)
    }

    private func sendChunk(_ id: String, _ context: Context, on socket: WebSocket) {
        if !hasMisbehaved {
            hasMisbehaved = true
            if fault == .garbage { socket.send(text: "{\"audio\":".utf8Span.span) }
            if fault == .stranger { sendAudio("a context long gone", index: 3, bytes: 6, said: [], on: socket) }
        }
        let bytes = min(context.owedBytes, voice.chunkBytes)
        let share = context.characters.count * bytes / context.owedBytes
        let beginning = context.hasBegun ? nil : emulator.configuration.beginning?()
        contexts[id]?.hasBegun = true
        sendAudio(
            id, index: sentChunks, bytes: bytes, said: context.characters.prefix(share), beginning: beginning ?? [],
            on: socket)
        sentChunks += 1
        contexts[id]?.owedBytes -= bytes
        contexts[id]?.characters.removeFirst(share)
    }

    private func sendAudio(
        _ id: String, index: Int, bytes: Int, said: ArraySlice<Character>, beginning: [UInt8] = [],
        on socket: WebSocket
    ) {
        message.removeAll()
        message.raw(#"{"audio":""#)
        if beginning.count <= bytes, !beginning.isEmpty { message.raw(Data(beginning).base64EncodedData()) }
        message.raw(voice.base64(index, bytes: beginning.count <= bytes ? bytes - beginning.count : bytes))
        message.raw(#"","isFinal":null,"#)
        for (key, isLast) in [("normalizedAlignment", false), ("alignment", true)] {
            message.string(key)
            message.raw(":")
            if isAligned, !said.isEmpty { align(said, bytes: bytes) } else { message.raw("null") }
            if !isLast { message.raw(",") }
        }
        message.raw(#","contextId":"#)
        message.string(id)
        message.raw("}")
        send(on: socket)
    }

    /// Times begin at 0 in every message, as the vendor's do.
    private func align(_ said: ArraySlice<Character>, bytes: Int) {
        let step = bytes * 1000 / voice.bytesPerSecond / said.count
        message.raw(#"{"chars":["#)
        for (index, character) in said.enumerated() {
            if index > 0 { message.raw(",") }
            message.string(String(character))
        }
        message.raw(#"],"charStartTimesMs":["#)
        for index in 0..<said.count {
            if index > 0 { message.raw(",") }
            message.integer(index * step)
        }
        message.raw(#"],"charDurationsMs":["#)
        for index in 0..<said.count {
            if index > 0 { message.raw(",") }
            message.integer(step)
        }
        message.raw("]}")
    }

    private func finishIfDone(_ id: String, on socket: WebSocket) {
        guard let context = contexts[id], context.isClosing, context.owedBytes == 0 else { return }
        contexts[id] = nil
        message.removeAll()
        message.raw(#"{"isFinal":true,"contextId":"#)
        message.string(id)
        message.raw("}")
        send(on: socket)
    }

    private func send(on socket: WebSocket) {
        let bytes = message.bytes
        socket.send(text: bytes.span)
    }

    // MARK: Ends

    private func violate(_ error: String, _ words: String, on socket: WebSocket) {
        emulator.counts.violations.add()
        message.removeAll()
        message.raw(#"{"message":"#)
        message.string(words)
        message.raw(#","error":"#)
        message.string(error)
        message.raw(#","code":1008}"#)
        send(on: socket)
        socket.close(code: 1008, reason: error)
        contexts = [:]
    }

    private func after(
        _ delay: Duration, on socket: WebSocket,
        _ body: @escaping (ElevenLabsEmulatorConnection, WebSocket) -> Void
    ) {
        guard delay > .zero else { return body(self, socket) }
        socket.loop.schedule(after: delay) { [weak self, weak socket] in
            if let self, let socket { body(self, socket) }
        }
    }
}
