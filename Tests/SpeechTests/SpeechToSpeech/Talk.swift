import AudioCore
import Foundation
import Logging
import Networking
import Synchronization
import Testing

@testable import Speech

/// What a call would do with it.
struct Talk: Sendable {
    let call: RealtimeCall
    let ears: any RecognitionSession
    let voice: any SynthesisSession
    let heard: AsyncStream<RecognitionEvent>
    let loop: EventLoop
    let counters: RealtimeCounters
    /// Bytes of audio that came for sentences.
    let spoken = Lock(0)

    /// Says something for a second.
    func say(_ number: UInt32) async {
        let id = UtteranceID(number)
        await withCheckedContinuation { done in
            loop.post {
                ears.beginUtterance(id, context: "")
                for _ in 0..<50 {
                    ears.inlet.write([UInt8](repeating: 0x20, count: 160).span)
                    ears.audioArrived()
                }
                ears.finishUtterance(id)
                done.resume()
            }
        }
        // Asked only when the model has it, as a call does.
        for _ in 0..<500 {
            let isSent = await withCheckedContinuation { done in
                loop.post { done.resume(returning: call.utterance == nil) }
            }
            if isSent { return }
            try? await Task.sleep(for: .milliseconds(5))
        }
    }

    func ask(_ messages: [RealtimeMessage], tools: [RealtimeTool] = []) -> AsyncThrowingStream<
        RealtimeAnswerEvent, any Error
    > {
        let (events, continuation) = AsyncThrowingStream.makeStream(
            of: RealtimeAnswerEvent.self, throwing: (any Error).self)
        let question = RealtimeQuestion(instructions: "Be kind.", messages: messages, tools: tools)
        let giveUp = call.answer(question) { piece in
            switch piece {
            case .success(let event):
                continuation.yield(event)
                if case .finished = event { continuation.finish() }
            case .failure(let error): continuation.finish(throwing: error)
            }
        }
        continuation.onTermination = { if case .cancelled = $0 { giveUp() } }
        return events
    }

    /// The audio of a sentence, on the loop as a call asks for it.
    func speak(_ text: String, beginsReply: Bool = true) async throws -> Int {
        let audio = await withCheckedContinuation { done in
            loop.post {
                if beginsReply { voice.beginReply() }
                done.resume(returning: voice.synthesize(text))
            }
        }
        var bytes = 0
        for try await chunk in audio {
            bytes += chunk.count
            spoken.withLock { $0 += chunk.count }
        }
        return bytes
    }

    func onLoop(_ body: @escaping @Sendable () -> Void) async {
        await withCheckedContinuation { done in
            loop.post {
                body()
                done.resume()
            }
        }
    }

    static let logger = Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })

    /// Opens ears and voice of a call for the length of `body`.
    static func hold(
        _ call: RealtimeCall, _ loop: EventLoop, _ counters: RealtimeCounters, _ body: (Talk) async throws -> Void
    ) async throws {
        let (heard, feed) = AsyncStream.makeStream(of: RecognitionEvent.self)
        let ears = try RealtimeRecognizer(call).makeSession(
            format: .telephone, vocabulary: SpeechVocabulary(contexts: [])
        ) { feed.yield($0) }
        let voice = try await RealtimeSynthesizer(call, over: Silence()).makeSession(voice: "", format: .telephone)
        try await body(Talk(call: call, ears: ears, voice: voice, heard: heard, loop: loop, counters: counters))
        voice.close()
    }

    /// The other voice: 100 ms whatever is said.
    struct Silence: SpeechSynthesizer {
        func makeSession(voice: String, format: AudioFormat) async throws(SpeechError) -> any SynthesisSession {
            Session()
        }

        private final class Session: SynthesisSession {
            func synthesize(_ text: String) -> SynthesizedAudio {
                SynthesizedAudio([UInt8](repeating: 0xFF, count: 800))
            }
            func pace(of text: String) async -> SpokenPace? {
                var pace = SpokenPace(of: text)
                pace.append(text, endingAt: 800)
                return pace
            }
            func close() {}
        }
    }

    /// The text of an answer, and what else came.
    static func all(
        _ events: AsyncThrowingStream<RealtimeAnswerEvent, any Error>
    ) async throws -> (text: String, rest: [RealtimeAnswerEvent]) {
        var (text, rest) = ("", [RealtimeAnswerEvent]())
        for try await event in events {
            switch event {
            case .text(let piece): text += piece
            case .progress, .textEnded: break
            default: rest.append(event)
            }
        }
        return (text, rest)
    }

    static func untilSo(_ isSo: () -> Bool) async throws {
        for _ in 0..<500 where !isSo() { try await Task.sleep(for: .milliseconds(10)) }
        #expect(isSo())
    }
}
