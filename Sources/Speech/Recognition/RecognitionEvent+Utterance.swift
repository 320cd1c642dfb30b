extension RecognitionEvent {
    /// The utterance it speaks of; nil for the whole session.
    var utterance: UtteranceID? {
        switch self {
        case .interim(let transcript), .provisional(let transcript), .final(let transcript): transcript.utterance
        case .nothingHeard(let id), .endOfTurn(let id, _), .taken(let id): id
        case .failed(let id, _): id
        }
    }
}
