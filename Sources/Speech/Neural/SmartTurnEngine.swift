/// Judges one piece of audio at a time, on one worker's thread.
final class SmartTurnEngine: @unchecked Sendable {
    // @unchecked: made anywhere, used by one thread at a time.
    private let input: OnnxBuffer<Float>
    private let output: OnnxBuffer<Float>
    private let run: OnnxRun
    private let doubler = RateDoubler()
    private var logMel = LogMel()
    private var audio = [Float](repeating: 0, count: LogMel.sampleCount)
    private var features = [Float](repeating: 0, count: LogMel.bandCount * LogMel.frameCount)

    init(_ session: OnnxSession) throws(SpeechError) {
        let runtime = session.runtime
        input = OnnxBuffer(count: LogMel.bandCount * LogMel.frameCount)
        output = OnnxBuffer(count: 1)
        run = try OnnxRun(
            session,
            inputs: [
                (
                    "input_features",
                    OnnxTensor(input, shape: [1, LogMel.bandCount, LogMel.frameCount], runtime: runtime)
                )
            ],
            outputs: [("logits", OnnxTensor(output, shape: [1, 1], runtime: runtime))])
    }

    /// The probability that the speaker has finished, 0...1.
    ///
    /// - Parameter audio: 8 kHz; of more than eight seconds, the last eight.
    func likelihood(of audio: [Int16]) throws(SpeechError) -> Double {
        doubler.fill(&self.audio, from: audio)
        logMel.features(of: self.audio, into: &features)
        input.write(features, features.indices, at: 0)
        try run.run()
        // Named logits, but the model ends in a sigmoid.
        return Double(min(max(output[0], 0), 1))
    }
}
