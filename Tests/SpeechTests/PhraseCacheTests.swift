import AudioCore
import Networking
import Testing

@testable import Speech

@Suite("Phrase cache")
struct PhraseCacheTests {
    /// Everything in `audio`, chunk by chunk.
    private func chunks(_ audio: SynthesizedAudio) async throws -> [[UInt8]] {
        var chunks: [[UInt8]] = []
        for try await chunk in audio { chunks.append(chunk) }
        return chunks
    }

    private func open(
        _ engine: ScriptedSynthesizer, _ cache: PhraseCache, voice: String = "slt", format: AudioFormat = .telephone
    ) async throws -> any SynthesisSession {
        try await PhraseCachingSynthesizer(engine, cache: cache).makeSession(voice: voice, format: format)
    }

    @Test("a sentence is synthesised once, passed on as it comes, and then comes whole")
    func repetition() async throws {
        let uses = UseRecorder()
        let cache = PhraseCache(capacity: 1000) { uses.add($0) }
        let engine = ScriptedSynthesizer(chunks: [[1, 2], [3], [4, 5, 6]])
        let first = try await open(engine, cache)
        #expect(try await chunks(first.synthesize("Good day.")) == [[1, 2], [3], [4, 5, 6]])
        // Another call's session shares what is kept.
        let second = try await open(engine, cache)
        #expect(try await chunks(second.synthesize("Good day.")) == [[1, 2, 3, 4, 5, 6]])
        #expect(engine.texts == ["Good day."])
        #expect(uses.all == [.miss, .kept(bytes: 6), .hit])
    }

    @Test("voice, text and format tell sentences apart")
    func keys() async throws {
        let cache = PhraseCache(capacity: 1000)
        let engine = ScriptedSynthesizer(chunks: [[1]])
        let wide = AudioFormat(encoding: .linear16, sampleRate: 16000)
        for (voice, format) in [("slt", AudioFormat.telephone), ("rms", .telephone), ("slt", wide)] {
            let session = try await open(engine, cache, voice: voice, format: format)
            for text in ["Yes.", "No.", "Yes."] { _ = try await chunks(session.synthesize(text)) }
        }
        #expect(engine.texts == ["Yes.", "No.", "Yes.", "No.", "Yes.", "No."])
        #expect(cache.byteCount == 6)
    }

    @Test("a sentence that failed is not kept")
    func failure() async throws {
        let cache = PhraseCache(capacity: 1000)
        let error = SpeechError(.unavailable, operation: "synthesize", provider: "test", detail: "broke off")
        let engine = ScriptedSynthesizer(chunks: [[1], [2]], error: error)
        let session = try await open(engine, cache)
        for _ in 0..<2 {
            await #expect(throws: error) { _ = try await chunks(session.synthesize("Hello.")) }
        }
        #expect(engine.texts.count == 2)
        #expect(cache.byteCount == 0)
    }

    @Test("a sentence that nobody heard to its end is not kept")
    func abandonment() async throws {
        let cache = PhraseCache(capacity: 1000)
        let engine = ScriptedSynthesizer(chunks: [[1], [2]])
        let session = try await open(engine, cache)
        for try await _ in session.synthesize("Hello.") { break }
        #expect(cache.byteCount == 0)
        #expect(try await chunks(session.synthesize("Hello.")) == [[1], [2]])
        #expect(cache.byteCount == 2)
    }

    @Test("cancelling the task that listens cancels the engine and keeps nothing")
    func cancellation() async throws {
        let cache = PhraseCache(capacity: 1000)
        let engine = ScriptedSynthesizer(chunks: [[1]], endsItself: false)
        let session = try await open(engine, cache)
        let (heard, hears) = AsyncStream.makeStream(of: Void.self)
        let listening = Task {
            for try await _ in session.synthesize("Hello.") { hears.yield() }
        }
        for await _ in heard { break }
        listening.cancel()
        _ = await listening.result
        await engine.cancelled()
        #expect(cache.byteCount == 0)
    }

    @Test("what is kept needs no engine, and an engine that cannot be opened shows at the first other sentence")
    func deadEngine() async throws {
        let cache = PhraseCache(capacity: 1000)
        _ = try await chunks(open(ScriptedSynthesizer(chunks: [[7]]), cache).synthesize("Good day."))
        let refusal = SpeechError(.refused, operation: "open session", provider: "test", detail: "wrong key")
        let session = try await open(ScriptedSynthesizer(chunks: [], refusal: refusal), cache)
        #expect(try await chunks(session.synthesize("Good day.")) == [[7]])
        await #expect(throws: refusal) { _ = try await chunks(session.synthesize("Anything else.")) }
    }

