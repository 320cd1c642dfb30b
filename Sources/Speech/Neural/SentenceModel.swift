/// all-MiniLM-L6-v2: turns a sentence into a vector whose direction is what it means.
///
/// One for the process. It computes on the thread that asks, some 2 ms for a sentence, and may be asked by several at a time.
package final class SentenceModel: Sendable {
    /// Numbers of a vector.
    package static let dimensions = 384

    /// Pieces of words that are read, those of start and end included; callers rarely say a third of it in one breath.
    private static let pieceLimit = 64

    private let session: OnnxSession
    private let pieces: WordPieces
    /// Told of each failed run.
    private let onFailure: @Sendable (SpeechError) -> Void

    /// Of the library that runs it.
    package var runtimeVersion: String { session.runtime.version }

    /// - Throws: `invalidModel` when a file is absent or damaged.
    package init(
        _ files: NeuralFiles, runtime: OnnxRuntime, onFailure: @escaping @Sendable (SpeechError) -> Void = { _ in }
    ) throws(SpeechError) {
        session = try OnnxSession(model: files.sentences, runtime: runtime)
        pieces = try WordPieces(file: files.sentencePieces)
        self.onFailure = onFailure
        // A file that is another model is told now, not in a call.
        _ = try vector(of: "hello")
    }

    /// The vector of each sentence, of length 1, in their order; nil when the model failed.
    ///
    /// One by one: the model rounds by what shares a run, and a sentence should mean the same wherever it stands.
    package func vectors(of sentences: [String]) -> [[Float]]? {
        do throws(SpeechError) {
            var vectors: [[Float]] = []
            for sentence in sentences { vectors.append(try vector(of: sentence)) }
            return vectors
        } catch {
            onFailure(error)
            return nil
        }
    }

    private func vector(of sentence: String) throws(SpeechError) -> [Float] {
        let pieces = pieces.numbers(of: sentence, limit: Self.pieceLimit)
        let (shape, runtime) = ([1, pieces.count], session.runtime)
        let numbers = OnnxBuffer<Int64>(count: pieces.count)
        let attention = OnnxBuffer<Int64>(count: pieces.count)
        let segments = OnnxBuffer<Int64>(count: pieces.count)
        let states = OnnxBuffer<Float>(count: pieces.count * Self.dimensions)
        numbers.write(pieces, pieces.indices, at: 0)
        attention.fill(1)
        try OnnxRun(
            session,
            inputs: [
                ("input_ids", OnnxTensor(numbers, shape: shape, runtime: runtime)),
                ("attention_mask", OnnxTensor(attention, shape: shape, runtime: runtime)),
                ("token_type_ids", OnnxTensor(segments, shape: shape, runtime: runtime)),
            ],
            outputs: [("last_hidden_state", OnnxTensor(states, shape: shape + [Self.dimensions], runtime: runtime))]
        ).run()
        return Self.mean(of: states, count: pieces.count)
    }

    /// The mean of a sentence's states, at length 1.
    private static func mean(of states: OnnxBuffer<Float>, count: Int) -> [Float] {
        var sum = [Float](repeating: 0, count: dimensions)
        for place in 0..<count * dimensions { sum[place % dimensions] += states[place] }
        let length = sum.reduce(0) { $0 + $1 * $1 }.squareRoot()
        return length > 0 ? sum.map { $0 / length } : sum
    }
}
