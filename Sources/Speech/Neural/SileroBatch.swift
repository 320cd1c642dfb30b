import Synchronization

/// Runs the Silero model for the calls of one loop together.
///
/// A run costs mostly what a run costs, however many calls are in it: 32 calls together take a third of what they take
/// one by one. Chunks therefore wait for the loop's next beat, when the first call that asks runs all. With few calls
/// there is nothing to gain by waiting, and none waits. All memory is made at the start.
package final class SileroBatch: @unchecked Sendable {
    // @unchecked: made anywhere, used on its loop's thread only; `callCount` is atomic, because a call may be freed elsewhere.

    /// Calls in a run.
    static let capacity = 32
    /// Fewer calls than this on the loop are run at once.
    static let waitingPays = 4
    /// Samples that the model takes: the end of the chunk before, and the chunk.
    static let inputSize = SileroDetector.contextSize + SileroDetector.chunkSize
    /// Numbers of the model's memory in each of its two layers.
    private static let layerSize = 128
    static let stateSize = 2 * layerSize
    private static let firstLayer = 0..<layerSize
    private static let secondLayer = layerSize..<stateSize

    /// Detectors that use this batch.
    let callCount = Atomic<Int>(0)
    private let onFailure: @Sendable (SpeechError) -> Void
    private let input: OnnxBuffer<Float>
    private let state: OnnxBuffer<Float>
    private let output: OnnxBuffer<Float>
    private let nextState: OnnxBuffer<Float>
    /// The model over the first 1, 2, … calls' part of the buffers.
    private let runs: [OnnxRun]
    private var waiting: [SileroDetector] = []

    package init(_ model: SileroModel) throws(SpeechError) {
        let runtime = model.session.runtime
        onFailure = model.onFailure
        input = OnnxBuffer(count: Self.capacity * Self.inputSize)
        state = OnnxBuffer(count: Self.capacity * Self.stateSize)
        output = OnnxBuffer(count: Self.capacity)
        nextState = OnnxBuffer(count: Self.capacity * Self.stateSize)
        let rate = OnnxBuffer<Int64>(count: 1)
        rate[0] = Int64(SileroDetector.sampleRate)
        let rateTensor = try OnnxTensor(rate, shape: [], runtime: runtime)
        var runs: [OnnxRun] = []
        for calls in 1...Self.capacity {
            let shape = [2, calls, Self.layerSize]
            runs.append(
                try OnnxRun(
                    model.session,
                    inputs: [
                        ("input", OnnxTensor(input, shape: [calls, Self.inputSize], runtime: runtime)),
                        ("state", OnnxTensor(state, shape: shape, runtime: runtime)), ("sr", rateTensor),
                    ],
                    outputs: [
                        ("output", OnnxTensor(output, shape: [calls, 1], runtime: runtime)),
                        ("stateN", OnnxTensor(nextState, shape: shape, runtime: runtime)),
                    ]))
        }
        self.runs = runs
        waiting.reserveCapacity(Self.capacity)
    }

    /// Takes the full chunk of `detector`. Its result comes with this call or with ``run()``.
    func submit(_ detector: SileroDetector) {
        input.write(detector.samples, 0..<Self.inputSize, at: waiting.count * Self.inputSize)
        waiting.append(detector)
        if waiting.count == Self.capacity || callCount.load(ordering: .relaxed) < Self.waitingPays { run() }
    }

    /// Runs the model for all chunks that wait.
    func run() {
        let count = waiting.count
        guard count > 0 else { return }
        // The state's first dimension is the layer, its second the call.
        for (index, detector) in waiting.enumerated() {
            state.write(detector.state, Self.firstLayer, at: index * Self.layerSize)
            state.write(detector.state, Self.secondLayer, at: (count + index) * Self.layerSize)
        }
        do throws(SpeechError) {
            try runs[count - 1].run()
            for (index, detector) in waiting.enumerated() {
                nextState.read(at: index * Self.layerSize, into: &detector.state, Self.firstLayer)
                nextState.read(at: (count + index) * Self.layerSize, into: &detector.state, Self.secondLayer)
                detector.result = .probability(output[index])
            }
        } catch {
            for detector in waiting { detector.result = .failed }
            onFailure(error)
        }
        waiting.removeAll(keepingCapacity: true)
    }
}
