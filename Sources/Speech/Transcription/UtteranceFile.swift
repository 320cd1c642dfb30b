/// One utterance on its way to a server that hears whole files: when to ask, and what its answers mean.
///
/// The server is asked at every pause already; if the caller does not go on, that answer is the final one, and the wait for
/// the end of the turn was not lost. A value: positions are samples of the leg since the session began.
struct UtteranceFile: Sendable, Equatable {
    enum Action: Sendable, Equatable {
        /// Have the audio between these positions transcribed.
        case ask(request: Int, from: Int, to: Int)
        case abandon(request: Int)
        case emit(RecognitionEvent)
    }

    let id: UtteranceID
    private let start: Int
    private let longest: Int
    /// The number of the latest request, and what came of it.
    private var request: Int?
    private var answer: TranscriptionAnswer?
    private var failure: SpeechError?
    private var isFinished = false
    private(set) var isOver = false

    init(_ id: UtteranceID, from start: Int, longest: Int) {
        self.id = id
        self.start = start
        self.longest = longest
    }

    /// - Parameter next: a number that no request has yet.
    mutating func pause(at position: Int, next: Int) -> [Action] {
        guard !isFinished, request == nil else { return [] }
        return ask(upTo: position, next: next)
    }

    /// What was asked at the pause is not all there is.
    mutating func resume() -> [Action] {
        guard !isFinished, let request else { return [] }
        self.request = nil
        answer = nil
        failure = nil
        return [.abandon(request: request)]
    }

    mutating func finish(at position: Int, next: Int) -> [Action] {
        guard !isFinished else { return [] }
        isFinished = true
        if let answer { return conclude(answer) }
        // What failed while nobody waited for it gets a fresh try.
        if failure != nil { request = nil }
        return request == nil ? ask(upTo: position, next: next) : []
    }

    mutating func answered(_ answer: TranscriptionAnswer, to number: Int) -> [Action] {
        guard number == request, !isOver else { return [] }
        self.answer = answer
        if isFinished { return conclude(answer) }
        let transcript = transcript(answer)
        return transcript.text.isEmpty ? [] : [.emit(.provisional(transcript))]
    }

    mutating func failed(_ error: SpeechError, number: Int) -> [Action] {
        guard number == request, !isOver else { return [] }
        failure = error
        guard isFinished else { return [] }
        isOver = true
        return [.emit(.failed(id, error))]
    }

    private mutating func ask(upTo position: Int, next: Int) -> [Action] {
        request = next
        failure = nil
        return [.ask(request: next, from: start, to: min(position, start + longest))]
    }

    private mutating func conclude(_ answer: TranscriptionAnswer) -> [Action] {
        isOver = true
        let transcript = transcript(answer)
        return [.emit(transcript.text.isEmpty ? .nothingHeard(id) : .final(transcript))]
    }

    private func transcript(_ answer: TranscriptionAnswer) -> Transcript {
        Transcript(utterance: id, text: PlainWords.of(answer.text), confidence: answer.confidence)
    }
}
