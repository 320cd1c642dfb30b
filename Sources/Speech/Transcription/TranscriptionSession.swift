import AudioCore
import Networking

/// One leg's utterances on their way to a server that hears whole files: drives ``UtteranceFile``.
final class TranscriptionSession: RecognitionSession {
    /// A place for audio that cannot be copied.
    private final class Memory {
        var audio: RecentAudio
        init(capacity: Int) { audio = RecentAudio(capacity: capacity, largestFrame: 4000) }
    }

    private struct State {
        let memory: Memory
        /// Oldest first.
        var utterances: [UtteranceFile] = []
        var requests: [Int: Task<Void, Never>] = [:]
        var lastRequest = 0
        var isClosed = false
    }

    let inlet: SampleRing<UInt8>
    private let configuration: TranscriptionConfiguration
    private let client: HTTPClient
    private let gate: AccountGate?
    private let sent: @Sendable (Duration) -> Void
    private let sink: @Sendable (RecognitionEvent) -> Void
    private let state: Protected<State>

    /// Bytes of an answer that are read.
    private static let longestAnswer = 1 << 20

    init(
        _ configuration: TranscriptionConfiguration, client: HTTPClient, gate: AccountGate? = nil,
        sent: @escaping @Sendable (Duration) -> Void = { _ in },
        sink: @escaping @Sendable (RecognitionEvent) -> Void
    ) {
        self.configuration = configuration
        self.client = client
        self.gate = gate
        self.sent = sent
        self.sink = sink
        let capacity = (configuration.maximumUtterance + configuration.preRoll + .seconds(5)).samples
        state = Protected(State(memory: Memory(capacity: capacity)))
        inlet = SampleRing(minimumCapacity: 16_000, silence: 0xFF)
    }

    // MARK: The media loop's side

    func audioArrived() {
        // An eighth of a second at a time: nobody waits for it.
        guard inlet.count >= 1000 else { return }
        state.withLock { $0.memory.audio.drain(inlet) }
    }

    func beginUtterance(_ id: UtteranceID, context: String) {
        change { state in
            state.utterances.append(
                UtteranceFile(
                    id, from: max(state.memory.audio.end - configuration.preRoll.samples, 0),
                    longest: configuration.maximumUtterance.samples))
            return []
        }
    }

    func pauseUtterance(_ id: UtteranceID) {
        change(id) { utterance, position, next in utterance.pause(at: position, next: next) }
    }

    func resumeUtterance(_ id: UtteranceID) {
        change(id) { utterance, _, _ in utterance.resume() }
    }

    func finishUtterance(_ id: UtteranceID) {
        change(id) { utterance, position, next in utterance.finish(at: position, next: next) }
    }

    func cancelUtterance(_ id: UtteranceID) {
        change { state in
            state.utterances.removeAll { $0.id == id }
            return []
        }
    }

    func close() {
        let requests = state.withLock { state in
            state.isClosed = true
            state.utterances = []
            defer { state.requests = [:] }
            return Array(state.requests.values)
        }
        for request in requests { request.cancel() }
    }

    // MARK: Both sides

    private func change(
        _ id: UtteranceID, _ body: (inout UtteranceFile, _ position: Int, _ next: Int) -> [UtteranceFile.Action]
    ) {
        change { state in
            guard let index = state.utterances.firstIndex(where: { $0.id == id }) else { return [] }
            return body(&state.utterances[index], state.memory.audio.end, state.lastRequest + 1)
        }
    }

    /// Changes the state and does what comes of it.
    private func change(_ body: (inout State) -> [UtteranceFile.Action]) {
        let events = state.withLock { state -> [RecognitionEvent] in
            guard !state.isClosed else { return [] }
            state.memory.audio.drain(inlet)
            let actions = body(&state)
            state.utterances.removeAll(where: \.isOver)
            var events: [RecognitionEvent] = []
            for action in actions {
                switch action {
                case .ask(let number, let start, let end):
                    state.lastRequest = number
                    let audio = state.memory.audio.bytes(from: start, to: end)
                    sent(.nanoseconds(audio.count * 125_000))
                    state.requests[number] = Task { await self.transcribe(audio, number) }
                case .abandon(let number): state.requests.removeValue(forKey: number)?.cancel()
                case .emit(let event): events.append(event)
                }
            }
            return events
        }
        for event in events { sink(event) }
    }

    private func transcribe(_ audio: [UInt8], _ number: Int) async {
        let result: Result<TranscriptionAnswer, SpeechError>
        do { result = .success(try await answer(to: audio)) } catch { result = .failure(error) }
        change { state in
            state.requests[number] = nil
            return state.utterances.indices.flatMap { index in
                switch result {
                case .success(let answer): state.utterances[index].answered(answer, to: number)
                case .failure(let error): state.utterances[index].failed(error, number: number)
                }
            }
        }
    }

    private func answer(to audio: [UInt8]) async throws(SpeechError) -> TranscriptionAnswer {
        var permit: AccountGate.Permit?
        if let gate {
            permit = await gate.enter()
            if permit == nil { throw gate.error(TranscriptionConfiguration.operation) }
        }
        defer { permit?.giveBack() }
        let body: [UInt8]
        do throws(NetworkError) {
            var request = TranscriptionRequest.make(configuration, audio: audio)
            // Recognition acts on nothing.
            request.mayBeRepeated = true
            let response = try await client.send(request)
            body = try await response.body.collect(upTo: Self.longestAnswer)
            guard response.status == 200 else {
                throw NetworkError(
                    .refused, operation: "POST", subject: "\(configuration.url)/audio/transcriptions",
                    detail: VendorRefusal.words(body), status: response.status)
            }
        } catch { throw SpeechError(error, provider: TranscriptionConfiguration.provider) }
        do { return try TranscriptionAnswer(body) } catch {
            throw SpeechError(
                .unavailable, operation: TranscriptionConfiguration.operation,
                provider: TranscriptionConfiguration.provider, detail: "the answer cannot be read")
        }
    }
}
