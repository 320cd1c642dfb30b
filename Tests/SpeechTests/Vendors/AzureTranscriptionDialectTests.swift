import AudioCore
import Foundation
import Networking
import Testing

@testable import Speech

@Suite("Azure's turns on one connection")
struct AzureTranscriptionDialectTests {
    private static let first = String(repeating: "a", count: 32)
    private static let second = String(repeating: "b", count: 32)

    /// Turns are named aaa…, bbb…, ccc…
    static func dialect(languages: String = "en") -> AzureTranscriptionDialect {
        let names = Lock(UInt8(ascii: "a"))
        return AzureTranscriptionDialect(
            AzureTranscriptionConfiguration(url: "wss://x", apiKey: "k", languages: languages, keyTerms: ["Parley"]),
            sampleRate: 8000, head: AzureWaveHead.bytes(code: 7, sampleRate: 8000),
            vocabulary: SpeechVocabulary(contexts: []),
            identifiers: {
                names.withLock { name in
                    defer { name += 1 }
                    return String(repeating: Character(UnicodeScalar(name)), count: 32)
                }
            }, clock: { Date(timeIntervalSince1970: 1_795_000_000.25) })
    }

    static func message(_ path: String, _ body: String, turn: String = first) -> String {
        "X-RequestId:\(turn)\r\nContent-Type:application/json; charset=utf-8\r\nPath:\(path)\r\n\r\n\(body)"
    }

    private func read(
        _ dialect: inout AzureTranscriptionDialect, _ path: String, _ body: String, turn: String = first
    ) throws -> [StreamingReply] {
        try dialect.read(Self.message(path, body, turn: turn).utf8Span.span, sent: 9)
    }

    private func text(_ request: StreamingRequest) -> String {
        switch request {
        case .text(let text): text
        case .binary(let bytes): String(decoding: bytes.dropFirst(2).prefix { $0 < 0x80 && $0 != 0 }, as: UTF8.self)
        }
    }

    @Test("a turn begins with what it is about and a WAV header, each below its name")
    func begins() throws {
        var dialect = Self.dialect()
        let setup = dialect.opened()
        #expect(setup.count == 1 && setup[0].hasPrefix("Path: speech.config\r\nX-Timestamp: 2026-11-18T"))
        #expect(setup[0].contains(#""samplerate":"8000""#))
        let frame = [UInt8](repeating: 0xFF, count: 800)
        let messages = dialect.messages(for: frame.span)
        try #require(messages.count == 3)
        #expect(text(messages[0]).contains("X-RequestId: \(Self.first)\r\n"))
        #expect(text(messages[0]).contains(#""Text":"Parley""#) && text(messages[0]).contains(#""language":"en-US""#))
        guard case .binary(let head) = messages[1], case .binary(let audio) = messages[2] else {
            Issue.record("audio is binary")
            return
        }
        #expect(text(messages[1]).hasSuffix("Content-Type: audio/x-wav\r\nRIFF"))
        // As the vendor's SDK writes it: code 7, one channel, 8000 Hz.
        #expect(Array(head.suffix(24).prefix(8)) == [7, 0, 1, 0, 0x40, 0x1F, 0, 0])
        #expect(Int(audio[0]) << 8 | Int(audio[1]) == audio.count - 2 - 800, "the length of the header comes first")
        #expect(dialect.messages(for: frame.span).count == 1, "once a turn")
    }

    @Test("an utterance's end is a turn's end, audio waits for the vendor's, and the next turn's times are its own")
    func turns() throws {
        var dialect = Self.dialect()
        _ = dialect.opened()
        #expect(dialect.finalize(sent: 0) == nil, "nothing was said")
        _ = dialect.messages(for: [UInt8](repeating: 0xFF, count: 800).span)
        #expect(dialect.takesAudio)
        #expect(try read(&dialect, "turn.start", "{}").isEmpty)
        guard case .binary(let end)? = dialect.finalize(sent: 1.5) else {
            Issue.record("an empty piece ends the turn")
            return
        }
        #expect(Int(end[0]) << 8 | Int(end[1]) == end.count - 2)
        #expect(!dialect.takesAudio)
        let phrase =
            #"{"RecognitionStatus":"Success","Offset":2000000,"Duration":9000000,"DisplayText":"Yes, 2.","NBest":[{"Confidence":0.9,"Lexical":"yes two","Words":[{"Word":"yes","Offset":2000000,"Duration":3000000,"Confidence":0.8},{"Word":"two","Offset":6000000,"Duration":5000000}]}]}"#
        guard case .segment(let words)? = try read(&dialect, "speech.phrase", phrase).first else {
            Issue.record("no words")
            return
        }
        #expect(words.isFinal && words.transcript == "yes two" && words.words.map(\.start) == [0.2, 0.6])
        #expect(words.words.map(\.confidence) == [0.8, 0.9] && words.language == nil)
        #expect(try read(&dialect, "speech.phrase", phrase).isEmpty, "it came twice")
        guard case .segment(let rest)? = try read(&dialect, "turn.end", "{}").first else {
            Issue.record("no end")
            return
        }
        #expect(rest.fromFinalize && rest.start + rest.duration == 1.5 && rest.transcript.isEmpty)
        #expect(dialect.takesAudio)
        #expect(try read(&dialect, "turn.end", "{}").isEmpty, "of a turn before")
        let next = dialect.messages(for: [UInt8](repeating: 0xFF, count: 800).span)
        #expect(next.count == 3 && text(next[0]).contains(Self.second))
        let guess = #"{"Text":"Hello","Offset":1000000,"Duration":4000000}"#
        guard case .segment(let heard)? = try read(&dialect, "speech.hypothesis", guess, turn: Self.second).first else {
            Issue.record("no hypothesis")
            return
        }
        #expect(!heard.isFinal && heard.transcript == "hello" && heard.start == 1.6 && heard.duration == 0.4)
    }

