package import Foundation

/// Where the neural models and the library that runs them are, as `scripts/setup` fetches them.
package struct NeuralFiles: Sendable, Equatable {
    package let directory: URL

    package init(directory: String) { self.directory = URL(fileURLWithPath: directory, isDirectory: true) }

    /// ONNX Runtime.
    package var library: URL { directory.appending(path: "libonnxruntime.so") }
    /// Silero VAD.
    package var silero: URL { directory.appending(path: "silero_vad.onnx") }
    /// Smart Turn.
    package var smartTurn: URL { directory.appending(path: "smart_turn.onnx") }

    /// Moonshine's encoder, decoder, and the spelling of its tokens.
    package var moonshineEncoder: URL { directory.appending(path: "moonshine_encoder.ort") }
    package var moonshineDecoder: URL { directory.appending(path: "moonshine_decoder.ort") }
    package var moonshineTokens: URL { directory.appending(path: "moonshine_tokens.bin") }

    /// all-MiniLM-L6-v2, and the pieces of words that it knows.
    package var sentences: URL { directory.appending(path: "sentences.onnx") }
    package var sentencePieces: URL { directory.appending(path: "sentence_pieces.json") }

    /// Whether voice activity can be heard with Silero.
    package var hasSilero: Bool { Self.exist(library, silero) }
    /// Whether the end of a turn can be judged by its sound.
    package var hasSmartTurn: Bool { Self.exist(library, smartTurn) }
    /// Whether words can be heard with Moonshine.
    package var hasMoonshine: Bool { Self.exist(library, moonshineEncoder, moonshineDecoder, moonshineTokens) }

    /// Whether sentences can be compared by what they mean.
    package var hasSentences: Bool { Self.exist(library, sentences, sentencePieces) }

    private static func exist(_ files: URL...) -> Bool {
        files.allSatisfy { FileManager.default.fileExists(atPath: $0.path) }
    }
}
