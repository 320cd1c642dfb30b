import AudioCore
import Codecs
import Foundation
import Logging

@testable import Speech

/// A recognizer of two decoders that knows four sentences, made once for all tests, and recordings that say them.
struct SmallTask {
    static let vocabulary = SpeechVocabulary(
        contexts: [
            .init(
                name: "open",
                sentences: [
                    "set it to {number}", "please cancel my appointment for {day}", "what time do you close",
                    "thank you goodbye",
                ])
        ],
        classes: ["number": ["sixty", "seventy"], "day": ["tomorrow", "friday"]])

    static let decoderCount = 2

    /// Gone with the process.
    private static let cache: URL = {
        atexit { try? FileManager.default.removeItem(at: SmallTask.cache) }
        return FileManager.default.temporaryDirectory.appending(path: "parley-test-\(UUID().uuidString)")
    }()

    static let configuration: PocketSphinxConfiguration = {
        var configuration = PocketSphinxConfiguration(
            cache: cache)
        configuration.decoderCount = decoderCount
        configuration.language.backgroundWords = 50
        return configuration
    }()

    /// Never closed: its threads end with the process.
    static let recognizer = Result {
        try PocketSphinxRecognizer(
            configuration: configuration, logger: Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() }))
    }

    /// A recording of the tuning split, µ-law.
    static func clip(_ name: String, _ condition: String = "clean") throws -> [UInt8] {
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
        let path = root.appending(path: "audio-fixtures/\(condition)/\(name).wav").path
        return try AudioClip(wavFile: path).samples.map(MuLaw.encode)
    }
}

/// A call: what the media loop would do, and what the recognizer answers.
final class SmallCall: Sendable {
    let session: any RecognitionSession
    /// Everything the session said so far.
    private let log: Protected<[RecognitionEvent]>
    private let results: AsyncStream<RecognitionEvent>

    init(_ recognizer: PocketSphinxRecognizer? = nil) throws {
        let log = Protected<[RecognitionEvent]>([])
        // Not bounded: one result for each utterance of a test.
        let (results, continuation) = AsyncStream.makeStream(of: RecognitionEvent.self)
        session = try (recognizer ?? SmallTask.recognizer.get()).makeSession(
            format: .telephone, vocabulary: SmallTask.vocabulary
        ) { event in
            log.withLock { $0.append(event) }
            switch event {
            case .interim, .provisional: break
            default: continuation.yield(event)
            }
        }
        self.log = log
        self.results = results
    }

    var events: [RecognitionEvent] { log.withLock { $0 } }

    /// What arrives from the line, in frames of 20 ms.
    func hear(_ audio: some RandomAccessCollection<UInt8>) {
        let bytes = Array(audio)
        for start in stride(from: 0, to: bytes.count, by: 160) {
            session.inlet.write(Array(bytes[start..<min(start + 160, bytes.count)]).span)
            session.audioArrived()
        }
    }

    /// The whole of a recording as one utterance, up to the pause that may end it.
    func say(_ clip: [UInt8], as id: UtteranceID) {
        hear(clip.prefix(2400))
        session.beginUtterance(id, context: "open")
        hear(clip.dropFirst(2400))
        session.pauseUtterance(id)
    }

    /// The next result, of whichever utterance.
    func result() async -> RecognitionEvent? {
        for await result in results { return result }
        return nil
    }

    /// Until the decoder has taken all audio but what it is not woken for: less than 60 ms while the caller speaks.
    func taken(leaving samples: Int = 0) async {
        while session.inlet.count > samples, !Task.isCancelled { await Task.yield() }
    }
}

extension RecognitionEvent {
    var transcript: Transcript? { if case .final(let transcript) = self { transcript } else { nil } }
}
