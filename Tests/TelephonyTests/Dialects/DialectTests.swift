import Foundation
import Testing

@testable import Telephony

@Suite("Media dialects")
struct DialectTests {
    @Test("speak as their transcripts say, in both directions", arguments: MediaDialects.all.map(\.name))
    func transcript(name: String) throws {
        var transcript = Transcript(of: try #require(MediaDialects.named(name)))
        #expect(try transcript.run() >= 20)
    }

    @Test("have names of their own, and each has its transcript")
    func table() throws {
        let names = MediaDialects.all.map(\.name)
        #expect(Set(names).count == names.count)
        let files = try FileManager.default.contentsOfDirectory(atPath: Transcript.folder.path)
        #expect(Set(files.filter { $0.hasSuffix(".golden") }) == Set(names.map { "\($0).golden" }))
    }

    @Test("take keys as messages only where the carrier is known to send them on; elsewhere they are tones")
    func keys() {
        #expect(MediaDialects.all.filter(\.capabilities.sendsKeys).map(\.name) == ["signalwire"])
    }

    @Test(
        "survive what no peer should send, before the start and after it", arguments: MediaDialects.all.map(\.name))
    func nonsense(name: String) throws {
        let dialect = try #require(MediaDialects.named(name))
        let codec = dialect.makeCodec([:])
        var audio = MediaPayload(limit: 64_000)
        var replies = MediaOutbox()
        var random = SeededRandom(7)
        for size in [0, 1, 2, 3, 7, 160, 319, 320, 4000, 100_000] {
            for kind in [MediaMessageKind.text, .binary] {
                let bytes = (0..<size).map { _ in UInt8.random(in: 0...255, using: &random) }
                let event = try? codec.decode(bytes.span, kind, audio: &audio, replies: &replies)
                if case .media(let count, _, _) = event { #expect(count > 0 || size < 2) }
                #expect(audio.bytes.count <= 64_000)
            }
        }
    }

    @Test("of no call take any command without a trap", arguments: MediaDialects.all.map(\.name))
    func commands(name: String) throws {
        let codec = try #require(MediaDialects.named(name)).makeCodec([:])
        var outbox = MediaOutbox()
        let commands: [MediaCommand] = [
            .accept(callID: ""), .audio, .mark(PlayoutMark(generation: .max, sequence: .max)), .clear, .key("#"),
            .caption(.agent, text: "\"\u{0}é\n", isFinal: true), .state(.speaking), .end(reason: "\"\\"),
        ]
        for command in commands { codec.encode(command, audio: Span(), into: &outbox) }
        outbox.drain { message, kind in
            guard kind == .text else { return }
            let data = Data(message.indices.map { message[$0] })
            #expect(name == "asterisk" || (try? JSONSerialization.jsonObject(with: data)) != nil)
        }
    }
}
