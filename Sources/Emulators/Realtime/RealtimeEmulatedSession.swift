import Foundation

/// One conversation, as strictly as OpenAI keeps it: what a client says, and what is said of it. A value; its connection adds
/// time and voice.
struct RealtimeEmulatedSession: Sendable {
    /// What a client did wrong; the session stays.
    struct Violation: Error, Equatable {
        let code: String
        let message: String

        init(_ code: String, _ message: String) {
            self.code = code
            self.message = message
        }
    }

    enum Effect: Sendable, Equatable {
        case say(String)
        /// So many bytes of an utterance became this item.
        case transcribe(item: String, bytes: Int)
        case respond(response: String, forbidsTools: Bool)
        case cancel(response: String)
        case truncated(item: String, milliseconds: Int, sent: Int, text: String)
        case deleted(item: String)
        /// The client put it into the conversation.
        case told(String)
    }

    struct Item: Sendable, Equatable {
        enum Kind: Sendable, Equatable {
            case system, user, assistant, call(id: String), result(of: String)
        }

        let id: String
        let kind: Kind
        var text = ""
        /// Bytes of audio that were sent.
        var audio = 0
    }

    let model: String
    private(set) var items: [Item] = []
    var tools: [String] = []
    var voice = ""
    var isConfigured = false
    var hasSpoken = false
    private var buffered = 0
    private var lastID = 0
    /// The response under way.
    private(set) var active: String?

    init(model: String) { self.model = model }

    mutating func id(_ prefix: String) -> String {
        lastID += 1
        return "\(prefix)_\(lastID)"
    }

    mutating func event(_ type: String, _ body: String = "") -> String {
        "{\"type\":\"\(type)\",\"event_id\":\"\(id("event"))\"\(body)}"
    }

    mutating func error(_ violation: Violation, about eventID: String?) -> String {
        let about = eventID.map(JSONText.quoted) ?? "null"
        return event(
            "error",
            ",\"error\":{\"type\":\"invalid_request_error\",\"code\":\(JSONText.quoted(violation.code)),\"message\":\(JSONText.quoted(violation.message)),\"param\":null,\"event_id\":\(about)}"
        )
    }

    var session: String {
        ",\"session\":{\"type\":\"realtime\",\"object\":\"realtime.session\",\"id\":\"sess_1\",\"model\":\(JSONText.quoted(model)),\"output_modalities\":[\"audio\"]}"
    }

    // MARK: What a client says

    /// - Throws: ``Violation``.
    mutating func take(_ message: JSONTree) throws(Violation) -> [Effect] {
        guard let type = message["type"]?.text else { throw Violation("invalid_value", "Missing `type`.") }
        if type != "session.update", !isConfigured {
            throw Violation("session_not_configured", "\(type) came before session.update")
        }
        switch type {
        case "session.update":
            try allow(["type", "event_id", "session"], in: message)
            return try configure(message["session"])
        case "input_audio_buffer.append":
            try allow(["type", "event_id", "audio"], in: message)
            guard let audio = message["audio"]?.text.flatMap({ Data(base64Encoded: $0) }), !audio.isEmpty,
                audio.count <= 15 << 20
            else { throw Violation("invalid_value", "Invalid 'audio': base64 of up to 15 MiB is expected.") }
            buffered += audio.count
            return []
        case "input_audio_buffer.commit": return try commit()
        case "input_audio_buffer.clear":
            buffered = 0
            return [.say(event("input_audio_buffer.cleared"))]
        case "conversation.item.create":
            try allow(["type", "event_id", "item", "previous_item_id"], in: message)
            return try create(message["item"], after: message["previous_item_id"])
        case "conversation.item.truncate": return try truncate(message)
        case "conversation.item.delete":
            let index = try index(of: message)
            let item = items.remove(at: index)
            return [
                .deleted(item: item.id),
                .say(event("conversation.item.deleted", ",\"item_id\":\"\(item.id)\"")),
            ]
        case "response.create":
            try allow(["type", "event_id", "response"], in: message)
            return try respond(message["response"])
        case "response.cancel":
            try allow(["type", "event_id", "response_id"], in: message)
            guard let active else {
                throw Violation("response_cancel_not_active", "Cancellation failed: no active response found")
            }
            if let id = message["response_id"]?.text, id != active {
                throw Violation("response_cancel_not_active", "Cancellation failed: \(id) is not active")
            }
            return [.cancel(response: active)]
        default: throw Violation("invalid_value", "Invalid value: '\(type)'.")
        }
    }