    @Test("what was not taken is said again, and nothing else: a turn's beginning, its audio, its end")
    func refused() {
        var dialect = Self.dialect()
        _ = dialect.opened()
        let frame = [UInt8](repeating: 0xFF, count: 800)
        var taken: [String] = []
        /// How many messages there is room for.
        func send(_ room: Int) -> Bool {
            var room = room
            return dialect.send(frame.span) { request in
                guard room > 0 else { return false }
                room -= 1
                taken.append(kind(request))
                return true
            }
        }
        #expect([0, 1, 0, 1].map(send) == [false, false, false, false])
        #expect(taken == ["context", "head"])
        #expect(dialect.finalize(sent: 0) == nil, "nothing was said")
        #expect([0, 1, 0, 9].map(send) == [false, true, false, true])
        #expect(taken == ["context", "head", "audio", "audio"])
        let end = dialect.finalize(sent: 0.2)
        #expect(end != nil && !dialect.takesAudio)
        dialect.notTaken()
        #expect(dialect.takesAudio)
        #expect(dialect.finalize(sent: 0.2) == end)
        #expect(!dialect.takesAudio)
    }

    private func kind(_ request: StreamingRequest) -> String {
        let text = text(request)
        return text.contains("speech.context") ? "context" : text.contains("audio/x-wav") ? "head" : "audio"
    }

    @Test("times that cannot be are counted, and make no words", arguments: ["-5", "1e300", "9e18"])
    func times(ticks: String) throws {
        var dialect = Self.dialect()
        _ = dialect.opened()
        let phrase =
            #"{"RecognitionStatus":"Success","Offset":\#(ticks),"Duration":5,"NBest":[{"Lexical":"hello"}]}"#
        var assembler = SegmentAssembler()
        assembler.begin(UtteranceID(1), at: 8000)
        for case .segment(let segment) in try read(&dialect, "speech.phrase", phrase) {
            #expect(assembler.received(segment).isEmpty)
        }
        #expect(assembler.implausibleCount == 1)
    }

    @Test("with several languages the vendor finds out which is spoken, and is told among which")
    func languages() throws {
        var dialect = Self.dialect(languages: "en-US, es-ES")
        _ = dialect.opened()
        let context = text(dialect.messages(for: [UInt8](repeating: 0xFF, count: 800).span)[0])
        #expect(context.contains(#""languages":["en-US","es-ES"]"#) && !context.contains(#""language":"#))
        let guess =
            #"{"Text":"Hola, 2","Offset":0,"Duration":4000000,"PrimaryLanguage":{"Language":"es-ES","Confidence":"High"}}"#
        guard case .segment(let heard)? = try read(&dialect, "speech.hypothesis", guess).first else {
            Issue.record("no hypothesis")
            return
        }
        #expect(heard.language == "es-ES" && heard.transcript == "hola dos", "numbers are read in it")
        let request = AzureTranscriptionConfiguration(url: "wss://x/", apiKey: "k", languages: "en-US,es-ES")
            .request(connection: "c")
        #expect(
            request.url.hasSuffix(
                "language=en-US&wordLevelConfidence=true&wordLevelTimestamps=true&lidEnabled=en-US%2Ces-ES"))
        let strange = AzureTranscriptionConfiguration(url: "wss://x", apiKey: "k", languages: "en-US&x=y")
        #expect(throws: SpeechError.self) { try strange.waveCode(of: .telephone) }
    }
}
