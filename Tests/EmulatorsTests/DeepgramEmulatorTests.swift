import Emulators
import Networking
import Testing

@Suite("The emulated recognizer refuses what Deepgram refuses")
struct DeepgramEmulatorTests {
    private static let good =
        "model=nova-3&encoding=mulaw&sample_rate=8000&channels=1&interim_results=true&endpointing=300"
    private static let key = [("Authorization", "Token emulated")]

    private func open(
        _ query: String = good, configuration: DeepgramEmulatorConfiguration = .init(),
        _ body: (TestSocket, TestSocket.Outbox) async throws -> Void
    ) async throws {
        var fleet = EmulatorFleet.Configuration()
        fleet.deepgram = configuration
        try await withFleet(fleet) { _, addresses in
            let socket = try TestSocket("\(addresses.deepgram)/v1/listen?\(query)", headers: Self.key)
            try await socket.use { try await body(socket, $0) }
        }
    }

    @Test(
        "a handshake that is wrong",
        arguments: [
            ("/v1/listen?\(good)", "Token wrong", 401), ("/v1/listen?\(good)", "emulated", 401),
            ("/v2/listen?\(good)", "Token emulated", 404),
            ("/v1/listen?encoding=mulaw&sample_rate=8000", "Token emulated", 400),
            ("/v1/listen?model=nova-3&sample_rate=8000", "Token emulated", 400),
            ("/v1/listen?model=nova-3&encoding=mulaw", "Token emulated", 400),
            ("/v1/listen?model=nova-3&encoding=mp9&sample_rate=8000", "Token emulated", 400),
            ("/v1/listen?model=whisper&encoding=mulaw&sample_rate=8000", "Token emulated", 400),
            ("/v1/listen?\(good)&interim_result=true", "Token emulated", 400),
            ("/v1/listen?\(good)&punctuate=yes", "Token emulated", 400),
            ("/v1/listen?model=nova-2&encoding=mulaw&sample_rate=8000&keyterm=x", "Token emulated", 400),
        ])
    func refuses(path: String, authorization: String, status: Int) async throws {
        try await withFleet { fleet, addresses in
            let socket = try TestSocket(addresses.deepgram + path, headers: [("Authorization", authorization)])
            #expect(await socket.end() == .refused(status))
            try await socket.use { _ in }
            #expect(fleet.deepgram.counts.refusals.count == 1)
        }
    }

    @Test("speech is the next sentence, with interims, an endpoint, and times inside the audio")
    func hears() async throws {
        let configuration = DeepgramEmulatorConfiguration(
            transcripts: ["one two three", "four"], interimInterval: .milliseconds(400))
        try await open(configuration: configuration) { socket, outbox in
            outbox.send(SpeechLikeTone.muLaw(.milliseconds(960)) + [UInt8](repeating: 0xFF, count: 4000))
            let interim = await socket.next(containing: #""is_final":false"#)
            #expect(interim?.contains(#""transcript":"one"#) == true)
            let final = await socket.next(containing: #""speech_final":true"#)
            #expect(final?.contains(#""transcript":"one two three""#) == true)
            #expect(final?.contains(#""is_final":true"#) == true)
            outbox.send(SpeechLikeTone.muLaw(.milliseconds(480)) + [UInt8](repeating: 0xFF, count: 4000))
            #expect(await socket.next(containing: #""speech_final":true"#)?.contains(#""transcript":"four""#) == true)
        }
    }

    @Test("Finalize ends a sentence in mid-speech, and says nothing when there is nothing")
    func finalizes() async throws {
        try await open { socket, outbox in
            outbox.send(#"{"type":"Finalize"}"#)
            outbox.send(SpeechLikeTone.muLaw(.milliseconds(480)))
            outbox.send(#"{"type":"Finalize"}"#)
            let answer = await socket.next(containing: "Results")
            #expect(answer?.contains(#""from_finalize":true"#) == true)
            #expect(answer?.contains("hello there") == true)
            outbox.send(#"{"type":"CloseStream"}"#)
            #expect(await socket.next(containing: "Results") == nil)
        }
    }

    @Test("long speech is cut into finals without an endpoint, and no word is lost")
    func segments() async throws {
        let configuration = DeepgramEmulatorConfiguration(
            transcripts: ["a b c d e f"], segmentLength: .milliseconds(700))
        try await open(configuration: configuration) { socket, outbox in
            outbox.send(SpeechLikeTone.muLaw(.milliseconds(1920)))
            outbox.send(#"{"type":"CloseStream"}"#)
            var words: [String] = []
            for await event in socket.events {
                guard case .text(let text) = event, text.contains(#""is_final":true"#) else { continue }
                let rest = text.split(separator: #""transcript":""#).last ?? ""
                words += rest.prefix { $0 != "\"" }.split(separator: " ").map(String.init)
            }
            #expect(words == ["a", "b", "c", "d", "e", "f"])
        }
    }

    @Test("an empty binary frame ends the stream like CloseStream: summary, then 1000")
    func emptyFrame() async throws {
        try await open { socket, outbox in
            outbox.send([])
            #expect(await socket.next(containing: #""type":"Metadata""#) != nil)
            #expect(await socket.end() == .closed(1000, ""))
        }
    }

    @Test(
        "a text that is no message of the protocol is answered with an error",
        arguments: [
            "{}", "[]", "Finalize", #"{"type":"Flush"}"#, #"{"type":"Finalize","x":1}"#,
            #"{"type":"KeepAlive","channel":0}"#,
        ])
    func unknown(message: String) async throws {
        try await open { socket, outbox in
            outbox.send(message)
            #expect(await socket.next(containing: #""type":"Error""#)?.contains("SchemaError") == true)
            outbox.send(#"{"type":"CloseStream"}"#)
        }
    }

    @Test("a control message sent as binary is audio")
    func binaryControl() async throws {
        try await open { socket, outbox in
            outbox.send(Array(#"{"type":"CloseStream"}"#.utf8))
            outbox.send(#"{"type":"CloseStream"}"#)
            #expect(await socket.end() == .closed(1000, ""))
        }
    }

    @Test("silence on the wire closes with NET-0001; KeepAlive without audio does not help")
    func times() async throws {
        let configuration = DeepgramEmulatorConfiguration(silenceTimeout: .seconds(1))
        try await open(configuration: configuration) { socket, outbox in
            outbox.send(#"{"type":"KeepAlive"}"#)
            #expect(await socket.end() == .closed(1011, "NET-0001"))
        }
    }
}
