extension UsualSentence {
    var english: String {
        switch self {
        case .brief: "I have a caller on the line for you. {reason}. {said}"
        case .saidBefore: "They said: {words}."
        case .takesCall: "Do you take the call? Say yes or press {key}, or say no."
        case .takenCall: "Thank you, I put the caller through."
        case .declinedCall: "All right, I will tell them. Goodbye."
        case .callerGone: "The caller is no longer on the line. Goodbye."
        case .somebody: "somebody"
        case .hold: "I am still trying to reach {who} for you. Please stay on the line."
        case .deciding: "Somebody has answered, and I am telling them what it is about. Please stay on the line."
        case .introduction: "I have you both on the line now. {reason}. I leave you to talk."
        case .placeAndWait: "You are number {position} in line. It will take about {wait}."
        case .place: "You are number {position} in line."
        case .holding: "Thank you for holding. Press one if you do not want to wait any longer."
        case .connecting: "I am trying to put you through now."
        case .stillBusy: "Nobody was free just now. Please stay on the line."
        case .callbackOffer: "Shall we call you on the number that you are calling from?"
        case .callbackNumber: "On which number shall we call you?"
        case .callbackConfirm: "That is {number}. Is that right?"
        case .callbackDone: "Thank you. We will call you {when}. Goodbye."
        case .callbackSorry: "I am sorry, I cannot promise you a call."
        case .messageDone: "Thank you, your message is kept. Goodbye."
        case .messageSorry: "I am sorry, your message could not be kept."
        case .recorded: "This call is recorded."
        case .mayRecord: "May I record this call? Please say yes or no."
        case .mayRecordAgain: "I did not get that. May this call be recorded, yes or no?"
        case .mayBeRecorded: "Thank you."
        case .notRecorded: "All right, this call is not recorded."
        case .recordingStopped: "I have stopped the recording. Please go on."
        case .screenedInformation:
            "This is the automated assistant of {seller}, calling with information for the person I am calling."
        case .screenedOffer:
            "This is the automated assistant of {seller}, calling with an offer for the person I am calling."
        case .screenedSafety:
            "This is the automated assistant of {seller}, calling about the safety of the person I am calling."
        case .cutOff: "Sorry, we were cut off for a moment."
        case .apology: "Sorry, something went wrong on my side. Could you say that again?"
        case .surrender: "I am sorry, I cannot help you right now. Please call again later. Goodbye."
        case .farewell: "I am sorry, I have to end our call now. Please call again in a few minutes. Goodbye."
        case .handBack: "You are speaking with the assistant again. How can I help you?"
        case .nobodyThere: "I am sorry, nobody can take your call right now. Please call again later. Goodbye."
        case .notDone: "I am sorry, that is not done yet."
        case .notSure: "I am not sure about that, and I would rather not guess."
        case .optedOut: "All right. You will not be called again. Goodbye."
        }
    }
}
