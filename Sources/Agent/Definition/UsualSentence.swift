/// A sentence that is said to callers, or to people who are called for them, where no file has words of its own. Each has its
/// form in every language that agents speak; what stands in braces is put in when it is said.
package enum UsualSentence: Sendable, CaseIterable {
    // To a person who is called for a caller.
    case brief
    /// What `{said}` of a brief is; `{words}`.
    case saidBefore
    /// `{key}` takes the call.
    case takesCall
    case takenCall, declinedCall, callerGone

    // To a caller who holds the line, and to both.
    /// Who is called where it is not known.
    case somebody
    /// `{who}`
    case hold
    case deciding, introduction

    // To a caller who waits in line.
    case placeAndWait, place, holding, connecting, stillBusy

    // To a caller who is promised a call.
    case callbackOffer, callbackNumber
    /// `{number}`
    case callbackConfirm
    /// `{when}`
    case callbackDone
    case callbackSorry

    // To a caller who leaves a message.
    case messageDone, messageSorry

    // Of recordings.
    case recorded, mayRecord, mayRecordAgain, mayBeRecorded, notRecorded, recordingStopped

    // To an assistant that screens a call which we placed; `{seller}`.
    case screenedInformation, screenedOffer, screenedSafety

    // To callers whom no agent answers.
    case inboundOverload
    /// `{position}`
    case inboundPosition
    /// `{minutes}`
    case inboundWait
    case inboundCallbackOffer, inboundCallbackPromised, inboundCallbackRefused
    case inboundHidden, inboundTooOften, inboundClosed, inboundRefused

    // Why a caller is sent on: as records have it, and as the person hears it who is asked first.
    case reasonPressedZero, reasonNothingToDo
    /// `{times}`
    case reasonNotUnderstood
    case reasonWantsPerson, reasonNoModel, reasonTurn, reasonBudget, reasonFailed
    case reasonNobodyAnswered, reasonBusy, reasonDeclined, reasonUndecided

    // When something goes wrong, and at the end of a call.
    case cutOff, apology, surrender, farewell, handBack, nobodyThere, notDone, notSure, optedOut

    package func text(in language: SpokenLanguage) -> String {
        switch language {
        case .english: english
        case .spanish: spanish
        }
    }

    /// With one value put in.
    package func text(in language: SpokenLanguage, _ name: String, _ value: String) -> String {
        text(in: language).replacing("{\(name)}", with: value)
    }

    private static let unanswered: [UsualSentence] = [
        .inboundOverload, .inboundPosition, .inboundWait, .inboundCallbackOffer, .inboundCallbackPromised,
        .inboundCallbackRefused, .inboundHidden, .inboundTooOften, .inboundClosed, .inboundRefused,
    ]

    /// What callers hear whom no agent answers: a text of the configuration's, or the usual one in their language.
    package static func inbound(_ text: String, in language: SpokenLanguage) -> String {
        unanswered.first { $0.english == text }?.text(in: language) ?? text
    }

    private static let reasons: [UsualSentence] = [
        .reasonPressedZero, .reasonNothingToDo, .reasonWantsPerson, .reasonNoModel, .reasonTurn, .reasonBudget,
        .reasonFailed, .reasonNobodyAnswered, .reasonBusy, .reasonDeclined, .reasonUndecided,
    ]

    /// A reason as somebody hears it. One that is an agent's own is in the agent's language already.
    static func reason(_ text: String, in language: SpokenLanguage) -> String {
        if let usual = reasons.first(where: { $0.english == text }) { return usual.text(in: language) }
        for times in 1...10 where text == reasonNotUnderstood.text(in: .english, "times", String(times)) {
            return reasonNotUnderstood.text(in: language, "times", language.number(times))
        }
        return text
    }
}
