import Networking
import Testing

@testable import Speech

@Suite("Audio begun before it was wanted is made again if it failed")
struct AudioRetryTests {
    private static let gone = SpeechError(.unavailable, operation: "speak", provider: "test", detail: "gone")

    private func audio(_ chunks: [[UInt8]], error: SpeechError? = nil) -> SynthesizedAudio {
        let (stream, continuation) = AsyncThrowingStream.makeStream(of: [UInt8].self)
        for chunk in chunks { continuation.yield(chunk) }
        continuation.finish(throwing: error)
        return SynthesizedAudio(stream)
    }

    private func collect(_ audio: SynthesizedAudio) async throws -> [UInt8] {
        var bytes: [UInt8] = []
        for try await chunk in audio { bytes += chunk }
        return bytes
    }

    @Test("what is there is used")
    func used() async throws {
        let retried = SynthesizedAudio(audio([[1], [2]])) {
            Issue.record("asked again"); return audio([])
        }
        #expect(try await collect(retried) == [1, 2])
    }

    @Test("a failure before any audio: one fresh try")
    func again() async throws {
        let retried = SynthesizedAudio(audio([], error: Self.gone)) { audio([[3], [4]]) }
        #expect(try await collect(retried) == [3, 4])
    }

    @Test("and only one")
    func once() async throws {
        let tries = Lock(0)
        let retried = SynthesizedAudio(audio([], error: Self.gone)) {
            tries.withLock { $0 += 1 }
            return audio([], error: Self.gone)
        }
        let error = await #expect(throws: SpeechError.self) { try await collect(retried) }
        #expect(error == Self.gone)
        #expect(tries.withLock { $0 } == 1)
    }

    @Test("once any of it was heard, nothing is said twice")
    func heard() async throws {
        let retried = SynthesizedAudio(audio([[1]], error: Self.gone)) {
            Issue.record("asked again"); return audio([])
        }
        await #expect(throws: SpeechError.self) { try await collect(retried) }
    }
}
