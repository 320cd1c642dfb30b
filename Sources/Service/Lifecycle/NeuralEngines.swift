import Logging
import Metrics
import Networking
import Speech

/// The neural models of this process, where they are configured and installed.
final class NeuralEngines: Sendable {
    private let logger: Logger
    /// nil where it is not asked for.
    private let silero: Result<SileroModel, SpeechError>?
    /// Likewise.
    private let moonshine: Result<MoonshineModel, SpeechError>?
    /// Likewise.
    private let smartTurn: Result<SmartTurnModel, SpeechError>?
    /// What runs the voice detector for a loop's calls.
    private let detections = Lock<[ObjectIdentifier: VoiceDetection]>([:])

    /// The models of `other`, for the loops of one service more.
    init(sharing other: NeuralEngines, logger: Logger) {
        self.logger = logger
        silero = other.silero
        moonshine = other.moonshine
        smartTurn = other.smartTurn
    }

    /// Loads what the configuration names. What cannot be loaded is in the log, and what is built in serves.
    init(_ speech: ParleyConfiguration.Speech, logger: Logger) {
        self.logger = logger
        let files = NeuralFiles(directory: speech.neuralModels)
        let hearsTwice = speech.secondRecognizer == .moonshine && speech.recognizers.contains(.embedded)
        let runtime =
            speech.voiceDetector == .silero || hearsTwice || speech.endOfTurn == .smartTurn
            ? Result { () throws(SpeechError) in try OnnxRuntime(library: files.library) } : nil
        silero =
            speech.voiceDetector != .silero
            ? nil
            : runtime?.flatMap { runtime in
                let failures = Counter(label: "parley_voice_detector_failures_total")
                return Result { () throws(SpeechError) in
                    try SileroModel(files, runtime: runtime) { error in
                        failures.increment()
                        logger.error(
                            "voice detector failed; the built-in one takes over", metadata: ["reason": "\(error)"])
                    }
                }
            }
        moonshine =
            !hearsTwice
            ? nil
            : runtime?.flatMap { runtime in
                let failures = Counter(label: "parley_second_recognizer_failures_total")
                return Result { () throws(SpeechError) in
                    try MoonshineModel(files, runtime: runtime) { error in
                        failures.increment()
                        logger.error(
                            "second recognizer failed; the first one's words stand", metadata: ["reason": "\(error)"])
                    }
                }
            }
        smartTurn =
            speech.endOfTurn != .smartTurn
            ? nil
            : runtime?.flatMap { runtime in
                Result { () throws(SpeechError) in try SmartTurnModel(files, runtime: runtime, logger: logger) }
            }
        func warn(_ key: String, _ instead: String, _ error: SpeechError?) {
            guard let error else { return }
            logger.warning(
                "\(key) cannot be used; \(instead)", metadata: ["reason": "\(error)", "advice": "\(Self.advice)"])
        }
        warn("speech.voice_detector: silero", "the built-in detector serves", silero?.failure)
        warn("speech.second_recognizer: moonshine", "PocketSphinx hears alone", moonshine?.failure)
        warn("speech.end_of_turn: smart_turn", "words and pauses decide alone", smartTurn?.failure)
    }

    /// Hears whether a caller has finished.
    var endOfTurnModel: SmartTurnModel? { try? smartTurn?.get() }

    /// Ends the threads of the models, after the last call.
    func close() { endOfTurnModel?.close() }

    /// What operators watch of the models.
    var samples: [PrometheusSample] { Self.samples(of: [self]) }

    /// Likewise, of several added up.
    static func samples(of engines: [NeuralEngines]) -> [PrometheusSample] {
        let models = engines.compactMap(\.endOfTurnModel)
        guard !models.isEmpty else { return [] }
        func total(_ count: (SmartTurnModel) -> Int) -> Int { models.reduce(0) { $0 + count($1) } }
        return [
            .counter("parley_end_of_turn_questions_refused_total", total { $0.refusedCount }),
            .counter("parley_end_of_turn_questions_late_total", total { $0.lateCount }),
            .counter("parley_end_of_turn_questions_failed_total", total { $0.failedCount }),
        ]
    }

    /// Hears once more what the embedded recognizer has heard.
    var secondRecognizer: MoonshineModel? { try? moonshine?.get() }

    func voiceDetection(on loop: EventLoop) -> VoiceDetection {
        guard let silero = try? silero?.get() else { return .builtIn }
        return detections.withLock { detections in
            if let detection = detections[ObjectIdentifier(loop)] { return detection }
            var detection = VoiceDetection.builtIn
            do { detection = .silero(try SileroBatch(silero)) } catch {
                logger.error(
                    "voice detector could not be set up; the built-in one serves", metadata: ["reason": "\(error)"])
            }
            detections[ObjectIdentifier(loop)] = detection
            return detection
        }
    }

    /// What listens for voices, what hears a second time, and what ends a turn, for people.
    var report: (voices: String, words: String, turns: String) {
        let voices =
            switch silero {
            case nil: "built-in"
            case .success(let model): "Silero on ONNX Runtime \(model.runtimeVersion)"
            case .failure(let error): "built-in, because Silero cannot be used: \(error); \(Self.advice)"
            }
        let words =
            switch moonshine {
            case nil: "none asked for"
            case .success: "Moonshine"
            case .failure(let error): "none, because Moonshine cannot be used: \(error); \(Self.advice)"
            }
        let turns =
            switch smartTurn {
            case nil: "words and pauses"
            case .success: "words, pauses and Smart Turn"
            case .failure(let error): "words and pauses, because Smart Turn cannot be used: \(error); \(Self.advice)"
            }
        return (voices, words, turns)
    }

    static let advice = "scripts/setup fetches its files into .cache/neural"
}

extension Result {
    fileprivate var failure: Failure? {
        if case .failure(let error) = self { error } else { nil }
    }
}
