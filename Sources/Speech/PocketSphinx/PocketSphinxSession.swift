import AudioCore
import Synchronization

/// One call's use of the decoder pool.
///
/// The media loop writes `inlet` and says what happens; while an utterance is open a worker reads `inlet` and decodes.
/// While none is open the media loop itself drops what is older than the pre-roll. `isServed` says which of the two
/// is the reader: the loop sets it when it hands an utterance to a worker, the worker clears it with its last step.
final class PocketSphinxSession: RecognitionSession {
    private struct State {
        var queue = UtteranceQueue()
        var worker: DecoderWorker?
        var isClosed = false
    }

    let inlet: SampleRing<UInt8>
    let task: TaskModel
    /// Used by the worker that serves this session, of which there is one at a time.
    private nonisolated(unsafe) let audio: CleanedAudio
    private let configuration: PocketSphinxConfiguration
    private let pool: DecoderPool
    private let second: SecondHearing?
    private let sink: @Sendable (RecognitionEvent) -> Void
    private let state = Protected(State())
    /// Held while an event is handed over, so that none follows a cancellation. The value is nobody's: an empty one would
    /// lie where the object begins, and the thread sanitizer would take every look at the object for a race.
    private let delivery = Protected(false)
    private let isServed = Atomic<Bool>(false)
    private let preRoll: Int
    /// What is kept of the line while no utterance is open.
    private let history: Int

    /// Samples that are worth waking a decoder for: 60 ms.
    private static let wakeUp = 480

    init(
        task: TaskModel, decoding: SampleDecoding, configuration: PocketSphinxConfiguration, pool: DecoderPool,
        second: SecondHearing?, sink: @escaping @Sendable (RecognitionEvent) -> Void
    ) {
        self.task = task
        unsafe audio = CleanedAudio(decoding: decoding, attenuation: configuration.noiseAttenuation)
        self.configuration = configuration
        self.pool = pool
        self.second = second
        self.sink = sink
        preRoll = configuration.preRoll.samples
        history = preRoll + (configuration.noiseAttenuation == nil ? 0 : configuration.noiseHistory.samples)
        inlet = SampleRing(minimumCapacity: configuration.inletCapacity.samples, silence: 0xff)
    }

    // MARK: The media loop's side

    func audioArrived() {
        if isServed.load(ordering: .acquiring) {
            guard inlet.count >= Self.wakeUp else { return }
            state.withLock { $0.worker }?.wake()
        } else {
            inlet.skip(inlet.count - history)
        }
    }

    func beginUtterance(_ id: UtteranceID, context: String) {
        let position = inlet.writePosition
        let (worker, isNew) = state.withLock { state -> (DecoderWorker?, Bool) in
            guard !state.isClosed else { return (nil, false) }
            let isNew = state.worker == nil
            if isNew { state.worker = pool.acquire(task: task.identifier) }
            guard let worker = state.worker else { return (nil, true) }
            state.queue.begin(id, context: context, position: position, preRoll: preRoll)
            isServed.store(true, ordering: .releasing)
            return (worker, isNew)
        }
        if let worker {
            if isNew { worker.serve(self) } else { worker.wake() }
        } else if isNew {
            sink(
                .failed(
                    id,
                    SpeechError(
                        .overloaded, operation: "begin utterance", provider: "pocketsphinx",
                        detail: "all \(configuration.decoderCount) decoders are busy")))
        }
    }

    func pauseUtterance(_ id: UtteranceID) {
        let position = inlet.writePosition
        state.withLock { state in
            state.queue.pause(id, position: position)
            return state.worker
        }?.wake()
    }

    func resumeUtterance(_ id: UtteranceID) {
        state.withLock { state in
            state.queue.resume(id)
            return state.worker
        }?.wake()
    }

    func finishUtterance(_ id: UtteranceID) {
        let position = inlet.writePosition
        state.withLock { state in
            state.queue.finish(id, position: position)
            return state.worker
        }?.wake()
    }

    func cancelUtterance(_ id: UtteranceID) {
        let position = inlet.writePosition
        delivery.withLock { _ in
            state.withLock { state in state.queue.cancel(id, position: position) ? state.worker : nil }
        }?.wake()
    }

    func close() {
        delivery.withLock { _ in
            state.withLock { state in
                state.isClosed = true
                state.queue.cancelAll()
                return state.worker
            }
        }?.wake()
    }

    // MARK: The worker's side

    /// Decodes utterances until none is open; `worker` is back in the pool when this returns.
    func decode(with decoder: SphinxDecoder, on worker: DecoderWorker, sleep: () -> Void) {
        var current: UtteranceDecoding?
        while true {
            switch state.withLock({ $0.queue.nextStep(for: current?.id) }) {
            case .release:
                if release(worker) { return }
            case .abandon:
                current?.abandon()
                current = nil
            case .begin(let utterance):
                current = unsafe UtteranceDecoding(
                    utterance, decoder: decoder, audio: audio, configuration: configuration, second: second)
            case .decode(let pause, let isFinal):
                guard var utterance = current else { continue }
                do {
                    let interim = try utterance.consume(inlet, upTo: pause)
                    let hasPaused = utterance.hasReached(pause)
                    let result = hasPaused ? try utterance.result() : nil
                    current = utterance
                    if isFinal, let result {
                        current = nil
                        if complete(utterance.id, with: result.event, on: worker) { return }
                    } else if let result, result.isNew, case .final(let transcript) = result.event {
                        // Before an interim that fell due with it: it has all of that one's words, and is new only once.
                        deliver(.provisional(transcript), of: utterance.id)
                    } else if let interim {
                        deliver(.interim(interim), of: utterance.id)
                    } else if hasPaused || inlet.count == 0 {
                        sleep()
                    }
                } catch {
                    current = nil
                    if complete(utterance.id, with: .failed(utterance.id, error), on: worker) { return }
                }
            }
        }
    }

    /// The worker has no decoder for this task: everything open is lost.
    func fail(_ error: SpeechError, on worker: DecoderWorker) {
        while let id = state.withLock({ $0.queue.open.first?.id }) {
            if complete(id, with: .failed(id, error), on: worker) { return }
        }
        if !release(worker) { fail(error, on: worker) }
    }

    /// Hands over what is not an utterance's last event, unless the utterance was cancelled.
    private func deliver(_ event: RecognitionEvent, of id: UtteranceID) {
        delivery.withLock { _ in
            if state.withLock({ $0.queue.contains(id) }) { sink(event) }
        }
    }

    /// Hands over the last event of an utterance unless it was cancelled. The worker is free before the event is out,
    /// so that whoever hears it may use it at once.
    ///
    /// - Returns: whether the worker went back to the pool.
    private func complete(_ id: UtteranceID, with event: RecognitionEvent, on worker: DecoderWorker) -> Bool {
        let position = inlet.writePosition
        return delivery.withLock { _ in
            let isWanted = state.withLock { $0.queue.cancel(id, position: position) }
            let isReleased = release(worker)
            if isWanted { sink(event) }
            return isReleased
        }
    }

    /// Gives the worker back unless another utterance is open.
    private func release(_ worker: DecoderWorker) -> Bool {
        let isReleased = state.withLock { state in
            guard state.queue.isEmpty else { return false }
            state.worker = nil
            isServed.store(false, ordering: .releasing)
            return true
        }
        if isReleased { pool.release(worker) }
        return isReleased
    }
}

extension Duration {
    /// Samples at 8 kHz.
    var samples: Int { Int(self / .microseconds(125)) }
}
