package import AudioCore
import Dispatch
import Foundation
package import Logging

/// The embedded recognizer: PocketSphinx with a telephone-band model, on a bounded pool of decoder threads.
///
/// Calls share the decoders; each utterance has one from ``RecognitionSession/beginUtterance(_:context:)`` to its final
/// result. One recognizer for the process.
package final class PocketSphinxRecognizer: SpeechRecognizer {
    private let configuration: PocketSphinxConfiguration
    private let pool: DecoderPool
    private let second: SecondHearing?
    private let tasks = Protected<[SpeechVocabulary: TaskModel]>([:])

    package let capabilities = RecognizerCapabilities(
        providesInterims: true, detectsEndOfTurn: false, isContinuous: false)

    /// Derives the telephone-band model, on the first run, and starts the decoder threads.
    ///
    /// - Parameter second: hears every utterance once more, where it is installed.
    /// - Throws: ``SpeechError/Code/invalidModel`` when the installed models are absent or damaged, or the cache
    ///   cannot be written.
    package init(
        configuration: PocketSphinxConfiguration, second: MoonshineModel? = nil, logger: Logger
    ) throws(SpeechError) {
        precondition((1...512).contains(configuration.decoderCount), "1...512 decoders")
        SphinxDecoder.silenceLibrary()
        self.configuration = configuration
        self.second = second.map(SecondHearing.init)
        let model = try TelephoneBandModel(
            acousticModel: configuration.models.appending(path: "en-us"), cache: configuration.cache)
        pool = DecoderPool(
            count: configuration.decoderCount, model: model, search: configuration.search, logger: logger)
    }

    /// Utterances refused because every decoder was busy.
    package var refusedCount: Int { pool.refusedCount }
    /// Decoders that are free.
    package var idleCount: Int { pool.idleCount }

    /// Whether every decoder that is free has loaded `task`.
    func hasLoaded(_ task: TaskModel) -> Bool { pool.hasLoaded(task) }

    /// Compiles the language of a task and loads it into every decoder: about a second for a large one. Before the
    /// first call, so that no caller waits for it.
    package func prepare(_ vocabulary: SpeechVocabulary) async throws(SpeechError) {
        try await pool.prepare(task(for: vocabulary))
    }

    /// As ``prepare(_:)``, one decoder after the other and on a thread that may be busy for seconds: those who speak
    /// meanwhile find the other decoders. Where there is one decoder only, an utterance that begins while it loads, a
    /// fraction of a second, is refused.
    package func prepareDuringCalls(_ vocabulary: SpeechVocabulary) async throws(SpeechError) {
        let compiled: Result<TaskModel, SpeechError> = await withCheckedContinuation { continuation in
            DispatchQueue.global(qos: .utility).async { [self] in
                continuation.resume(
                    returning: Result { () throws(SpeechError) in try task(for: vocabulary) })
            }
        }
        try await pool.prepareInTurn(try compiled.get())
    }

    /// Opens a session. A vocabulary that was not prepared is compiled here, which takes time.
    package func makeSession(
        format: AudioFormat, vocabulary: SpeechVocabulary, sink: @escaping @Sendable (RecognitionEvent) -> Void
    ) throws(SpeechError) -> any RecognitionSession {
        guard let decoding = SampleDecoding(format) else {
            throw SpeechError(
                .refused, operation: "open session", provider: "pocketsphinx",
                detail: "cannot hear \(format); it hears 8 kHz G.711")
        }
        return PocketSphinxSession(
            task: try task(for: vocabulary), decoding: decoding, configuration: configuration, pool: pool,
            second: second, sink: sink)
    }

    /// Ends the decoder threads. Sessions must have been closed.
    package func close() { pool.close() }

    private func task(for vocabulary: SpeechVocabulary) throws(SpeechError) -> TaskModel {
        if let task = tasks.withLock({ $0[vocabulary] }) { return task }
        let task = try TaskModel(vocabulary, configuration: configuration)
        tasks.withLock { $0[vocabulary] = task }
        return task
    }
}
