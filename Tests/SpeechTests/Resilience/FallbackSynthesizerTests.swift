import AudioCore
import Logging
import Networking
import Testing

@testable import Speech

/// A synthesizer whose session is open already.
private struct Opened: SpeechSynthesizer {
    let session: any SynthesisSession

    func makeSession(voice: String, format: AudioFormat) async throws(SpeechError) -> any SynthesisSession { session }
}

@Suite("A chain of synthesizers speaks as one")
struct FallbackSynthesizerTests {
    private let clock = ManualClock()
    private let events = ProviderEvents()
    private let unavailable = SpeechError(.unavailable, operation: "speak", provider: "one", detail: "gone")

    private func session(_ engines: any SpeechSynthesizer...) async throws -> (any SynthesisSession, ProviderBoard) {
        let board = ProviderBoard(.synthesizer, clock: clock, observer: events.observer)
        let names = ["one", "two", "three"]
        let chain = FallbackSynthesizer(
            zip(names, engines).map { FallbackSynthesizer.Link(name: $0, synthesizer: $1) }, board: board,
            logger: Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() }))
        return (try await chain.makeSession(voice: "", format: .telephone), board)
    }

    private func collect(_ audio: SynthesizedAudio) async throws -> [UInt8] {
        var bytes: [UInt8] = []
        for try await chunk in audio { bytes += chunk }
        return bytes
    }

    @Test("the preferred one speaks; the next one is not even opened")
    func plain() async throws {
        let (one, two) = (ScriptedSynthesizer(chunks: [[1], [2]]), ScriptedSynthesizer(chunks: [[9]]))
        let (session, _) = try await session(one, two)
        #expect(try await collect(session.synthesize("Hello.")) == [1, 2])
        #expect(two.texts.isEmpty)
        session.close()
        await one.closed()
    }

    @Test("one that cannot be opened, or fails, is followed by the next")
    func fails() async throws {
        for first in [
            ScriptedSynthesizer(chunks: [], refusal: unavailable), ScriptedSynthesizer(chunks: [], error: unavailable),
        ] {
            let (session, _) = try await session(first, ScriptedSynthesizer(chunks: [[9]]))
            #expect(try await collect(session.synthesize("Hello.")) == [9])
            session.close()
        }
    }

    @Test("when words are said is told of a text that one has said alone, through all that stands between")
    func paces() async throws {
        let (alone, _) = try await session(
            LevellingSynthesizer(
                PhraseCachingSynthesizer(ScriptedSynthesizer(chunks: [[1, 2]]), cache: PhraseCache(capacity: 100)),
                levels: VoiceLevels(target: -21)),
            ScriptedSynthesizer(chunks: [[9]]))
        let spoken = SpeakableSynthesizer(Opened(session: alone), locale: .english)
        let session = try await spoken.makeSession(voice: "", format: .telephone)
        _ = try await collect(session.synthesize("At **10:30**."))
        let pace = try #require(await session.pace(of: "At **10:30**."))
        #expect(pace.share(at: 2) == 1 && pace.share(at: 1) == 0)
        session.close()
        let (broken, _) = try await self.session(
            ScriptedSynthesizer(chunks: [[1]], error: unavailable), ScriptedSynthesizer(chunks: [[9]]))
        _ = try await collect(broken.synthesize("Hello there, caller."))
        #expect(await broken.pace(of: "Hello there, caller.") == nil, "another one took over")
        broken.close()
    }

    @Test("one that is slow is joined by the next, and cancelled when that one speaks")
    func slow() async throws {
        let slow = ScriptedSynthesizer(chunks: [], endsItself: false)
        let (session, _) = try await session(slow, ScriptedSynthesizer(chunks: [[9]]))
        async let audio = collect(session.synthesize("Hello."))
        await clock.sleepers(1)
        clock.advance(by: .milliseconds(900))
        #expect(try await audio == [9])
        await slow.cancelled()
        session.close()
    }

    @Test("after two failures nobody waits for it; after its rest it is tried again")
    func breaker() async throws {
        let broken = ScriptedSynthesizer(chunks: [], error: unavailable)
        let (session, board) = try await session(broken, ScriptedSynthesizer(chunks: [[9]]))
        for _ in 0..<5 { #expect(try await collect(session.synthesize("Hello.")) == [9]) }
        #expect(broken.texts.count == 2)
        #expect(board.breaker(of: "one").state == .open(until: .seconds(2)))
        clock.advance(by: .seconds(2))
        #expect(try await collect(session.synthesize("Hello.")) == [9])
        #expect(broken.texts.count == 3)
        session.close()
    }

    @Test("all of them failing is said once, with the reason that time can heal")
    func allFail() async throws {
        let denied = SpeechError(.unauthorized, operation: "speak", provider: "two", detail: "wrong key")
        let (session, _) = try await session(
            ScriptedSynthesizer(chunks: [], error: denied), ScriptedSynthesizer(chunks: [], error: unavailable))
        let error = await #expect(throws: SpeechError.self) { try await collect(session.synthesize("Hello.")) }
        #expect(error == unavailable)
        session.close()
    }

    @Test("whoever ends the iteration ends the synthesis, and no health is judged by it")
    func cancelled() async throws {
        let endless = ScriptedSynthesizer(chunks: [[1], [2]], endsItself: false)
        let (session, board) = try await session(endless)
        do {
            var audio = session.synthesize("Hello.").makeAsyncIterator()
            #expect(try await audio.next() == [1])
        }
        await endless.cancelled()
        #expect(board.breaker(of: "one").state == .closed)
        session.close()
    }

    @Test("a kept phrase comes at once, whatever the health of its engine")
    func kept() async throws {
        let engine = ScriptedSynthesizer(chunks: [[1], [2]])
        let cached = PhraseCachingSynthesizer(engine, cache: PhraseCache(capacity: 1000))
        let (session, _) = try await session(cached)
        #expect(try await collect(session.synthesize("Hello.")) == [1, 2])
        #expect(session.keptAudio(of: "Hello.") == [1, 2])
        #expect(try await collect(session.synthesize("Hello.")) == [1, 2])
        #expect(engine.texts.count == 1)
        session.close()
    }

    @Test("what was measured is told by provider")
    func measures() async throws {
        let (session, _) = try await session(ScriptedSynthesizer(chunks: [[UInt8](repeating: 1, count: 8000)]))
        _ = try await collect(session.synthesize("Hello."))
        #expect(
            events.all.map(\.event) == [
                .took(.connect, .zero), .took(.firstAudio, .zero), .ended(.answered), .realTimeFactor(0),
            ])
        #expect(Set(events.all.map(\.provider)) == ["one"])
        session.close()
    }
}

/// What a board told its observer.
final class ProviderEvents: Sendable {
    private let events = Lock<[(provider: String, event: ProviderEvent)]>([])

    var observer: ProviderBoard.Observer {
        { provider, _, event in self.events.withLock { $0.append((provider, event)) } }
    }

    var all: [(provider: String, event: ProviderEvent)] { events.withLock { $0 } }
}
