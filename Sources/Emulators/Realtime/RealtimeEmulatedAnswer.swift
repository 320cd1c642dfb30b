import Foundation

/// A response, piece by piece: words run ahead of their audio, then come the calls, then the end.
struct RealtimeEmulatedAnswer: Sendable {
    struct Piece: Sendable {
        var messages: [String]
        var hasAudio = false
        var isLast = false
    }

    private enum Step: Sendable {
        case begin
        case words(String)
        case audio([UInt8])
        case end
        case call(ModelEmulatorConfiguration.ToolCall)
        case done
    }

    /// 100 ms.
    private static let chunk = 800

    let id: String
    private let text: String
    private var steps: ArraySlice<Step>
    private var item = ""
    private var output: [String] = []
    private var hasBegun = false
    private var index = 0

    init(id: String, spoken: [(text: String, audio: [UInt8])], calls: [ModelEmulatorConfiguration.ToolCall]) {
        self.id = id
        text = spoken.map(\.text).joined(separator: " ")
        var steps: [Step] = []
        for (number, sentence) in spoken.enumerated() {
            if number == 0 { steps.append(.begin) }
            var words = sentence.text.split(separator: " ", omittingEmptySubsequences: false).enumerated().map {
                ($0.offset > 0 || number > 0 ? " " : "") + $0.element
            }[...]
            // Two words go before each tenth of a second: speech has a third of that.
            for start in stride(from: 0, to: sentence.audio.count, by: Self.chunk) {
                for _ in 0..<2 { if let word = words.popFirst() { steps.append(.words(word)) } }
                steps.append(.audio(Array(sentence.audio[start..<min(start + Self.chunk, sentence.audio.count)])))
            }
            for word in words { steps.append(.words(word)) }
        }
        if !spoken.isEmpty { steps.append(.end) }
        self.steps = (steps + calls.map(Step.call) + [.done])[...]
    }

    /// Cut as people read.
    static func sentences(of text: String) -> [String] {
        var sentences: [String] = []
        for word in text.split(separator: " ") {
            if let last = sentences.last, !".?!".contains(last.last ?? " ") {
                sentences[sentences.count - 1] = last + " " + word
            } else {
                sentences.append(String(word))
            }
        }
        return sentences
    }

    static func response(
        _ id: String, _ status: String, details: String = "null", output: [String] = [], usage: String = "null"
    ) -> String {
        "{\"object\":\"realtime.response\",\"id\":\"\(id)\",\"status\":\"\(status)\",\"status_details\":\(details),\"output\":[\(output.joined(separator: ","))],\"conversation_id\":\"conv_1\",\"output_modalities\":[\"audio\"],\"max_output_tokens\":\"inf\",\"usage\":\(usage),\"metadata\":null}"
    }

    mutating func next(_ session: inout RealtimeEmulatedSession) -> Piece? {
        guard let step = steps.popFirst() else { return nil }
        switch step {
        case .begin: return begin(&session)
        case .words(let words):
            session.said(words, 0, in: item)
            return Piece(messages: [delta("response.output_audio_transcript.delta", JSONText.quoted(words), &session)])
        case .audio(let audio):
            session.said("", audio.count, in: item)
            let text = "\"\(Data(audio).base64EncodedString())\""
            return Piece(messages: [delta("response.output_audio.delta", text, &session)], hasAudio: true)
        case .end: return end(&session, status: "completed")
        case .call(let call): return self.call(call, &session)
        case .done:
            session.ended()
            let usage =
                "{\"total_tokens\":30,\"input_tokens\":20,\"output_tokens\":10,\"input_token_details\":{\"text_tokens\":10,\"audio_tokens\":10,\"cached_tokens\":0},\"output_token_details\":{\"text_tokens\":2,\"audio_tokens\":8}}"
            let done = session.event(
                "response.done", ",\"response\":" + Self.response(id, "completed", output: output, usage: usage))
            let limits = session.event(
                "rate_limits.updated",
                ",\"rate_limits\":[{\"name\":\"tokens\",\"limit\":1000,\"remaining\":900,\"reset_seconds\":1.0}]")
            return Piece(messages: [done, limits], isLast: true)
        }
    }