    func allow(_ known: Set<String>, in tree: JSONTree?, at path: String = "") throws(Violation) {
        guard case .object(let members)? = tree else { throw Violation("invalid_type", "\(path): not an object") }
        if let stranger = members.keys.first(where: { !known.contains($0) }) {
            throw Violation("unknown_parameter", "Unknown parameter: '\(path)\(stranger)'.")
        }
    }

    private mutating func commit() throws(Violation) -> [Effect] {
        // 100 ms at least.
        guard buffered >= 800 else {
            throw Violation(
                "input_audio_buffer_commit_empty",
                "Error committing input audio buffer: buffer too small. Expected at least 100ms of audio.")
        }
        let previous = items.last?.id
        let item = Item(id: id("item"), kind: .user, audio: buffered)
        let bytes = buffered
        buffered = 0
        items.append(item)
        let committed = event(
            "input_audio_buffer.committed", ",\"previous_item_id\":\(Self.quoted(previous)),\"item_id\":\"\(item.id)\"")
        let body =
            ",\"previous_item_id\":\(Self.quoted(previous)),\"item\":{\"id\":\"\(item.id)\",\"object\":\"realtime.item\",\"type\":\"message\",\"status\":\"completed\",\"role\":\"user\",\"content\":[{\"type\":\"input_audio\",\"transcript\":null}]}"
        return [
            .say(committed), .say(event("conversation.item.added", body)), .say(event("conversation.item.done", body)),
            .transcribe(item: item.id, bytes: bytes),
        ]
    }

    mutating func wrote(_ words: String, of item: String) {
        if let index = items.firstIndex(where: { $0.id == item }) { items[index].text = words }
    }

    private mutating func create(_ item: JSONTree?, after place: JSONTree?) throws(Violation) -> [Effect] {
        let kind: Item.Kind
        var (text, told) = ("", "")
        switch item?["type"]?.text {
        case "message":
            try allow(["id", "type", "role", "content", "status"], in: item, at: "item.")
            let content = item?["content"]?[0]
            try allow(["type", "text"], in: content, at: "item.content[0].")
            text = content?["text"]?.text ?? ""
            switch (item?["role"]?.text, content?["type"]?.text) {
            case ("system", "input_text"): kind = .system
            case ("user", "input_text"): kind = .user
            case ("assistant", "output_text"): kind = .assistant
            default: throw Violation("invalid_value", "Invalid content of a message of this role.")
            }
            guard !text.isEmpty else { throw Violation("invalid_value", "item.content[0].text is empty") }
            told = "\(item?["role"]?.text ?? ""): \(text)"
        case "function_call":
            try allow(["id", "type", "call_id", "name", "arguments", "status"], in: item, at: "item.")
            guard let call = item?["call_id"]?.text, let name = item?["name"]?.text, item?["arguments"]?.text != nil
            else { throw Violation("missing_required_parameter", "item: call_id, name or arguments are missing") }
            kind = .call(id: call)
            told = "call: \(name)"
        case "function_call_output":
            try allow(["id", "type", "call_id", "output", "status"], in: item, at: "item.")
            guard let call = item?["call_id"]?.text, let output = item?["output"]?.text else {
                throw Violation("missing_required_parameter", "item: call_id or output are missing")
            }
            guard items.contains(where: { $0.kind == .call(id: call) }) else {
                throw Violation("invalid_tool_call_id", "Tool call ID '\(call)' not found in conversation.")
            }
            guard !items.contains(where: { $0.kind == .result(of: call) }) else {
                throw Violation("invalid_tool_call_id", "Tool call '\(call)' already has an output.")
            }
            kind = .result(of: call)
            text = output
            told = "result: \(output)"
        default: throw Violation("invalid_value", "Invalid 'item.type'.")
        }
        var index = items.count
        if let place {
            guard let name = place.text, let found = name == "root" ? -1 : items.firstIndex(where: { $0.id == name })
            else { throw Violation("item_not_found", "Previous item '\(place.text ?? "")' not found.") }
            index = found + 1
        }
        let name = item?["id"]?.text ?? id("item")
        guard !items.contains(where: { $0.id == name }), name.utf8.count <= 32 else {
            throw Violation("invalid_value", "An item '\(name)' exists already, or its id has over 32 characters.")
        }
        let previous = index > 0 ? items[index - 1].id : nil
        let new = Item(id: name, kind: kind, text: text)
        items.insert(new, at: index)
        let body = ",\"previous_item_id\":\(Self.quoted(previous)),\"item\":\(Self.json(new))"
        return [
            .told(told), .say(event("conversation.item.added", body)), .say(event("conversation.item.done", body)),
        ]
    }

