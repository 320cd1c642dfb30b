package import Agent
package import Logging
import Metrics
import Networking
import Speech

/// The sentence model of this process, where it is configured and installed.
package enum SentenceUnderstanding {
    /// By the directory of the model's files; one is loaded once.
    private static let loaded = Lock<[String: SentenceModel]>([:])
    /// What a tenant's callers and agents have said is remembered for that tenant alone.
    private static let memories = Lock<[Owner: SentenceMeanings]>([:])

    private struct Owner: Hashable {
        var directory: String
        var tenant: String?
    }

    /// What flows are to understand their callers by; nil for their words alone. Why the model cannot be used is in the log.
    package static func meanings(_ configuration: ParleyConfiguration, logger: Logger) -> SentenceMeanings? {
        guard configuration.agents.understanding == .sentences else { return nil }
        do throws(SpeechError) {
            let model = try load(configuration, logger: logger)
            let owner = Owner(directory: configuration.speech.neuralModels, tenant: configuration.tenant)
            return memories.withLock { memories in
                let meanings = memories[owner] ?? SentenceMeanings(SentenceEngine(model: model))
                memories[owner] = meanings
                return meanings
            }
        } catch {
            logger.warning(
                "agents.understanding: sentences cannot be used; flows understand by words alone",
                metadata: ["reason": "\(error)", "advice": "\(NeuralEngines.advice)"])
            return nil
        }
    }

    /// What flows understand by, for people.
    static func report(_ configuration: ParleyConfiguration, logger: Logger) -> String {
        guard configuration.agents.understanding == .sentences else { return "words" }
        do throws(SpeechError) {
            return try
                "sentences, with all-MiniLM-L6-v2 on ONNX Runtime \(load(configuration, logger: logger).runtimeVersion)"
        } catch {
            return "words, because the sentence model cannot be used: \(error); \(NeuralEngines.advice)"
        }
    }

    private static func load(_ configuration: ParleyConfiguration, logger: Logger) throws(SpeechError) -> SentenceModel
    {
        let directory = configuration.speech.neuralModels
        if let known = loaded.withLock({ $0[directory] }) { return known }
        let files = NeuralFiles(directory: directory)
        let failures = Counter(label: "parley_sentence_model_failures_total")
        let model = try SentenceModel(files, runtime: OnnxRuntime(library: files.library)) { error in
            failures.increment()
            logger.error("sentence model failed; the words served", metadata: ["reason": "\(error)"])
        }
        return loaded.withLock { loaded in
            // Whoever came first while this one was being read.
            let kept = loaded[directory] ?? model
            loaded[directory] = kept
            return kept
        }
    }
}

/// The model as agents know it.
private struct SentenceEngine: SentenceEncoder {
    let model: SentenceModel

    var dimensions: Int { SentenceModel.dimensions }

    func vectors(of sentences: [String]) -> [[Float]]? { model.vectors(of: sentences) }
}
