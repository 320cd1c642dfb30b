/// One utterance in Moonshine's hands: several texts for it at once, each growing token by token.
///
/// What the model computed of the utterance and of the texts so far is kept, so that a step costs the same whatever was
/// written before. Belongs to one thread.
final class MoonshineDecoding {
    private typealias Shape = MoonshineModel.Shape

    private let model: MoonshineModel
    /// Texts at once.
    private let width: Int
    private let frames: Int
    /// Tokens written so far.
    private var length = 0
    private let limit: Int
    private let hidden: OnnxBuffer<Float>
    private let mask: OnnxBuffer<Int64>
    private let tokens: OnnxBuffer<Int64>
    private let isContinued: OnnxBuffer<Bool>
    private let scores: OnnxBuffer<Float>
    /// Of each layer, what it knows of the sound: keys and values.
    private let sound: [OnnxBuffer<Float>]
    /// Of each layer, what it knows of the texts: keys and values, before the next step and after it.
    private let past: [OnnxBuffer<Float>]
    private let present: [OnnxBuffer<Float>]

    /// Runs the encoder.
    ///
    /// - Parameters:
    ///   - samples: 16 kHz, -1...1; ``MoonshineModel/leastSamples`` to ``MoonshineModel/mostSamples``.
    ///   - width: texts at once, 1...16.
    ///   - limit: tokens in a text at most.
    init(_ model: MoonshineModel, samples: [Float], width: Int, limit: Int) throws(SpeechError) {
        precondition((MoonshineModel.leastSamples...MoonshineModel.mostSamples).contains(samples.count))
        self.model = model
        self.width = width
        self.limit = limit
        frames = MoonshineModel.frames(of: samples.count)
        let soundSize = Shape.heads * frames * Shape.headSize
        let textSize = Shape.heads * (limit + 1) * Shape.headSize
        hidden = OnnxBuffer(count: width * frames * Shape.width)
        mask = OnnxBuffer(count: width * frames)
        tokens = OnnxBuffer(count: width)
        isContinued = OnnxBuffer(count: 1)
        scores = OnnxBuffer(count: width * model.spelling.tokenCount)
        sound = (0..<2 * Shape.layers).map { _ in OnnxBuffer(count: width * soundSize) }
        past = (0..<2 * Shape.layers).map { _ in OnnxBuffer(count: width * textSize) }
        present = (0..<2 * Shape.layers).map { _ in OnnxBuffer(count: width * textSize) }
        mask.fill(1)
        try encode(samples)
    }

    private func encode(_ samples: [Float]) throws(SpeechError) {
        let input = OnnxBuffer<Float>(count: samples.count)
        let heard = OnnxBuffer<Int64>(count: samples.count)
        input.write(samples, samples.indices, at: 0)
        heard.fill(1)
        let runtime = model.runtime
        try OnnxRun(
            model.encoder,
            inputs: [
                ("input_values", OnnxTensor(input, shape: [1, samples.count], runtime: runtime)),
                ("attention_mask", OnnxTensor(heard, shape: [1, samples.count], runtime: runtime)),
            ],
            outputs: [("last_hidden_state", OnnxTensor(hidden, shape: [1, frames, Shape.width], runtime: runtime))]
        ).run()
    }

    /// Looks at the sound and says how likely each token is to be the first; the one text is empty.
    func begin() throws(SpeechError) {
        isContinued[0] = false
        tokens[0] = Int64(MoonshineSpelling.start)
        try run(texts: 1)
        // From now on there are several texts, and the sound is the same for all.
        hidden.repeatHead(count: frames * Shape.width, times: width)
        for layer in sound { layer.repeatHead(count: Shape.heads * frames * Shape.headSize, times: width) }
        isContinued[0] = true
    }

    /// Writes one more token to each text.
    ///
    /// - Parameter next: for each text, which of the texts before it continues, and with which token. At most `width`.
    /// - Returns: false when the texts have reached their limit.
    func step(_ next: [(text: Int, token: Int)]) throws(SpeechError) -> Bool {
        precondition(!next.isEmpty && next.count <= width, "as many texts as there is room for")
        guard length < limit else { return false }
        let row = Shape.heads * length * Shape.headSize
        for index in past.indices {
            for place in 0..<width {
                let source = place < next.count ? next[place].text : next[0].text
                past[index].copy(from: present[index], at: source * row, count: row, to: place * row)
            }
        }
        for place in 0..<width { tokens[place] = Int64(place < next.count ? next[place].token : next[0].token) }
        try run(texts: width)
        return true
    }

    /// Of a text, natural logarithms of how likely each token is next, not yet normalised.
    func withScores<Result>(of text: Int, _ body: (UnsafeBufferPointer<Float>) -> Result) -> Result {
        let count = model.spelling.tokenCount
        return unsafe scores.withElements(text * count..<(text + 1) * count, body)
    }

    private func run(texts: Int) throws(SpeechError) {
        let (runtime, names) = (model.runtime, Self.names)
        func tensor(_ buffer: OnnxBuffer<Float>, _ rows: Int) throws(SpeechError) -> OnnxTensor {
            try OnnxTensor(buffer, shape: [texts, Shape.heads, rows, Shape.headSize], runtime: runtime)
        }
        var inputs = [
            ("encoder_attention_mask", try OnnxTensor(mask, shape: [texts, frames], runtime: runtime)),
            ("input_ids", try OnnxTensor(tokens, shape: [texts, 1], runtime: runtime)),
            ("encoder_hidden_states", try OnnxTensor(hidden, shape: [texts, frames, Shape.width], runtime: runtime)),
            ("use_cache_branch", try OnnxTensor(isContinued, shape: [1], runtime: runtime)),
        ]
        var outputs = [
            ("logits", try OnnxTensor(scores, shape: [texts, 1, model.spelling.tokenCount], runtime: runtime))
        ]
        for index in past.indices {
            inputs.append((names.past[index], try tensor(past[index], length)))
            inputs.append((names.pastSound[index], try tensor(sound[index], isContinued[0] ? frames : 0)))
            outputs.append((names.present[index], try tensor(present[index], length + 1)))
            if !isContinued[0] { outputs.append((names.presentSound[index], try tensor(sound[index], frames))) }
        }
        try OnnxRun(model.decoder, inputs: inputs, outputs: outputs).run()
        length += 1
    }

    private static let names = Names()

    /// The names that the decoder has for what it keeps, keys before values in each layer.
    private struct Names: Sendable {
        let past = Names.all("past_key_values", "decoder")
        let pastSound = Names.all("past_key_values", "encoder")
        let present = Names.all("present", "decoder")
        let presentSound = Names.all("present", "encoder")

        private static func all(_ time: String, _ part: String) -> [String] {
            (0..<Shape.layers).flatMap { ["\(time).\($0).\(part).key", "\(time).\($0).\(part).value"] }
        }
    }
}