    private static func json(_ item: Item) -> String {
        let head = "{\"id\":\"\(item.id)\",\"object\":\"realtime.item\",\"status\":\"completed\""
        func message(_ role: String, _ type: String) -> String {
            head
                + ",\"type\":\"message\",\"role\":\"\(role)\",\"content\":[{\"type\":\"\(type)\",\"text\":\(JSONText.quoted(item.text))}]}"
        }
        return switch item.kind {
        case .system: message("system", "input_text")
        case .user: message("user", "input_text")
        case .assistant: message("assistant", "output_text")
        case .call(let id):
            head + ",\"type\":\"function_call\",\"call_id\":\(JSONText.quoted(id)),\"name\":\"f\",\"arguments\":\"{}\"}"
        case .result(let id):
            head
                + ",\"type\":\"function_call_output\",\"call_id\":\(JSONText.quoted(id)),\"output\":\(JSONText.quoted(item.text))}"
        }
    }

    static func quoted(_ text: String?) -> String { text.map(JSONText.quoted) ?? "null" }

    private func index(of message: JSONTree) throws(Violation) -> Int {
        guard let id = message["item_id"]?.text, let index = items.firstIndex(where: { $0.id == id }) else {
            throw Violation("item_not_found", "Item with item_id '\(message["item_id"]?.text ?? "")' not found.")
        }
        return index
    }

    private mutating func truncate(_ message: JSONTree) throws(Violation) -> [Effect] {
        try allow(["type", "event_id", "item_id", "content_index", "audio_end_ms"], in: message)
        let index = try index(of: message)
        let item = items[index]
        guard item.kind == .assistant, item.audio > 0 else {
            throw Violation("invalid_value", "Only model output audio messages can be truncated")
        }
        guard message["content_index"] == .number(0), case .number(let end)? = message["audio_end_ms"], end >= 0,
            end == end.rounded()
        else { throw Violation("invalid_value", "content_index must be 0 and audio_end_ms an integer") }
        let sent = item.audio / 8
        guard Int(end) <= sent else {
            throw Violation(
                "invalid_value", "Audio content of \(sent)ms is already shorter than \(Int(end))ms")
        }
        items[index].audio = Int(end) * 8
        let body = ",\"item_id\":\"\(item.id)\",\"content_index\":0,\"audio_end_ms\":\(Int(end))"
        return [
            .truncated(item: item.id, milliseconds: Int(end), sent: sent, text: item.text),
            .say(event("conversation.item.truncated", body)),
        ]
    }

    private mutating func respond(_ response: JSONTree?) throws(Violation) -> [Effect] {
        if let active {
            throw Violation(
                "conversation_already_has_active_response",
                "Conversation already has an active response in progress: \(active)")
        }
        var forbidsTools = false
        if let response {
            try allow(
                [
                    "instructions", "tool_choice", "output_modalities", "max_output_tokens", "tools", "metadata",
                    "conversation", "input", "audio",
                ], in: response, at: "response.")
            if let choice = response["tool_choice"] {
                guard let word = choice.text, ["auto", "none", "required"].contains(word) else {
                    throw Violation("invalid_value", "Invalid 'response.tool_choice'.")
                }
                forbidsTools = word == "none"
            }
        }
        let id = id("resp")
        active = id
        return [.respond(response: id, forbidsTools: forbidsTools)]
    }

    // MARK: What the model does

    /// The conversation, an item for each word.
    var order: [String] {
        items.map { item in
            switch item.kind {
            case .system: "system"
            case .user: "user"
            case .assistant: "assistant"
            case .call: "call"
            case .result: "result"
            }
        }
    }

    /// What the script is asked with.
    var exchange: ModelEmulatorConfiguration.Exchange {
        let last = items.lastIndex { $0.kind == .user }
        let since = last.map { items[($0 + 1)...] } ?? items[...]
        return ModelEmulatorConfiguration.Exchange(
            model: model, userText: last.map { items[$0].text } ?? "", turn: items.count { $0.kind == .user },
            toolResults: since.compactMap { if case .result = $0.kind { $0.text } else { nil } }, tools: tools)
    }

    mutating func began(item id: String) { items.append(Item(id: id, kind: .assistant)) }

    mutating func said(_ text: String, _ bytes: Int, in item: String) {
        guard let index = items.firstIndex(where: { $0.id == item }) else { return }
        items[index].text += text
        items[index].audio += bytes
        if bytes > 0 { hasSpoken = true }
    }

    mutating func called(_ call: String, item id: String) { items.append(Item(id: id, kind: .call(id: call))) }

    mutating func ended() { active = nil }
}
