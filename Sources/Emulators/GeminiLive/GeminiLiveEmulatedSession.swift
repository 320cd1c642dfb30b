import Foundation

/// One conversation, as strictly as Google keeps it. A value; its connection adds time and voice.
struct GeminiLiveEmulatedSession: Sendable {
    /// What a client did wrong; the connection is closed for it.
    struct Violation: Error, Equatable {
        let message: String
        init(_ message: String) { self.message = message }
    }

    enum Effect: Sendable, Equatable {
        case setUp(model: String, handle: String?, instructions: String)
        case instructed(String)
        /// The caller's activity has begun: what is under way is interrupted.
        case began
        /// Bytes of sound.
        case heard(Int)
        case told(String)
        /// An answer is asked for.
        case answer
    }

    private(set) var isSetUp = false
    private(set) var isActive = false
    /// Whether the activity holds anything.
    private var isEmpty = true
    /// Calls that wait for their results.
    private(set) var pending: [String: String] = [:]
    private var tools: [String] = []
    /// What the caller says in this activity.
    private var saying: [String] = []
    private var userText = ""
    private var results: [String] = []
    private var turns = 0
    private var model = ""

    // MARK: What a client says

    /// - Throws: ``Violation``.
    mutating func take(_ message: JSONTree) throws(Violation) -> [Effect] {
        let message = Self.camel(message)
        guard case .object(let members) = message, members.count == 1, let (name, body) = members.first else {
            throw Violation("one of setup, clientContent, realtimeInput, toolResponse and contextUpdate is expected")
        }
        if name == "setup" {
            guard !isSetUp else { throw Violation("setup: only once") }
            return try setUp(body)
        }
        guard isSetUp else { throw Violation("\(name) came before setup") }
        switch name {
        case "realtimeInput": return try input(body)
        case "toolResponse": return try respond(body)
        case "contextUpdate":
            try allow(["systemInstruction", "tools"], in: body, at: "contextUpdate.")
            if let tools = body["tools"] { self.tools = try names(of: tools["tools"]) }
            guard let instructions = body["systemInstruction"] else { return [] }
            return [.instructed(try text(of: instructions))]
        case "clientContent": throw Violation("clientContent: not in mid-conversation")
        default: throw Violation("\(name): unknown")
        }
    }

    /// Names may be written in either way; what lies in documents of the client's own stays.
    private static func camel(_ tree: JSONTree) -> JSONTree {
        switch tree {
        case .list(let elements): return .list(elements.map(camel))
        case .object(let members):
            var renamed: [String: JSONTree] = [:]
            for (name, member) in members {
                let parts = name.split(separator: "_")
                let camelName = parts.dropFirst().reduce(String(parts.first ?? "")) { $0 + $1.capitalized }
                let isOwn = ["response", "parameters", "parametersJsonSchema"].contains(camelName)
                renamed[camelName] = isOwn ? member : camel(member)
            }
            return .object(renamed)
        default: return tree
        }
    }

    private func allow(_ known: Set<String>, in tree: JSONTree?, at path: String) throws(Violation) {
        guard case .object(let members)? = tree else { throw Violation("\(path): not an object") }
        if let stranger = members.keys.sorted().first(where: { !known.contains($0) }) {
            throw Violation("\(path)\(stranger): unknown")
        }
    }

    private func text(of content: JSONTree) throws(Violation) -> String {
        try allow(["parts", "role"], in: content, at: "content.")
        guard case .list(let parts)? = content["parts"], !parts.isEmpty else { throw Violation("content.parts: empty") }
        var text: [String] = []
        for part in parts {
            guard let words = part["text"]?.text else { throw Violation("content.parts: only text") }
            text.append(words)
        }
        return text.joined(separator: "\n")
    }

    private mutating func setUp(_ setup: JSONTree) throws(Violation) -> [Effect] {
        try allow(
            [
                "model", "generationConfig", "systemInstruction", "tools", "realtimeInputConfig",
                "inputAudioTranscription", "outputAudioTranscription", "sessionResumption",
                "contextWindowCompression", "historyConfig", "proactivity",
            ], in: setup, at: "setup.")
        guard let model = setup["model"]?.text, model.hasPrefix("models/") else {
            throw Violation("setup.model: models/… is expected")
        }
        self.model = model
        let generation = setup["generationConfig"]
        try allow(
            [
                "responseModalities", "speechConfig", "thinkingConfig", "temperature", "maxOutputTokens", "topP",
                "topK", "seed", "mediaResolution", "enableAffectiveDialog",
            ], in: generation, at: "setup.generationConfig.")
        guard generation?["responseModalities"] == .list([.text("AUDIO")]) else {
            throw Violation("setup.generationConfig.responseModalities: the emulator speaks only")
        }
        guard setup["realtimeInputConfig"]?["automaticActivityDetection"]?["disabled"] == .truth(true) else {
            throw Violation("setup.realtimeInputConfig: the emulator leaves the detection of activity to its client")
        }
        if let resumption = setup["sessionResumption"] {
            try allow(["handle", "transparent"], in: resumption, at: "setup.sessionResumption.")
            guard resumption["handle"] == nil || resumption["handle"]?.text != nil else {
                throw Violation("setup.sessionResumption.handle: a string, or absent")
            }
        }
        if let tools = setup["tools"] { self.tools = try names(of: tools) }
        isSetUp = true
        let instructions = setup["systemInstruction"]
        let text = if let instructions { try text(of: instructions) } else { "" }
        return [.setUp(model: model, handle: setup["sessionResumption"]?["handle"]?.text, instructions: text)]
    }

