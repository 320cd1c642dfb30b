import Logging
import Metrics
import Networking
import Speech

/// The neural models of this process, where they are configured and installed.
final class NeuralEngines: Sendable {
    private let silero: SileroModel?
    private let logger: Logger
    /// What runs the model for a loop's calls.
    private let detections = Lock<[ObjectIdentifier: VoiceDetection]>([:])

    /// Loads what the configuration names. What cannot be loaded is in the log, and the built-in detector serves.
    init(_ speech: ParleyConfiguration.Speech, logger: Logger) {
        self.logger = logger
        guard speech.voiceDetector == .silero else {
            silero = nil
            return
        }
        let failures = Counter(label: "parley_voice_detector_failures_total")
        do {
            silero = try Self.load(speech) { error in
                failures.increment()
                logger.error("voice detector failed; the built-in one takes over", metadata: ["reason": "\(error)"])
            }
        } catch {
            silero = nil
            logger.warning(
                "speech.voice_detector: silero cannot be used; the built-in detector serves",
                metadata: ["reason": "\(error)", "advice": "\(Self.advice)"])
        }
    }

    func voiceDetection(on loop: EventLoop) -> VoiceDetection {
        guard let silero else { return .builtIn }
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

    /// What listens for voices under this configuration, for people.
    static func report(_ speech: ParleyConfiguration.Speech) -> String {
        guard speech.voiceDetector == .silero else { return "built-in" }
        do {
            let version = try load(speech) { _ in }.runtimeVersion
            return "Silero on ONNX Runtime \(version)"
        } catch {
            return "built-in, because Silero cannot be used: \(error); \(advice)"
        }
    }

    private static let advice = "scripts/setup fetches its files into .cache/neural"

    private static func load(
        _ speech: ParleyConfiguration.Speech, onFailure: @escaping @Sendable (SpeechError) -> Void
    ) throws(SpeechError) -> SileroModel {
        let files = NeuralFiles(directory: speech.neuralModels)
        return try SileroModel(files, runtime: OnnxRuntime(library: files.library), onFailure: onFailure)
    }
}
