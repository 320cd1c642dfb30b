/// What the record of a call can be held against without anybody's opinion.
package enum ScorecardRule: Sendable, Equatable {
    /// The agent said one of these phrases, in its first turns where a number is given.
    case said([String], withinTurns: Int?)
    /// The agent said none of these phrases.
    case neverSaid([String])
    /// The agent asked for a slot, by one of these questions.
    case askedFor(String, questions: [String])
    /// The caller told the slot's value, or a tool was given it.
    case slotFilled(String)
    /// Before each call of the tool that succeeded its arguments, or those named, had been read back as a question, and
    /// agreed to.
    case readBack(tool: String, arguments: [String])
    case toolCalled(String)
    case toolNotCalled(String)
    /// Whenever it was called, and the last time at least.
    case toolSucceeded(String)
    /// What the call was for is among these; `none` is nothing.
    case outcome([String])
    /// How it ended for the caller is among these, in the store's words.
    case resolution([String])
    /// Of a hundred answers 95 came sooner, in milliseconds.
    case responseBelow(Int)
    /// How often the agent began while the caller was speaking, at most.
    case interruptionsAtMost(Int)
    /// The agent fell silent sooner than this whenever the caller meant to interrupt it, in milliseconds.
    case yieldBelow(Int)
    /// Nobody was silent together for so long, in milliseconds.
    case silenceBelow(Int)
    /// What the agent said was done had been done.
    case promisesKept
    /// Of the call, in milliseconds.
    case length(ClosedRange<Int>)

    /// What a rule makes of a call.
    struct Result: Sendable, Equatable {
        var standing: ScorecardVerdict.Standing
        var reason: String
        var evidence: [ScorecardVerdict.Evidence] = []

        static func pass(_ reason: String, _ evidence: [ScorecardVerdict.Evidence] = []) -> Self {
            Self(standing: .pass, reason: reason, evidence: evidence)
        }

        static func fail(_ reason: String, _ evidence: [ScorecardVerdict.Evidence] = []) -> Self {
            Self(standing: .fail, reason: reason, evidence: evidence)
        }

        static func notApplicable(_ reason: String) -> Self { Self(standing: .notApplicable, reason: reason) }

        static func decided(_ holds: Bool, _ reason: String, _ evidence: [ScorecardVerdict.Evidence] = []) -> Self {
            Self(standing: holds ? .pass : .fail, reason: reason, evidence: evidence)
        }
    }

    func result(on call: ScoredCall) -> Result {
        switch self {
        case .said(let phrases, let limit): Self.said(phrases, within: limit, on: call)
        case .neverSaid(let phrases): Self.neverSaid(phrases, on: call)
        case .askedFor(let slot, let questions): Self.asked(for: slot, by: questions, on: call)
        case .slotFilled(let slot): Self.filled(slot, on: call)
        case .readBack(let tool, let arguments): Self.readBack(tool, arguments, on: call)
        case .promisesKept: Self.promises(on: call)
        case .toolCalled(let tool): Self.called(tool, wanted: true, on: call)
        case .toolNotCalled(let tool): Self.called(tool, wanted: false, on: call)
        case .toolSucceeded(let tool): Self.succeeded(tool, on: call)
        case .outcome(let words): Self.word("outcome", call.outcome ?? "none", among: words)
        case .resolution(let words):
            call.resolution.map { Self.word("resolution", $0, among: words) }
                ?? .notApplicable("nobody knows how the call ended for the caller")
        case .responseBelow(let limit): Self.responses(below: limit, on: call)
        case .interruptionsAtMost(let most): Self.interruptions(atMost: most, on: call)
        case .yieldBelow(let limit): Self.yields(below: limit, on: call)
        case .silenceBelow(let limit): Self.silence(below: limit, on: call)
        case .length(let range): Self.length(in: range, on: call)
        }
    }

    /// Places that evidence shows, at most.
    static let mostEvidence = 5
}