    private func names(of tools: JSONTree?) throws(Violation) -> [String] {
        guard case .list(let list)? = tools else { throw Violation("tools: not a list") }
        var names: [String] = []
        for tool in list {
            try allow(["functionDeclarations"], in: tool, at: "tools[].")
            guard case .list(let functions)? = tool["functionDeclarations"], !functions.isEmpty else {
                throw Violation("tools[].functionDeclarations: empty")
            }
            for function in functions {
                try allow(
                    ["name", "description", "parameters", "parametersJsonSchema", "behavior", "response"],
                    in: function, at: "tools[].functionDeclarations[].")
                guard let name = function["name"]?.text, ToolName.isValid(name, longest: 64) else {
                    throw Violation("tools[].functionDeclarations[].name: invalid")
                }
                names.append(name)
            }
        }
        return names
    }

    private mutating func input(_ input: JSONTree) throws(Violation) -> [Effect] {
        try allow(["audio", "text", "activityStart", "activityEnd"], in: input, at: "realtimeInput.")
        guard case .object(let members) = input, members.count == 1, let (name, body) = members.first else {
            throw Violation("realtimeInput: one thing at a time")
        }
        switch name {
        case "activityStart":
            guard !isActive else { throw Violation("activityStart: the activity is under way") }
            (isActive, isEmpty, saying) = (true, true, [])
            return [.began]
        case "activityEnd":
            guard isActive, !isEmpty else { throw Violation("activityEnd: no activity, or nothing in it") }
            isActive = false
            turns += 1
            results = []
            return [.answer]
        case "text":
            guard isActive else { throw Violation("text: outside of an activity") }
            guard let text = body.text, !text.isEmpty else { throw Violation("text: empty") }
            isEmpty = false
            if !text.hasPrefix("[") { saying.append(text) }
            return [.told("text: \(text)")]
        default:
            guard isActive else { throw Violation("audio: outside of an activity") }
            try allow(["mimeType", "data"], in: body, at: "realtimeInput.audio.")
            guard body["mimeType"]?.text == "audio/pcm;rate=16000" else {
                throw Violation("audio.mimeType: the emulator hears audio/pcm;rate=16000")
            }
            guard let audio = body["data"]?.text.flatMap({ Data(base64Encoded: $0) }), !audio.isEmpty,
                audio.count % 2 == 0
            else { throw Violation("audio.data: base64 of whole samples is expected") }
            isEmpty = false
            return [.heard(audio.count)]
        }
    }

    private mutating func respond(_ response: JSONTree) throws(Violation) -> [Effect] {
        try allow(["functionResponses"], in: response, at: "toolResponse.")
        guard case .list(let responses)? = response["functionResponses"], !responses.isEmpty else {
            throw Violation("toolResponse.functionResponses: empty")
        }
        var effects: [Effect] = []
        for response in responses {
            try allow(
                ["id", "name", "response", "willContinue", "scheduling"], in: response, at: "functionResponses[].")
            guard let id = response["id"]?.text, let name = pending[id], response["name"]?.text == name else {
                throw Violation("functionResponses[]: no call of this id and name waits")
            }
            guard case .object? = response["response"] else {
                throw Violation("functionResponses[].response: no object")
            }
            pending[id] = nil
            let result = response["response"]?["result"]?.text ?? response["response"]?["output"]?.text ?? ""
            results.append(result)
            effects.append(.told("result: \(result)"))
            if case .list(let notes)? = response["response"]?["notes"] {
                for note in notes { effects.append(.told("notes: \(note.text ?? "")")) }
            }
        }
        return pending.isEmpty ? effects + [.answer] : effects
    }

    // MARK: What the model does

    /// It understands what the caller says.
    mutating func understood(_ words: String) { saying.append(words) }

    mutating func called(_ id: String, _ name: String) { pending[id] = name }

    /// - Returns: the calls that nobody waits for any more.
    mutating func cancelCalls() -> [String] {
        defer { pending = [:] }
        return pending.keys.sorted()
    }

    /// A new connection goes on with this conversation.
    func resumed(with new: GeminiLiveEmulatedSession) -> GeminiLiveEmulatedSession {
        var session = self
        (session.isSetUp, session.isActive, session.isEmpty, session.pending) = (true, false, true, [:])
        (session.tools, session.model) = (new.tools, new.model)
        return session
    }

    /// What the script is asked with.
    mutating func exchange() -> ModelEmulatorConfiguration.Exchange {
        if !saying.isEmpty { userText = saying.joined(separator: " ") }
        saying = []
        return ModelEmulatorConfiguration.Exchange(
            model: model, userText: userText, turn: turns, toolResults: results, tools: tools)
    }
}
