import Foundation
import Logging
import Speech

/// What hears, speaks and listens inside this program: decoders, voices and neural models.
///
/// It keeps nothing of a call. Services may share one: a decoder and a voice are one utterance's at a time, and the language
/// of a task is found by its whole content.
final class EmbeddedEngines: Sendable {
    /// Nil where nobody asks for it.
    let recognizer: PocketSphinxRecognizer?
    /// Likewise.
    let voice: FliteSynthesizer?
    let neural: NeuralEngines

    /// - Throws: when the recognizer's models are absent or damaged.
    init(_ speech: ParleyConfiguration.Speech, logger: Logger) throws {
        neural = NeuralEngines(speech, logger: logger)
        if speech.recognizers.contains(.embedded) {
            var options = PocketSphinxConfiguration(cache: URL(fileURLWithPath: speech.models))
            options.models = URL(fileURLWithPath: speech.acousticModel)
            options.decoderCount = speech.decoders
            do {
                recognizer = try PocketSphinxRecognizer(
                    configuration: options, second: neural.secondRecognizer, logger: logger)
            } catch {
                // Whoever fails here may try again each minute, beside others.
                neural.close()
                throw error
            }
        } else {
            recognizer = nil
        }
        if speech.synthesizers.contains(.embedded) {
            var options = FliteConfiguration()
            options.workerCount = speech.voices
            voice = FliteSynthesizer(configuration: options, logger: logger)
        } else {
            voice = nil
        }
    }

    /// Ends the threads, after the last call of all who use them.
    func close() {
        neural.close()
        recognizer?.close()
        voice?.close()
    }
}
