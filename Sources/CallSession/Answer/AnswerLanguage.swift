/// What is said when a telephone is picked up, for recognizers that learn what to expect. Those hear English alone; what others
/// write down of a line is looked up in English and Spanish (``AnswerWords``).
package enum AnswerLanguage {
    /// The context in which the first words of a call that we placed are heard.
    package static let context = "answering"

    package static let sentences = people + machines + assistants + menus

    private static let people = [
        "hello", "hello", "hello", "hello hello", "hello who is this", "hello who's calling please", "hi", "hi there",
        "hey",
        "yes", "yes hello", "yeah", "yes who is speaking", "speaking", "yes this is she", "yes this is he",
        "this is", "hello this is", "hi this is", "good morning", "good afternoon", "good evening",
        "hello can i help you", "how can i help you", "how may i help you", "thank you for calling how can i help you",
        "this is speaking how may i help you", "hello is anyone there", "hello what can i do for you", "go ahead",
        "one moment please", "hold on please", "just a second please",
    ]
    private static let machines = [
        "hi you've reached", "hello you've reached", "you have reached the voicemail of",
        "you have reached the voicemail box of",
        "you have reached", "i can't come to the phone right now", "we can't come to the phone right now",
        "i can't take your call right now", "we can't take your call at the moment", "i'm not available right now",
        "the person you are calling is not available", "the number you have dialed is not available",
        "i'm unable to take your call right now", "please leave a message after the beep",
        "please leave a message after the tone",
        "please leave a message", "leave a message after the beep", "leave me a message and i'll get back to you",
        "please leave your name and number and i'll call you back", "please leave your message after the tone",
        "leave your name your number and a short message", "at the tone please record your message",
        "please record your message after the tone", "and we will return your call as soon as possible",
        "i will call you back as soon as i can", "i'll get back to you as soon as i can", "sorry i missed your call",
        "your call has been forwarded to an automated voice message system", "welcome to the voicemail of",
        "our office is closed", "our office hours are monday to friday", "we are not at home at the moment",
        "the mailbox is full and cannot accept any messages at this time goodbye",
        "the mailbox has not been set up yet goodbye",
    ]
    private static let assistants = [
        "please state your name and the reason for your call", "please say your name and why you're calling",
        "please state your name after the tone", "please say your name and the reason for calling",
        "the person you are calling is using a screening service",
        "go ahead and say your name and why you're calling", "before i connect you may i ask who is calling",
        "and i will see if this person is available", "may i ask who is calling", "please stay on the line",
        "thank you please stay on the line", "i'll try to connect you",
    ]
    private static let menus = [
        "thank you for calling", "please listen carefully as our menu options have changed", "main menu",
        "for english press one", "for sales press one", "for support press two", "for billing press one",
        "for billing press two", "for appointments press one", "for appointments press two",
        "for appointments press three",
        "for all other questions press zero", "for technical support press two", "to speak to an agent press zero",
        "to speak to an operator press zero", "press one", "press two", "press three", "press four", "press zero",
        "press the pound key", "please select one of the following options", "say or press one now",
        "if you know your party's extension you may dial it at any time", "or stay on the line",
        "to hear these options again press nine", "press star to return to the main menu",
    ]
}
