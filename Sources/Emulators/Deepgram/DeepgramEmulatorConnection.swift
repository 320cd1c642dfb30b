import Foundation
import Networking

/// One client of the emulated recognizer. Loop's thread only.
final class DeepgramEmulatorConnection: WebSocketHandler {
    private let emulator: DeepgramEmulator
    private let number: Int
    private let fault: DeepgramEmulatorConfiguration.Fault
    private let power: [Float]
    private let sampleRate: Int
    private var stream: DeepgramEmulatorStream
    private var sentGarbage = false
    private var quietSeconds = 0
    private var hasAudio = false
    private var timer: LoopTimer?

    init(
        emulator: DeepgramEmulator, number: Int, fault: DeepgramEmulatorConfiguration.Fault,
        settings: DeepgramEmulatorStream.Settings, power: [Float]
    ) {
        self.emulator = emulator
        self.number = number
        self.fault = fault
        self.power = power
        sampleRate = settings.sampleRate
        stream = DeepgramEmulatorStream(transcripts: emulator.configuration.transcripts, settings: settings)
    }

    func opened(_ socket: WebSocket) {
        timer = socket.loop.scheduleRepeating(every: .seconds(1)) { [unowned self] _ in
            quietSeconds += 1
            // Neither audio nor text, or text alone since the opening.
            guard .seconds(quietSeconds) >= emulator.configuration.silenceTimeout else { return }
            socket.close(code: 1011, reason: "NET-0001")
        }
    }

    func received(_ message: Span<UInt8>, kind: WebSocketMessageKind, on socket: WebSocket) {
        guard kind == .binary else { return control(message, on: socket) }
        quietSeconds = 0
        hasAudio = true
        guard message.count > 0 else { return finish(socket) }
        emulator.counts.audioBytes.add(message.count)
        if let observer = emulator.configuration.audioObserver {
            observer(number, unsafe message.withUnsafeBufferPointer { unsafe Array($0) })
        }
        if fault != .mute { stream.hear(message, power: power) { send($0, on: socket) } }
        if case .close(let audio, let code, let reason) = fault,
            stream.position >= Int(audio / .seconds(1) * Double(sampleRate))
        {
            socket.close(code: code, reason: reason)
        }
    }

    func closed(_ socket: WebSocket?, reason: WebSocketCloseReason) {
        timer?.cancel()
        timer = nil
    }

    // MARK: Control

    private struct Control: Decodable {
        let type: String
        let channel: Int?
        let keyterms: [String]?

        private enum CodingKeys: String, CodingKey { case type, channel, keyterms, features }

        init(from decoder: any Decoder) throws {
            let container = try decoder.container(keyedBy: CodingKeys.self)
            type = try container.decode(String.self, forKey: .type)
            channel = try container.decodeIfPresent(Int.self, forKey: .channel)
            keyterms = try container.decodeIfPresent([String].self, forKey: .keyterms)
            switch type {
            case "KeepAlive", "CloseStream": try decoder.allowOnly(["type"])
            case "Finalize": try decoder.allowOnly(["type", "channel"])
            case "Configure": try decoder.allowOnly(["type", "keyterms", "features"])
            default:
                throw DecodingError.dataCorruptedError(
                    forKey: .type, in: container, debugDescription: "unknown message type \(type)")
            }
        }
    }