    @Test("of a phrase that is kept nobody knows the pace, and nobody waits for an engine that never opens")
    func pace() async throws {
        let cache = PhraseCache(capacity: 1000)
        let first = try await open(ScriptedSynthesizer(chunks: [[7]]), cache)
        _ = try await chunks(first.synthesize("Good day."))
        #expect(await first.pace(of: "Good day.")?.share(at: 1) == 1)
        #expect(await first.pace(of: "Good night.") == nil)
        _ = try await chunks(first.synthesize("Good day."))
        #expect(await first.pace(of: "Good day.") == nil, "what is kept may be another take")

        let isOver = Lock(false)
        let opening = Task<any SynthesisSession, any Error> {
            defer { isOver.withLock { $0 = true } }
            try await Task.sleep(for: .seconds(60))
            throw CancellationError()
        }
        defer { opening.cancel() }
        let second = PhraseCachingSession(
            name: "", voice: "slt", format: .telephone, cache: cache, archive: nil, opening: opening)
        #expect(try await chunks(second.synthesize("Good day.")) == [[7]])
        #expect(await second.pace(of: "Good day.") == nil)
        #expect(!isOver.withLock { $0 }, "it was not waited for")
    }

    @Test("a sentence longer than all the room is spoken and not kept")
    func tooLong() async throws {
        let cache = PhraseCache(capacity: 3)
        let engine = ScriptedSynthesizer(chunks: [[1, 2], [3, 4]])
        let session = try await open(engine, cache)
        #expect(try await chunks(session.synthesize("Long.")) == [[1, 2], [3, 4]])
        #expect(cache.byteCount == 0)
    }

    @Test("an empty sentence is no entry")
    func empty() async throws {
        let uses = UseRecorder()
        let cache = PhraseCache(capacity: 10) { uses.add($0) }
        let session = try await open(ScriptedSynthesizer(chunks: []), cache)
        #expect(try await chunks(session.synthesize("…")).isEmpty)
        #expect(uses.all == [.miss])
    }

    @Test("closing a session closes the engine's")
    func closing() async throws {
        let engine = ScriptedSynthesizer(chunks: [])
        let session = try await open(engine, PhraseCache(capacity: 10))
        session.close()
        await engine.closed()
    }
}

@Suite("Recency cache")
struct RecencyCacheTests {
    @Test("the one unused for longest makes room")
    func eviction() {
        var cache = RecencyCache<String>(capacity: 6)
        for key in ["a", "b", "c"] { cache.insert([1, 2], for: key) }
        #expect(cache.value(for: "a") == [1, 2])
        cache.insert([3, 4, 5], for: "d")
        // Three bytes need the room of two entries; "a" was used last.
        #expect(cache.value(for: "b") == nil)
        #expect(cache.value(for: "c") == nil)
        #expect(cache.value(for: "a") == [1, 2])
        #expect(cache.value(for: "d") == [3, 4, 5])
        #expect(cache.byteCount == 5)
    }

    @Test("a new value replaces the old one's bytes, and one without room changes nothing else")
    func replacement() {
        var cache = RecencyCache<String>(capacity: 6)
        cache.insert([1, 2, 3], for: "a")
        cache.insert([4], for: "a")
        cache.insert([5], for: "b")
        #expect(cache.value(for: "a") == [4])
        #expect(cache.byteCount == 2)
        cache.insert([UInt8](repeating: 0, count: 7), for: "c")
        #expect(cache.value(for: "c") == nil)
        #expect(cache.count == 2)
    }

    @Test("agrees with a plain list of uses over random operations")
    func model() {
        var generator = SystemRandomNumberGenerator()
        var cache = RecencyCache<Int>(capacity: 40)
        var uses: [(key: Int, value: [UInt8])] = []
        for _ in 0..<5000 {
            let key = Int.random(in: 0..<20, using: &generator)
            let place = uses.firstIndex { $0.key == key }
            if Bool.random(using: &generator) {
                #expect(cache.value(for: key) == place.map { uses[$0].value })
                if let place { uses.append(uses.remove(at: place)) }
            } else {
                let value = [UInt8](repeating: UInt8(key), count: Int.random(in: 1...9, using: &generator))
                cache.insert(value, for: key)
                if let place { uses.remove(at: place) }
                uses.append((key, value))
                while uses.reduce(0, { $0 + $1.value.count }) > 40 { uses.removeFirst() }
            }
            #expect(cache.count == uses.count)
            #expect(cache.byteCount == uses.reduce(0) { $0 + $1.value.count })
        }
    }
}
