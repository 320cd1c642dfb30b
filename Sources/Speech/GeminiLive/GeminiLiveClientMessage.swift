import Foundation

/// What we say to the vendor, as JSON.
enum GeminiLiveClientMessage {
    /// - Parameter handle: of the connection to go on from.
    static func setup(
        _ configuration: GeminiLiveConfiguration, instructions: String?, tools: [RealtimeTool], handle: String?
    ) -> String {
        let model = configuration.model.contains("/") ? configuration.model : "models/\(configuration.model)"
        let voice = "{\"voiceConfig\":{\"prebuiltVoiceConfig\":{\"voiceName\":\(quoted(configuration.voice))}}}"
        var generation = "\"responseModalities\":[\"AUDIO\"],\"speechConfig\":\(voice)"
        if let effort = configuration.effort {
            generation += ",\"thinkingConfig\":{\"thinkingLevel\":\(quoted(effort.uppercased()))}"
        }
        var setup = "\"model\":\(quoted(model)),\"generationConfig\":{\(generation)}"
        if let instructions { setup += ",\"systemInstruction\":\(content(instructions))" }
        if !tools.isEmpty { setup += ",\"tools\":\(declarations(tools))" }
        // Our own rules say when a turn begins and is over, so the vendor's are off.
        setup += ",\"realtimeInputConfig\":{\"automaticActivityDetection\":{\"disabled\":true}}"
        setup += ",\"inputAudioTranscription\":{},\"outputAudioTranscription\":{}"
        // An absent handle must be absent: some models refuse null.
        setup += ",\"sessionResumption\":{\(handle.map { "\"handle\":\(quoted($0))" } ?? "")}"
        setup += ",\"contextWindowCompression\":{\"slidingWindow\":{}}"
        return "{\"setup\":{\(setup)}}"
    }

    static func update(instructions: String, tools: [RealtimeTool]) -> String {
        "{\"contextUpdate\":{\"systemInstruction\":\(content(instructions)),\"tools\":{\"tools\":\(declarations(tools))}}}"
    }

    static let activityStart = #"{"realtimeInput":{"activityStart":{}}}"#
    static let activityEnd = #"{"realtimeInput":{"activityEnd":{}}}"#

    /// - Parameter audio: 16 kHz, 16 bits, the low byte first.
    static func audio(_ audio: [UInt8]) -> String {
        "{\"realtimeInput\":{\"audio\":{\"mimeType\":\"audio/pcm;rate=16000\",\"data\":\"\(Data(audio).base64EncodedString())\"}}}"
    }

    static func text(_ text: String) -> String { "{\"realtimeInput\":{\"text\":\(quoted(text))}}" }

    /// What a call returned.
    struct Result: Sendable, Equatable {
        let id: String
        let name: String
        var content: String
        /// What else the model is to know by then.
        var notes: [String] = []
    }

    static func results(_ results: [Result]) -> String {
        let responses = results.map { result in
            var response = "\"result\":\(quoted(result.content))"
            if !result.notes.isEmpty { response += ",\"notes\":[\(result.notes.map(quoted).joined(separator: ","))]" }
            return "{\"id\":\(quoted(result.id)),\"name\":\(quoted(result.name)),\"response\":{\(response)}}"
        }
        return "{\"toolResponse\":{\"functionResponses\":[\(responses.joined(separator: ","))]}}"
    }

    private static func content(_ text: String) -> String { "{\"parts\":[{\"text\":\(quoted(text))}]}" }

    private static func declarations(_ tools: [RealtimeTool]) -> String {
        let functions = tools.map {
            "{\"name\":\(quoted($0.name)),\"description\":\(quoted($0.summary)),\"parametersJsonSchema\":\($0.parameters)}"
        }
        return functions.isEmpty ? "[]" : "[{\"functionDeclarations\":[\(functions.joined(separator: ","))]}]"
    }

    private static func quoted(_ text: String) -> String {
        // Strings can always be encoded.
        (try? JSONEncoder().encode(text)).map { String(decoding: $0, as: UTF8.self) } ?? "\"\""
    }
}
