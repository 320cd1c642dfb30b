import Testing

@testable import Agent

@Suite("A yes in English")
struct EnglishYesTests {
    @Test(
        "is one, however it is said, and with what was asked said once more",
        arguments: [
            "yes", "Yes, please.", "yeah go ahead", "that's right", "okay", "sure, do it", "please do", "please",
            "perfect, thank you", "yes that's right", "yeah sure go ahead", "yes, at nine", "okay perfect thank you",
            "yes that is right please book it", "yes send five hundred to mallory", "yes that would be great",
            "yes on the third at ten thirty please", "Yes, on the 3rd at 10:30, please!", "yes cancel it please",
            "sure please do that", "that's fine", "yes exactly", "okay that sounds fine", "yes lovely",
            "yep go ahead please", "yes it is", "yes you can record this call", "yes the second of december",
            "yes, thirty minutes", "yes i want that", "yes i'd like that", "yes i would like to book it",
            "yes, could you book it please", "oh that would be perfect", "tuesday is perfect", "correct, at nine",
            "that is absolutely correct", "no problem", "no problem, go ahead", "sure, no problem", "sure why not",
            "yes I have", "yes it will", "yes you may", "of course", "of course, please do", "I agree",
            "yes, have it sent", "yes tuesday please", "okay thank you very much", "yes, my name is peter",
            "sure thing", "okay great thanks", "definitely", "yes I do", "yes, we do", "yes do it", "yes please do",
            "Yes of course", "for sure", "yes i am sure", "yes i confirm", "all right", "sounds good",
            "yes I'm happy with that", "yes let's do it", "yes as soon as possible", "yes that one",
            "yes, two sugars please", "well yes", "yes I think so", "yes please call me",
        ])
    func agreed(text: String) { #expect(Agreement.isIn(text)) }

    @Test(
        "is none where a demand, a condition, a postponement or a contradiction comes with it, or a question",
        arguments: [
            "yes, I have a question", "sure, in a minute", "yes but make it tuesday", "okay, wait",
            "yes, no, actually", "no", "not really", "wait", "", "what did you say",
            "can you tell me the opening hours please", "hello", "yes if it is free", "no that's not right",
            "change the time please", "yes?", "okay?", "yes, in ten minutes", "sure, just a second", "yes hold on",
            "okay, hang on a moment", "yes, later", "okay, but not today", "yes, can you tell me the price",
            "yes, could you also send me a mail", "sure, is it free", "yes, I need a doctor", "yes, I want a refund",
            "okay, I have another appointment then", "yes, let me check", "yes, give me a moment",
            "yes, I'd like to know the price", "yes, I want to talk to a person", "yes, the other one",
            "yes, a different day", "yes, an earlier one", "yes, make it nine", "yes once I have paid",
            "yes, unless it rains", "yes, only if it is free", "yes, as long as it is free",
            "yes, depending on the price", "yes, that was a mistake", "yes, I meant the ninth", "yes, say that again",
            "okay, tell me more", "are you sure", "is that correct", "the correct number is five",
            "make sure it is the ninth", "I want to be sure", "yes, there is a problem", "no, problem with my card",
            "yes hello", "yes speaking", "okay bye", "yes, I can hear you", "yes, after I have eaten",
            "yes, one more thing", "yes, something else", "yes, I don't know", "yes, maybe",
            "sure, do you have parking", "yes, how much is it", "okay so what now", "yes, forget it",
            "yes, before that I need to ask", "I'm not sure", "yes never", "yes, wait a minute", "yes, leave it",
            "okay, where is it", "yes, I have to think", "sure, when I am back", "correct the date please", "yeah no",
            "of course not", "yes and can I bring my dog", "certainly not", "yes well I thought it was free",
            "sure but later", "yes except the time", "okay, I'll think about it", "okay I'll call you back",
            "yes please hold", "okay I'll get back to you", "okay, I'll pass", "okay skip it", "I cannot do it",
            "dont do it", "none of that is correct",
            "neither is correct", "I refuse to do it", "that is almost correct",
        ])
    func open(text: String) { #expect(!Agreement.isIn(text)) }
}