    /// The events that end what was begun.
    mutating func cancelled(_ session: inout RealtimeEmulatedSession) -> [String] {
        hasBegun ? end(&session, status: "incomplete").messages : []
    }

    private func message(_ status: String, _ content: String) -> String {
        "{\"id\":\"\(item)\",\"object\":\"realtime.item\",\"type\":\"message\",\"status\":\"\(status)\",\"role\":\"assistant\",\"content\":[\(content)]}"
    }

    private var place: String {
        ",\"response_id\":\"\(id)\",\"item_id\":\"\(item)\",\"output_index\":0,\"content_index\":0"
    }

    private func delta(_ type: String, _ value: String, _ session: inout RealtimeEmulatedSession) -> String {
        session.event(type, place + ",\"delta\":\(value)")
    }

    private mutating func begin(_ session: inout RealtimeEmulatedSession) -> Piece {
        let previous = session.items.last?.id
        item = session.id("item")
        session.began(item: item)
        hasBegun = true
        index = 1
        let body = message("in_progress", "")
        return Piece(messages: [
            session.event(
                "response.output_item.added", ",\"response_id\":\"\(id)\",\"output_index\":0,\"item\":\(body)"),
            session.event(
                "conversation.item.added",
                ",\"previous_item_id\":\(RealtimeEmulatedSession.quoted(previous)),\"item\":\(body)"),
            session.event(
                "response.content_part.added", place + ",\"part\":{\"type\":\"audio\",\"transcript\":\"\"}"),
        ])
    }

    private mutating func end(_ session: inout RealtimeEmulatedSession, status: String) -> Piece {
        hasBegun = false
        let said = status == "completed" ? text : session.items.first { $0.id == item }?.text ?? ""
        let body = message(status, "{\"type\":\"output_audio\",\"transcript\":\(JSONText.quoted(said))}")
        output.append(body)
        return Piece(messages: [
            session.event("response.output_audio.done", place),
            session.event("response.output_audio_transcript.done", place + ",\"transcript\":\(JSONText.quoted(said))"),
            session.event(
                "response.content_part.done",
                place + ",\"part\":{\"type\":\"audio\",\"transcript\":\(JSONText.quoted(said))}"),
            session.event(
                "response.output_item.done", ",\"response_id\":\"\(id)\",\"output_index\":0,\"item\":\(body)"),
            session.event("conversation.item.done", ",\"previous_item_id\":null,\"item\":\(body)"),
        ])
    }

    private mutating func call(
        _ call: ModelEmulatorConfiguration.ToolCall, _ session: inout RealtimeEmulatedSession
    ) -> Piece {
        let previous = session.items.last?.id
        let (item, callID) = (session.id("item"), session.id("call"))
        session.called(callID, item: item)
        let (name, arguments) = (JSONText.quoted(call.name), JSONText.quoted(call.arguments))
        func body(_ status: String, _ arguments: String) -> String {
            "{\"id\":\"\(item)\",\"object\":\"realtime.item\",\"type\":\"function_call\",\"status\":\"\(status)\",\"call_id\":\"\(callID)\",\"name\":\(name),\"arguments\":\(arguments)}"
        }
        let place =
            ",\"response_id\":\"\(id)\",\"item_id\":\"\(item)\",\"output_index\":\(index),\"call_id\":\"\(callID)\""
        let added = ",\"response_id\":\"\(id)\",\"output_index\":\(index)"
        index += 1
        output.append(body("completed", arguments))
        var messages = [
            session.event("response.output_item.added", added + ",\"item\":\(body("in_progress", "\"\""))"),
            session.event(
                "conversation.item.added",
                ",\"previous_item_id\":\(RealtimeEmulatedSession.quoted(previous)),\"item\":\(body("in_progress", "\"\""))"
            ),
        ]
        for fragment in ModelEmulatorConfiguration.Reply.fragments(of: call.arguments) {
            messages.append(
                session.event(
                    "response.function_call_arguments.delta", place + ",\"delta\":\(JSONText.quoted(fragment))"))
        }
        messages.append(
            session.event(
                "response.function_call_arguments.done", place + ",\"name\":\(name),\"arguments\":\(arguments)"))
        messages.append(
            session.event("response.output_item.done", added + ",\"item\":\(body("completed", arguments))"))
        return Piece(messages: messages)
    }
}
