/// What a client may say of the session.
extension RealtimeEmulatedSession {
    mutating func configure(_ session: JSONTree?) throws(Violation) -> [Effect] {
        try allow(
            [
                "type", "instructions", "output_modalities", "audio", "tools", "tool_choice", "max_output_tokens",
                "truncation", "tracing", "include", "prompt", "model",
                "reasoning",
            ], in: session, at: "session.")
        guard session?["type"]?.text == "realtime" else {
            throw Violation("missing_required_parameter", "Missing required parameter: 'session.type'.")
        }
        let audio = session?["audio"]
        try allow(["input", "output"], in: audio, at: "session.audio.")
        let (input, output) = (audio?["input"], audio?["output"])
        try allow(
            ["format", "noise_reduction", "transcription", "turn_detection"], in: input, at: "session.audio.input.")
        try allow(["format", "voice", "speed"], in: output, at: "session.audio.output.")
        for format in [input?["format"], output?["format"]] where format?["type"]?.text != "audio/pcmu" {
            throw Violation("invalid_value", "the emulator speaks and hears audio/pcmu only")
        }
        guard input?["turn_detection"] == .null else {
            throw Violation("invalid_value", "the emulator leaves the detection of turns to its client")
        }
        guard input?["transcription"]?["model"]?.text?.isEmpty == false else {
            throw Violation("missing_required_parameter", "Missing: 'session.audio.input.transcription.model'.")
        }
        let voice = output?["voice"]?.text ?? self.voice
        guard !hasSpoken || voice == self.voice else {
            throw Violation(
                "cannot_update_voice", "Cannot update a conversation's voice if assistant audio is present.")
        }
        self.voice = voice
        tools = try names(of: session?["tools"])
        isConfigured = true
        return [.say(event("session.updated", self.session))]
    }

    private func names(of tools: JSONTree?) throws(Violation) -> [String] {
        guard let tools else { return [] }
        guard case .list(let list) = tools else { throw Violation("invalid_type", "session.tools: not a list") }
        var names: [String] = []
        for tool in list {
            // Flat: a `function` inside, as chat completions have it, is unknown here.
            try allow(["type", "name", "description", "parameters"], in: tool, at: "session.tools[].")
            guard tool["type"]?.text == "function", let name = tool["name"]?.text,
                ToolName.isValid(name, longest: 64), case .object? = tool["parameters"]
            else { throw Violation("invalid_value", "session.tools: not a function with a name and parameters") }
            names.append(name)
        }
        return names
    }
}
