import Foundation

/// Moonshine (tiny, English): a neural recognizer of whole utterances, trained on speech of every kind.
///
/// An encoder makes a row of 288 numbers of every 24 ms of sound, a decoder writes text token by token, looking at those
/// rows and at what it wrote. Its files come out of the wheel `moonshine-voice` (MIT licence). One for the process.
package final class MoonshineModel: Sendable {
    /// Of the decoder; what the files hold.
    enum Shape {
        static let layers = 6
        static let heads = 8
        static let headSize = 36
        static let width = 288
        /// Samples a second.
        static let rate = 16_000
    }

    /// The least it can make anything of, in samples at 16 kHz: a fifth of a second.
    static let leastSamples = 3_200
    /// What is longer is not heard, in samples at 16 kHz: memory grows with it.
    static let mostSamples = 12 * Shape.rate

    let spelling: MoonshineSpelling
    let encoder: OnnxSession
    let decoder: OnnxSession
    let runtime: OnnxRuntime
    let onFailure: @Sendable (SpeechError) -> Void

    /// - Parameter onFailure: told when the model could not hear an utterance; the first recognizer's words stand then.
    /// - Throws: `invalidModel` when a file is absent or damaged.
    package init(
        _ files: NeuralFiles, runtime: OnnxRuntime, onFailure: @escaping @Sendable (SpeechError) -> Void
    ) throws(SpeechError) {
        self.onFailure = onFailure
        spelling = try MoonshineSpelling(files.moonshineTokens)
        encoder = try OnnxSession(model: files.moonshineEncoder, runtime: runtime)
        decoder = try OnnxSession(model: files.moonshineDecoder, runtime: runtime)
        self.runtime = runtime
        let inputs = 4 + 4 * Shape.layers
        guard encoder.inputCount == 2, decoder.inputCount == inputs, decoder.outputCount == 1 + 4 * Shape.layers else {
            throw OnnxRuntime.failure(
                "load", .invalidModel,
                "\(files.moonshineDecoder.path) has \(decoder.inputCount) inputs instead of \(inputs): not Moonshine tiny"
            )
        }
    }

    /// Rows that the encoder makes of so many samples: three convolutions, of 127 samples every 64, 7 every 3, 3 every 2.
    static func frames(of samples: Int) -> Int { (((samples - 127) / 64 + 1 - 7) / 3 + 1 - 3) / 2 + 1 }
}