    private func control(_ message: Span<UInt8>, on socket: WebSocket) {
        if hasAudio { quietSeconds = 0 }
        let data = unsafe message.withUnsafeBytes { unsafe Data($0) }
        do {
            let control = try JSONDecoder().decode(Control.self, from: data)
            switch control.type {
            case "KeepAlive": emulator.counts.keepAlives.add()
            case "Finalize":
                emulator.counts.finalizes.add()
                guard fault != .mute, fault != .ignoreFinalize, let result = stream.finalize() else { return }
                send(result, on: socket)
            case "CloseStream":
                emulator.counts.closedStreams.add()
                finish(socket)
            default: confirm(control.keyterms ?? [], on: socket)
            }
        } catch {
            var reply = JSONText()
            reply.raw(#"{"type":"Error","variant":"SchemaError","description":"#)
            reply.string((error as? DecodingError)?.summary ?? "not understood")
            reply.raw(#","message":"#)
            reply.string(String(decoding: data, as: UTF8.self))
            reply.raw("}")
            send(reply.bytes, on: socket)
        }
    }

    private func confirm(_ keyterms: [String], on socket: WebSocket) {
        var reply = JSONText()
        reply.raw(#"{"type":"ConfigureSuccess","request_id":"#)
        reply.string(requestID)
        reply.raw(#","keyterms":["#)
        for (index, term) in keyterms.enumerated() {
            if index > 0 { reply.raw(",") }
            reply.string(term)
        }
        reply.raw("]}")
        send(reply.bytes, on: socket)
    }

    /// The client ended its stream: what is left, the summary, and goodbye.
    private func finish(_ socket: WebSocket) {
        if fault != .mute, let rest = stream.drain() { send(rest, on: socket) }
        var summary = JSONText()
        summary.raw(#"{"type":"Metadata","transaction_key":"deprecated","request_id":"#)
        summary.string(requestID)
        summary.raw(
            #","sha256":"0000000000000000000000000000000000000000000000000000000000000000","created":"2026-11-23T09:00:00.000Z","duration":"#
        )
        summary.thousandths(stream.position * 1000 / sampleRate)
        summary.raw(#","channels":1}"#)
        send(summary.bytes, on: socket)
        after(emulator.configuration.resultDelay, on: socket) { $0.close(code: 1000) }
    }

    // MARK: Results

    private var requestID: String {
        let tail = String(number, radix: 16)
        return "00000000-0000-4000-8000-" + String(repeating: "0", count: max(12 - tail.count, 0)) + tail
    }

    private func send(_ result: DeepgramEmulatorStream.Result, on socket: WebSocket) {
        emulator.counts.results.add()
        if fault == .garbage, !sentGarbage {
            sentGarbage = true
            return send(Array("{\"type\":\"Results\",\"is_final\":".utf8), on: socket)
        }
        var result = result
        if result.speechFinal || result.fromFinalize, let last = result.words.last,
            let word = emulator.configuration.lastWord
        {
            result.words.append(.init(text: word(), start: last.end, end: last.end))
        }
        send(encoded(result), on: socket)
    }

    private func encoded(_ result: DeepgramEmulatorStream.Result) -> [UInt8] {
        let time = { (samples: Int) in samples * 1000 / self.sampleRate }
        var text = JSONText(reserving: 512 + result.words.count * 112)
        text.raw(#"{"type":"Results","channel_index":[0,1],"duration":"#)
        text.thousandths(time(result.end) - time(result.start))
        text.raw(#","start":"#)
        text.thousandths(time(result.start))
        text.raw(#","is_final":"#)
        text.bool(result.isFinal)
        text.raw(#","speech_final":"#)
        text.bool(result.speechFinal)
        text.raw(#","channel":{"alternatives":[{"transcript":"#)
        text.string(result.words.map(\.text).joined(separator: " "))
        text.raw(#","confidence":"#)
        text.thousandths(result.words.isEmpty ? 0 : result.isFinal ? 980 : 900)
        text.raw(#","words":["#)
        for (index, word) in result.words.enumerated() {
            if index > 0 { text.raw(",") }
            text.raw(#"{"word":"#)
            text.string(word.text)
            text.raw(#","start":"#)
            text.thousandths(time(word.start))
            text.raw(#","end":"#)
            text.thousandths(time(word.end))
            text.raw(#","confidence":"#)
            text.thousandths(970)
            if let language = result.language {
                text.raw(#","language":"#)
                text.string(language)
            }
            text.raw("}")
        }
        text.raw("]")
        if let language = result.language {
            text.raw(#","languages":["#)
            text.string(language)
            text.raw("]")
        }
        text.raw(#"}]},"metadata":{"request_id":"#)
        text.string(requestID)
        text.raw(
            #","model_info":{"name":"emulated-nova","version":"2026-11-23.0","arch":"nova-3"},"model_uuid":"00000000-0000-4000-8000-0000000000ff"},"from_finalize":"#
        )
        text.bool(result.fromFinalize)
        text.raw("}")
        return text.bytes
    }

    private func send(_ text: [UInt8], on socket: WebSocket) {
        after(emulator.configuration.resultDelay, on: socket) { $0.send(text: text.span) }
    }

    private func after(_ delay: Duration, on socket: WebSocket, _ body: @escaping (WebSocket) -> Void) {
        if delay > .zero {
            socket.loop.schedule(after: delay) { [weak socket] in if let socket { body(socket) } }
        } else {
            body(socket)
        }
    }
}
