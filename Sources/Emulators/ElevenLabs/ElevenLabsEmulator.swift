package import Networking

/// A server that behaves like ElevenLabs' multi-context synthesis socket, and refuses what ElevenLabs refuses.
package final class ElevenLabsEmulator: ListenerService {
    /// What clients did.
    package struct Counts: Sendable {
        package let connections = Tally()
        package let refusals = Tally()
        package let contexts = Tally()
        package let closedContexts = Tally()
        package let characters = Tally()
        package let keepAlives = Tally()
        /// Sockets closed with 1008.
        package let violations = Tally()
    }

    let configuration: ElevenLabsEmulatorConfiguration
    package let counts = Counts()
    private let voices: [String: EmulatedVoice]
    private let spoken = Lock<[String: Int]>([:])
    /// Characters that each voice was given to say, by its id.
    package var charactersByVoice: [String: Int] { spoken.withLock { $0 } }

    package init(_ configuration: ElevenLabsEmulatorConfiguration = ElevenLabsEmulatorConfiguration()) {
        self.configuration = configuration
        var voices: [String: EmulatedVoice] = [:]
        for format in EmulatedVoice.outputFormats {
            voices[format] = EmulatedVoice(outputFormat: format, chunkDuration: configuration.chunkDuration)
        }
        self.voices = voices
    }

    package func respond(to request: HTTPRequest) async -> HTTPResponse { .status(404) }

    package func upgrade(_ request: HTTPRequest, on loop: EventLoop) -> WebSocketUpgrade {
        let number = counts.connections.add()
        let fault = number < configuration.faults.count ? configuration.faults[number] : .none
        let query = Query(request.query)
        if let refusal = check(request, query, fault: fault) {
            counts.refusals.add()
            return .refuse(refusal)
        }
        guard let voice = voices[query["output_format"] ?? "ulaw_8000"] else {
            counts.refusals.add()
            return .refuse(refusal(400, "invalid_output_format", "the emulator does not speak that output_format"))
        }
        let connection = ElevenLabsEmulatorConnection(
            emulator: self, voice: voice, voiceID: String(request.path.split(separator: "/")[2]), fault: fault,
            inactivityTimeout: query["inactivity_timeout"].flatMap(Int.init) ?? 20,
            isAutomatic: query["auto_mode"] == "true", isAligned: query["sync_alignment"] == "true")
        return .accept(connection, subprotocol: nil)
    }

    func noteSpoken(_ characters: Int, by voice: String) {
        counts.characters.add(characters)
        spoken.withLock { $0[voice, default: 0] += characters }
    }

    private func check(
        _ request: HTTPRequest, _ query: Query, fault: ElevenLabsEmulatorConfiguration.Fault
    ) -> HTTPResponse? {
        let path = request.path.split(separator: "/", omittingEmptySubsequences: false)
        guard path.count == 5, path[1] == "v1", path[2] == "text-to-speech", path[4] == "multi-stream-input" else {
            return refusal(404, "not_found", "no such path")
        }
        guard !path[3].isEmpty else { return refusal(404, "voice_not_found", "a voice id is missing") }
        guard request[header: "xi-api-key"] == configuration.apiKey else {
            return refusal(401, "invalid_api_key", "Invalid API key")
        }
        if case .refuse(let status, let code) = fault { return refusal(status, code, "refused as configured") }
        if let stranger = query.items.first(where: { !Self.parameters.contains($0.name) }) {
            return refusal(422, "validation_error", "unknown parameter \(stranger.name)")
        }
        if query["model_id"] == "eleven_v3" {
            return refusal(400, "model_not_supported", "eleven_v3 is not available on this socket")
        }
        if let text = query["inactivity_timeout"], Int(text).map({ (1...180).contains($0) }) != true {
            return refusal(422, "validation_error", "inactivity_timeout is 1 to 180")
        }
        return nil
    }

    private func refusal(_ status: Int, _ code: String, _ message: String) -> HTTPResponse {
        var body = JSONText()
        body.raw(#"{"detail":{"status":"#)
        body.string(code)
        body.raw(#","message":"#)
        body.string(message)
        body.raw("}}")
        return HTTPResponse(status: status, headers: [("Content-Type", "application/json")], body: body.bytes)
    }

    private static let parameters: Set<String> = [
        "model_id", "language_code", "enable_logging", "enable_ssml_parsing", "output_format", "inactivity_timeout",
        "sync_alignment", "auto_mode", "apply_text_normalization", "seed", "optimize_streaming_latency",
    ]
}
