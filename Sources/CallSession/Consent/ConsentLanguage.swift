/// What is said of being recorded, for recognizers that learn what to expect: the task knows no such sentences.
package enum ConsentLanguage {
    /// The context in which the answer to the question is heard.
    package static let context = "recording_consent"

    package static let sentences = assents + refusals + doubts + withdrawals

    static let assents = [
        "yes", "yes", "yes", "yes please", "yes you may", "yes that's fine", "yes you can", "yes of course", "yeah",
        "yeah sure",
        "yeah that's fine", "yep", "sure", "sure go ahead", "okay", "that's okay", "that's fine", "fine", "of course",
        "go ahead", "i agree", "no problem", "i don't mind",
    ]
    static let refusals = [
        "no", "no", "no", "no thank you", "no thanks", "no please don't", "nope", "please don't", "i'd rather not",
        "i would rather not", "i don't agree", "no i don't want that", "no you may not",
    ]
    static let doubts = ["what", "what did you say", "why", "i don't know", "i'm not sure", "are you sure", "pardon"]
    /// Said at any time.
    package static let withdrawals = [
        "don't record this", "please don't record this", "please don't record me", "do not record me",
        "you can't record this", "you cannot record me", "stop recording", "please stop recording",
        "please stop the recording", "turn off the recording", "delete the recording", "i don't want to be recorded",
        "i don't want you to record this", "i don't want this call to be recorded", "i refuse to be recorded",
    ]
}
