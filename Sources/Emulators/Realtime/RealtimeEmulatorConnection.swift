import Foundation
import Networking

/// One client of the emulated model. Loop's thread only.
final class RealtimeEmulatorConnection: WebSocketHandler, @unchecked Sendable {
    // @unchecked: a voice that is asked for elsewhere comes back by the loop; every member is used there only.
    private let emulator: RealtimeEmulator
    private let fault: RealtimeEmulatorConfiguration.Fault
    private var session: RealtimeEmulatedSession
    private var answer: RealtimeEmulatedAnswer?
    private var timer: LoopTimer?
    private var chunks = 0
    private var hasFailed = false
    private var heard = 0
    private weak var socket: WebSocket?

    init(emulator: RealtimeEmulator, model: String, fault: RealtimeEmulatorConfiguration.Fault) {
        self.emulator = emulator
        self.fault = fault
        session = RealtimeEmulatedSession(model: model)
    }

    func opened(_ socket: WebSocket) {
        self.socket = socket
        say(session.event("session.created", session.session))
    }

    func closed(_ socket: WebSocket?, reason: WebSocketCloseReason) {
        timer?.cancel()
        timer = nil
    }

    func received(_ message: Span<UInt8>, kind: WebSocketMessageKind, on socket: WebSocket) {
        let bytes = unsafe message.withUnsafeBytes { unsafe Array($0) }
        guard kind == .text, let tree = JSONTree(bytes) else {
            return object(.init("invalid_json", "the message is not JSON"), about: nil)
        }
        if tree["type"]?.text == "input_audio_buffer.append" { emulator.counts.audioBytes.add(bytes.count * 3 / 4) }
        do throws(RealtimeEmulatedSession.Violation) {
            for effect in try session.take(tree) { perform(effect) }
        } catch {
            object(error, about: tree["event_id"]?.text)
        }
    }

    private func object(_ violation: RealtimeEmulatedSession.Violation, about eventID: String?) {
        emulator.counts.violations.add()
        emulator.note(error: "\(violation.code): \(violation.message)")
        say(session.error(violation, about: eventID))
    }

    private func perform(_ effect: RealtimeEmulatedSession.Effect) {
        switch effect {
        case .say(let message): say(message)
        case .transcribe(let item, _): transcribe(item)
        case .respond(let response, let forbidsTools): respond(response, forbidsTools)
        case .cancel(let response):
            emulator.counts.cancellations.add()
            cancel(response)
        case .truncated(let item, let milliseconds, let sent, let text):
            emulator.note(.init(item: item, milliseconds: milliseconds, sent: sent, text: text))
        case .deleted(let item): emulator.note(deletion: item)
        case .told(let words): emulator.note(item: words)
        }
    }

    private func transcribe(_ item: String) {
        let number = emulator.counts.commits.add()
        let transcripts = emulator.configuration.transcripts
        let words = transcripts[number % transcripts.count]
        session.wrote(words, of: item)
        guard fault != .deaf else { return }
        after(emulator.configuration.transcriptDelay) { [self] in
            let head = ",\"item_id\":\"\(item)\",\"content_index\":0"
            say(
                session.event(
                    "conversation.item.input_audio_transcription.delta", head + ",\"delta\":\(JSONText.quoted(words))"))
            say(
                session.event(
                    "conversation.item.input_audio_transcription.completed",
                    head
                        + ",\"transcript\":\(JSONText.quoted(words)),\"usage\":{\"type\":\"duration\",\"seconds\":1.0}"
                ))
        }
    }

    private func respond(_ id: String, _ forbidsTools: Bool) {
        emulator.counts.responses.add()
        emulator.note(order: session.order)
        say(session.event("response.created", ",\"response\":" + RealtimeEmulatedAnswer.response(id, "in_progress")))
        if case .fail(let code) = fault, !hasFailed {
            hasFailed = true
            let details =
                "{\"type\":\"failed\",\"error\":{\"type\":\"server_error\",\"code\":\(JSONText.quoted(code)),\"message\":\"failed as configured\"}}"
            session.ended()
            return say(
                session.event(
                    "response.done", ",\"response\":" + RealtimeEmulatedAnswer.response(id, "failed", details: details))
            )
        }
        var reply = emulator.configuration.script(session.exchange)
        if forbidsTools { reply.toolCalls = [] }
        let (voice, sentences, calls) = (
            emulator.configuration.voice, RealtimeEmulatedAnswer.sentences(of: reply.text), reply.toolCalls
        )
        guard let loop = socket?.loop else { return }
        Task {
            var spoken: [(text: String, audio: [UInt8])] = []
            for sentence in sentences { spoken.append((sentence, await voice(sentence))) }
            let answer = RealtimeEmulatedAnswer(id: id, spoken: spoken, calls: calls)
            loop.post { [self] in begin(answer) }
        }
    }

    private func begin(_ answer: RealtimeEmulatedAnswer) {
        // It may have been cancelled meanwhile.
        guard session.active == answer.id else { return }
        self.answer = answer
        after(emulator.configuration.firstDelay) { [self] in step(answer.id) }
    }

    /// The next piece of the answer.
    private func step(_ id: String) {
        timer = nil
        guard answer?.id == id, session.active == id, let piece = answer?.next(&session) else { return }
        if case .stall(let limit) = fault, chunks >= limit { return }
        if case .close(let limit, let code) = fault, chunks >= limit, let socket {
            return socket.close(code: code, reason: "closed as configured")
        }
        if piece.hasAudio {
            chunks += 1
            if fault == .garbage, chunks == 1 { say("{\"type\":") }
        }
        for message in piece.messages { say(message) }
        if piece.isLast {
            answer = nil
            return
        }
        timer = after(piece.hasAudio ? emulator.configuration.chunkDelay : .zero) { [self] in step(id) }
    }

    private func cancel(_ id: String) {
        timer?.cancel()
        timer = nil
        if case .late(let count) = fault {
            for _ in 0..<count {
                guard let piece = answer?.next(&session), !piece.isLast else { break }
                for message in piece.messages { say(message) }
            }
        }
        session.ended()
        let messages = answer?.cancelled(&session) ?? []
        answer = nil
        for message in messages { say(message) }
        let details = #"{"type":"cancelled","reason":"client_cancelled"}"#
        say(
            session.event(
                "response.done", ",\"response\":" + RealtimeEmulatedAnswer.response(id, "cancelled", details: details)))
    }

    private func say(_ message: String) {
        var message = message
        if fault == .beta {
            message = message.replacing("\"response.output_audio", with: "\"response.audio")
        }
        socket?.send(text: message.utf8Span.span)
    }

    @discardableResult
    private func after(_ delay: Duration, _ body: @escaping () -> Void) -> LoopTimer? {
        guard delay > .zero, let socket else {
            body()
            return nil
        }
        return socket.loop.schedule(after: delay, body)
    }
}
