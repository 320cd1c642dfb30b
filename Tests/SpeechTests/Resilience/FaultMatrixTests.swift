import AudioCore
import Emulators
import Foundation
import Logging
import Networking
import Testing

@testable import Speech

/// Every vendor with everything that can go wrong, in front of one that works: the caller is heard, and hears.
///
/// With PARLEY_RECORD=1 the table goes into docs/reliability.md.
@Suite("The fault matrix")
struct FaultMatrixTests {
    private static let logger = Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })

    struct Cell: Sendable {
        let vendor: String
        let fault: String
        let survived: Bool
        let answeredBy: String
    }

    private static let listening: [(String, ListeningEmulatorConfiguration.Fault)] = [
        ("key refused (401)", .refuse(status: 401, code: "NO")), ("busy (429)", .refuse(status: 429, code: "NO")),
        ("down (503)", .refuse(status: 503, code: "NO")),
        ("socket closed in mid-speech", .close(afterAudio: .milliseconds(400), code: 1011, reason: "NET-0000")),
        ("says nothing", .mute), ("no answer at the end", .ignoreFinalize), ("malformed JSON", .garbage),
        ("a message of 10 MB", .huge), ("results twice", .duplicate),
        ("falls silent after a result", .stall(afterResults: 1)),
    ]

    private static let files: [(String, SpeechEmulatorConfiguration.Fault)] = [
        ("key refused (401)", .refuse(status: 401, code: "NO")), ("busy (429)", .refuse(status: 429, code: "NO")),
        ("down (503)", .refuse(status: 503, code: "NO")), ("connection cut", .cut(afterChunks: 0)),
        ("says nothing", .stall(afterChunks: 0)), ("slow (20 s)", .delay(.seconds(20))), ("malformed", .garbage),
        ("empty", .empty), ("breaks off after a piece", .cut(afterChunks: 1)),
        ("falls silent after a piece", .stall(afterChunks: 1)),
    ]

    // MARK: Ears

    private func hear(_ vendor: StreamingVendorsTests.Vendor, _ fault: (String, ListeningEmulatorConfiguration.Fault))
        async throws -> Cell
    {
        let faults = Array(repeating: fault.1, count: 20)
        let emulator = vendor.emulator(ListeningEmulatorConfiguration(transcripts: ["hello"], faults: faults))
        return try await withService(emulator) { url, loop in
            try await heard(
                vendor.rawValue, fault.0, by: vendor.recognizer(url, key: "emulated", loop: loop), on: loop)
        }
    }

    /// One utterance, played as a carrier plays it, to a vendor with the speller behind it.
    private func heard(_ vendor: String, _ fault: String, by recognizer: any SpeechRecognizer, on loop: EventLoop)
        async throws -> Cell
    {
        let chain = FallbackRecognizer(
            [.init(name: "vendor", recognizer: recognizer), .init(name: "other", recognizer: SpellingRecognizer())],
            board: ProviderBoard(.recognizer), loop: loop, logger: Self.logger)
        let (stream, continuation) = AsyncStream.makeStream(of: RecognitionEvent.self)
        let session = try chain.makeSession(format: .telephone, vocabulary: SpeechVocabulary(contexts: [])) {
            continuation.yield($0)
        }
        @Sendable func play(_ audio: [UInt8]) async {
            for offset in stride(from: 0, to: audio.count, by: 160) {
                let frame = Array(audio[offset..<min(offset + 160, audio.count)])
                await withCheckedContinuation { done in
                    loop.post {
                        session.inlet.write(frame.span)
                        session.audioArrived()
                        loop.schedule(after: .milliseconds(20)) { done.resume() }
                    }
                }
            }
        }
        @Sendable func tell(_ body: @escaping @Sendable (any RecognitionSession) -> Void) async {
            await withCheckedContinuation { done in
                loop.post {
                    body(session)
                    done.resume()
                }
            }
        }
        await play([UInt8](repeating: 0xFF, count: 800))
        await tell { $0.beginUtterance(UtteranceID(1), context: "") }
        await play(SpeechLikeTone.muLaw(.milliseconds(1680)))
        await play([UInt8](repeating: 0xFF, count: 3200))
        await tell {
            $0.pauseUtterance(UtteranceID(1))
            $0.finishUtterance(UtteranceID(1))
        }
        // The line goes on while the words are awaited.
        let line = Task { while !Task.isCancelled { await play([UInt8](repeating: 0xFF, count: 160)) } }
        var result: RecognitionEvent?
        events: for await event in stream where event.utterance == UtteranceID(1) {
            switch event {
            case .final, .nothingHeard, .failed:
                result = event
                break events
            case .interim, .provisional, .endOfTurn, .taken: continue
            }
        }
        line.cancel()
        await line.value
        session.close()
        guard case .final(let transcript)? = result else {
            return Cell(vendor: vendor, fault: fault, survived: false, answeredBy: "nobody")
        }
        return Cell(
            vendor: vendor, fault: fault, survived: true,
            answeredBy: transcript.text.contains("hello") ? "the vendor" : "the next one")
    }

    // MARK: Voices

    /// One sentence, of a vendor with a hum behind it.
    private func spoken(_ vendor: String, _ fault: String, by synthesizer: any SpeechSynthesizer) async throws -> Cell {
        var settings = SynthesisRelay.Settings()
        // The one behind shares this machine with all the others: what is tried is that it is asked, not how soon.
        settings.firstAudioDeadline = .seconds(20)
        settings.chunkDeadline = .seconds(5)
        let hum = ScriptedSynthesizer(chunks: [[UInt8](repeating: 0x31, count: 4000)])
        let session = try await FallbackSynthesizer(
            [.init(name: "vendor", synthesizer: synthesizer), .init(name: "other", synthesizer: hum)],
            board: ProviderBoard(.synthesizer), settings: settings, logger: Self.logger
        ).makeSession(voice: "", format: .telephone)
        defer { session.close() }
        var audio: [UInt8] = []
        do {
            for try await chunk in session.synthesize("Your appointment is on Tuesday, the first of December.") {
                audio += chunk
            }
        } catch { return Cell(vendor: vendor, fault: fault, survived: false, answeredBy: "nobody") }
        let answeredBy =
            hum.texts.isEmpty ? "the vendor" : audio.count > 4000 ? "both, the rest by the next one" : "the next one"
        return Cell(vendor: vendor, fault: fault, survived: !audio.isEmpty, answeredBy: answeredBy)
    }

    private func elevenLabs(_ fault: (String, ElevenLabsEmulatorConfiguration.Fault)) async throws -> Cell {
        let emulator = ElevenLabsEmulator(
            ElevenLabsEmulatorConfiguration(faults: Array(repeating: fault.1, count: 20)))
        return try await withService(emulator) { url, loop in
            try await spoken(
                "elevenlabs", fault.0,
                by: ElevenLabsSynthesizer(.init(url: url, apiKey: "emulated"), loop: loop, logger: Self.logger))
        }
    }

    private func cartesia(_ fault: (String, CartesiaEmulatorConfiguration.Fault)) async throws -> Cell {
        let emulator = CartesiaEmulator(CartesiaEmulatorConfiguration(faults: Array(repeating: fault.1, count: 20)))
        return try await withService(emulator) { url, loop in
            try await spoken(
                "cartesia", fault.0,
                by: CartesiaSynthesizer(.init(url: url, apiKey: "emulated"), loop: loop, logger: Self.logger))
        }
    }

    /// Rime or Deepgram's Flux.
    private func turns(_ isRime: Bool, _ fault: (String, VoiceEmulatorConfiguration.Fault)) async throws -> Cell {
        let configuration = VoiceEmulatorConfiguration(faults: Array(repeating: fault.1, count: 20))
        return try await withService(isRime ? VoiceEmulator.rime(configuration) : .flux(configuration)) { url, loop in
            let voice: any SpeechSynthesizer =
                isRime
                ? RimeSynthesizer(.init(url: url, apiKey: "emulated"), loop: loop, logger: Self.logger)
                : FluxVoiceSynthesizer(.init(url: url, apiKey: "emulated"), loop: loop, logger: Self.logger)
            return try await spoken(isRime ? "rime" : "deepgram-flux-voice", fault.0, by: voice)
        }
    }

    private static let httpVoices: [(String, @Sendable (EmulatorFleet.Addresses) -> any SpeechHTTPDialect)] = [
        ("aura", { AuraConfiguration(url: $0.aura, apiKey: "emulated") }),
        ("openai-speech", { OpenAISpeechConfiguration(url: $0.openAI, apiKey: "emulated") }),
        ("azure-speech", { AzureVoiceConfiguration(url: $0.aura, apiKey: "emulated") }),
        ("google-speech", { GoogleVoiceConfiguration(url: $0.aura, apiKey: "emulated") }),
        ("elevenlabs-http", { ElevenLabsHTTPConfiguration(url: $0.aura, apiKey: "emulated") }),
    ]

    /// A vendor that is asked over HTTP, with this fault at every request.
    private func withHTTP(
        _ fault: SpeechEmulatorConfiguration.Fault, packetSize: Int? = nil,
        _ body: (EmulatorFleet.Addresses, HTTPClient, EventLoop) async throws -> Cell
    ) async throws -> Cell {
        var configuration = EmulatorFleet.Configuration()
        let speech = SpeechEmulatorConfiguration(
            transcripts: ["hello"], packetSize: packetSize, faults: Array(repeating: fault, count: 20))
        configuration.aura = speech
        configuration.openAISpeech = speech
        configuration.azureSpeech = speech
        configuration.googleSpeech = speech
        configuration.elevenLabsSpeech = speech
        configuration.transcription = speech
        let fleet = EmulatorFleet(configuration, logger: Self.logger)
        let addresses = try await fleet.start()
        let client = HTTPClient(configuration: HTTPClientConfiguration(proxy: .none), logger: Self.logger)
        let loop = EventLoop(name: "leg", logger: Self.logger)
        try loop.start()
        let result: Result<Cell, any Error>
        do { result = .success(try await body(addresses, client, loop)) } catch { result = .failure(error) }
        await loop.shutdown()
        await client.shutdown()
        await fleet.shutdown()
        return try result.get()
    }

    // MARK: All of it

    @Test("whatever one vendor does, the caller is heard and hears", .timeLimit(.minutes(5)))
    func matrix() async throws {
        var work: [@concurrent @Sendable () async throws -> Cell] = []
        for vendor in StreamingVendorsTests.Vendor.allCases {
            for fault in Self.listening { work.append { try await hear(vendor, fault) } }
        }
        // Words come in one piece.
        for fault in Self.files.dropLast(2) {
            work.append {
                try await withHTTP(fault.1) { addresses, client, loop in
                    try await heard(
                        "openai-transcription", fault.0,
                        by: TranscriptionRecognizer(
                            .init(url: addresses.openAI, apiKey: "emulated"), client: client), on: loop)
                }
            }
        }
        for fault in Self.files {
            for (name, dialect) in Self.httpVoices {
                work.append {
                    try await withHTTP(fault.1) { addresses, client, _ in
                        try await spoken(name, fault.0, by: HTTPSynthesizer(dialect(addresses), client: client))
                    }
                }
            }
        }
        for fault in [
            ("key refused (401)", ElevenLabsEmulatorConfiguration.Fault.refuse(status: 401, code: "no")),
            ("busy (429)", .refuse(status: 429, code: "no")), ("down (503)", .refuse(status: 503, code: "no")),
            ("says nothing", .stall(afterChunks: 0)), ("falls silent after a piece", .stall(afterChunks: 1)),
            ("breaks off after a piece", .close(afterChunks: 1, code: 1011)), ("malformed JSON", .garbage),
            ("another's audio", .stranger),
        ] { work.append { try await elevenLabs(fault) } }
        for fault in [
            ("key refused (401)", CartesiaEmulatorConfiguration.Fault.refuse(status: 401)),
            ("busy (429)", .refuse(status: 429)), ("down (503)", .refuse(status: 503)),
            ("error on the socket", .error(status: 500)), ("says nothing", .stall(afterChunks: 0)),
            ("falls silent after a piece", .stall(afterChunks: 1)),
            ("breaks off after a piece", .close(afterChunks: 1, code: 1011)), ("malformed JSON", .garbage),
        ] { work.append { try await cartesia(fault) } }
        for fault in [
            ("key refused (401)", VoiceEmulatorConfiguration.Fault.refuse(status: 401)),
            ("busy (429)", .refuse(status: 429)), ("down (503)", .refuse(status: 503)),
            ("error on the socket", .error), ("says nothing", .stall(afterChunks: 0)),
            ("falls silent after a piece", .stall(afterChunks: 1)),
            ("breaks off after a piece", .close(afterChunks: 1, code: 1011)), ("malformed JSON", .garbage),
        ] { for isRime in [true, false] { work.append { try await turns(isRime, fault) } } }
        // A few at a time, so that a small machine keeps up with the audio.
        var waiting = work.makeIterator()
        let cells = try await withThrowingTaskGroup(of: Cell.self) { group in
            for _ in 0..<12 { if let next = waiting.next() { group.addTask { try await next() } } }
            var cells: [Cell] = []
            while let cell = try await group.next() {
                cells.append(cell)
                if let next = waiting.next() { group.addTask { try await next() } }
            }
            return cells
        }
        for cell in cells where !cell.survived { Issue.record("\(cell.vendor), \(cell.fault): nobody answered") }
        try Self.record(cells)
    }

    /// Writes the table between its marks in the page.
    private static func record(_ cells: [Cell]) throws {
        guard ProcessInfo.processInfo.environment["PARLEY_RECORD"] == "1" else { return }
        var page = URL(filePath: #filePath)
        for _ in 0..<4 { page.deleteLastPathComponent() }
        page.append(path: "docs/reliability.md")
        let (begin, end) = ("<!-- matrix -->\n", "<!-- end of matrix -->")
        let text = try String(contentsOf: page, encoding: .utf8)
        let from = try #require(text.firstRange(of: begin)?.upperBound)
        let to = try #require(text.firstRange(of: end)?.lowerBound)
        var table = "Survived \(cells.count(where: \.survived)) of \(cells.count).\n\n"
        table += "| Vendor | What it does | The caller is answered by |\n|---|---|---|\n"
        for cell in cells.sorted(by: { ($0.vendor, $0.fault) < ($1.vendor, $1.fault) }) {
            table += "| \(cell.vendor) | \(cell.fault) | \(cell.answeredBy) |\n"
        }
        try (text[..<from] + table + text[to...]).write(to: page, atomically: true, encoding: .utf8)
    }
}
