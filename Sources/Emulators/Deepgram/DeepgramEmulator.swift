package import Networking

/// A server that behaves like Deepgram's live recognition (`GET /v1/listen`), and refuses what Deepgram refuses.
package final class DeepgramEmulator: ListenerService {
    /// What clients did.
    package struct Counts: Sendable {
        package let connections = Tally()
        package let refusals = Tally()
        package let audioBytes = Tally()
        package let keepAlives = Tally()
        package let finalizes = Tally()
        package let results = Tally()
        package let closedStreams = Tally()
    }

    let configuration: DeepgramEmulatorConfiguration
    package let counts = Counts()

    package init(_ configuration: DeepgramEmulatorConfiguration = DeepgramEmulatorConfiguration()) {
        self.configuration = configuration
    }

    package func respond(to request: HTTPRequest) async -> HTTPResponse {
        request.path == "/v1/listen"
            ? refusal(400, "Bad Request", "this endpoint of the emulator is a WebSocket") : .status(404)
    }

    package func upgrade(_ request: HTTPRequest, on loop: EventLoop) -> WebSocketUpgrade {
        let number = counts.connections.add()
        let fault = number < configuration.faults.count ? configuration.faults[number] : .none
        if let refusal = check(request, fault: fault) {
            counts.refusals.add()
            return .refuse(refusal)
        }
        let query = Query(request.query)
        var settings = DeepgramEmulatorStream.Settings()
        settings.sampleRate = query["sample_rate"].flatMap(Int.init) ?? 8000
        let samples = { (duration: Duration) in Int(duration / .seconds(1) * Double(settings.sampleRate)) }
        settings.endpointing =
            switch query["endpointing"] {
            case "false": nil
            case .some(let text): samples(.milliseconds(Int(text) ?? 10))
            case nil: samples(.milliseconds(10))
            }
        settings.interimInterval = samples(configuration.interimInterval)
        settings.segmentLength = samples(configuration.segmentLength)
        settings.finalizeThreshold = samples(configuration.finalizeThreshold)
        settings.silenceLength = samples(.seconds(5))
        settings.hearsSpelling = configuration.hearsSpelling
        if query["language"] == "multi" { settings.languages = configuration.languages }
        settings.providesInterims = query["interim_results"] == "true"
        let connection = DeepgramEmulatorConnection(
            emulator: self, number: number, fault: fault, settings: settings,
            power: query["encoding"] == "alaw" ? DeepgramEmulatorStream.aLawPower : DeepgramEmulatorStream.muLawPower)
        return .accept(connection, subprotocol: nil)
    }

    // MARK: Refusing

    private func check(_ request: HTTPRequest, fault: DeepgramEmulatorConfiguration.Fault) -> HTTPResponse? {
        guard request.path == "/v1/listen" else { return refusal(404, "NOT_FOUND", "no such path") }
        guard request[header: "authorization"] == "Token \(configuration.apiKey)" else {
            return refusal(401, "INVALID_AUTH", "Invalid credentials.")
        }
        if case .refuse(let status, let code) = fault { return refusal(status, code, "refused as configured") }
        let query = Query(request.query)
        if let stranger = query.items.first(where: { !Self.parameters.contains($0.name) }) {
            return refusal(400, "Bad Request", "unknown parameter \(stranger.name)")
        }
        guard let model = query["model"], model.hasPrefix("nova-") else {
            return refusal(400, "Bad Request", "no such model: \(query["model"] ?? "none given")")
        }
        guard let encoding = query["encoding"], ["mulaw", "alaw"].contains(encoding) else {
            return refusal(400, "Bad Request", "the emulator hears mulaw and alaw only")
        }
        guard let rate = query["sample_rate"].flatMap(Int.init), (8000...48_000).contains(rate) else {
            return refusal(400, "Bad Request", "raw audio needs a sample_rate")
        }
        guard query["channels"] ?? "1" == "1" else {
            return refusal(400, "Bad Request", "the emulator hears one channel only")
        }
        for name in Self.booleans {
            if let value = query[name], value != "true", value != "false" {
                return refusal(400, "Bad Request", "\(name) must be true or false")
            }
        }
        if let value = query["endpointing"], value != "false", Int(value).map({ $0 >= 0 }) != true {
            return refusal(400, "Bad Request", "endpointing must be false or milliseconds")
        }
        if query["keyterm"] != nil, !model.hasPrefix("nova-3") {
            return refusal(400, "Bad Request", "keyterm needs nova-3")
        }
        if query["utterance_end_ms"] != nil, query["interim_results"] != "true" {
            return refusal(400, "Bad Request", "utterance_end_ms needs interim_results")
        }
        return nil
    }

    private func refusal(_ status: Int, _ code: String, _ message: String) -> HTTPResponse {
        var body = JSONText()
        body.raw(#"{"err_code":"#)
        body.string(code)
        body.raw(#","err_msg":"#)
        body.string(message)
        body.raw(#","request_id":"00000000-0000-4000-8000-000000000000"}"#)
        return HTTPResponse(
            status: status,
            headers: [
                ("Content-Type", "application/json"), ("dg-error", message),
                ("dg-request-id", "00000000-0000-4000-8000-000000000000"),
            ], body: body.bytes)
    }

    private static let booleans = [
        "interim_results", "vad_events", "smart_format", "punctuate", "numerals", "profanity_filter", "dictation",
        "multichannel", "mip_opt_out", "detect_entities",
    ]

    private static let parameters = Set(booleans).union([
        "model", "language", "language_hint", "encoding", "sample_rate", "channels", "endpointing", "utterance_end_ms",
        "keyterm", "keywords", "diarize", "diarize_model", "redact", "replace", "search", "tag", "extra", "version",
        "callback", "callback_method",
    ])
}
