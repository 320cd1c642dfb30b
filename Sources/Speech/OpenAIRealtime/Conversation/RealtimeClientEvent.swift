import Foundation

/// What we say to the vendor, as JSON.
enum RealtimeClientEvent {
    /// Formats, voice, what the agent is and what it can do. Our own rules say when a turn is over, so the vendor's are off.
    static func session(
        _ configuration: RealtimeConversationConfiguration, format: String, instructions: String?, tools: [RealtimeTool]
    ) -> String {
        var transcription = "\"model\":\(quoted(configuration.transcriptionModel))"
        let language = configuration.language.prefix { $0 != "-" }
        if !language.isEmpty { transcription += ",\"language\":\(quoted(String(language)))" }
        var session = "\"type\":\"realtime\",\"output_modalities\":[\"audio\"]"
        if let effort = configuration.effort { session += ",\"reasoning\":{\"effort\":\(quoted(effort))}" }
        if let instructions { session += ",\"instructions\":\(quoted(instructions))" }
        session += ",\"audio\":{\"input\":{\"format\":{\"type\":\"\(format)\"},\"transcription\":{\(transcription)}"
        session += ",\"turn_detection\":null},\"output\":{\"format\":{\"type\":\"\(format)\"}"
        session += ",\"voice\":\(quoted(configuration.voice))}}"
        let functions = tools.map {
            "{\"type\":\"function\",\"name\":\(quoted($0.name)),\"description\":\(quoted($0.summary)),\"parameters\":\($0.parameters)}"
        }
        session += ",\"tools\":[\(functions.joined(separator: ","))],\"tool_choice\":\"auto\""
        return "{\"type\":\"session.update\",\"session\":{\(session)}}"
    }

    static func append(_ audio: Span<UInt8>) -> String {
        let text = unsafe audio.withUnsafeBytes { unsafe Data($0) }.base64EncodedString()
        return "{\"type\":\"input_audio_buffer.append\",\"audio\":\"\(text)\"}"
    }

    static let commit = #"{"type":"input_audio_buffer.commit"}"#
    static let clear = #"{"type":"input_audio_buffer.clear"}"#

    typealias Place = ToldItem.Place

    static func told(_ item: ToldItem) -> String {
        switch item.kind {
        case .facts(let text): facts(text, at: item.place)
        case .caller(let text): caller(text, at: item.place)
        case .agent(let text): agent(text, at: item.place)
        case .call(let call): self.call(call, at: item.place)
        case .result(let call, let content): result(call, content, at: item.place)
        }
    }

    static func facts(_ text: String, at place: Place) -> String { item(message("system", "input_text", text), place) }
    static func caller(_ text: String, at place: Place) -> String { item(message("user", "input_text", text), place) }
    static func agent(_ text: String, at place: Place) -> String {
        item(message("assistant", "output_text", text), place)
    }

    static func call(_ call: RealtimeToolCall, at place: Place) -> String {
        item(
            "\"type\":\"function_call\",\"call_id\":\(quoted(call.id)),\"name\":\(quoted(call.name)),\"arguments\":\(quoted(call.arguments))",
            place)
    }

    static func result(_ call: String, _ content: String, at place: Place) -> String {
        item("\"type\":\"function_call_output\",\"call_id\":\(quoted(call)),\"output\":\(quoted(content))", place)
    }

    /// - Parameter id: comes back with what the vendor has against it.
    static func respond(id: String, forbidsTools: Bool) -> String {
        let response = forbidsTools ? ",\"response\":{\"tool_choice\":\"none\"}" : ""
        return "{\"type\":\"response.create\",\"event_id\":\(quoted(id))\(response)}"
    }

    /// - Parameter response: nil for the one that was asked for and has no name yet.
    static func cancel(_ response: String?) -> String {
        "{\"type\":\"response.cancel\"\(response.map { ",\"response_id\":\(quoted($0))" } ?? "")}"
    }

    /// - Parameter heard: milliseconds of the item's audio; never more than there are.
    static func truncate(_ item: String, heard: Int) -> String {
        "{\"type\":\"conversation.item.truncate\",\"item_id\":\(quoted(item)),\"content_index\":0,\"audio_end_ms\":\(heard)}"
    }

    static func delete(_ item: String) -> String {
        "{\"type\":\"conversation.item.delete\",\"item_id\":\(quoted(item))}"
    }

    private static func message(_ role: String, _ kind: String, _ text: String) -> String {
        "\"type\":\"message\",\"role\":\"\(role)\",\"content\":[{\"type\":\"\(kind)\",\"text\":\(quoted(text))}]"
    }

    private static func item(_ body: String, _ place: Place) -> String {
        let after = place.after.map { ",\"previous_item_id\":\(quoted($0))" } ?? ""
        return
            "{\"type\":\"conversation.item.create\"\(after),\"item\":{\"id\":\(quoted(place.id)),\(body)}}"
    }

    private static func quoted(_ text: String) -> String {
        // Strings can always be encoded.
        (try? JSONEncoder().encode(text)).map { String(decoding: $0, as: UTF8.self) } ?? "\"\""
    }
}
