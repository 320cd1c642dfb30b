import Agent
import Testing

@Suite("Sentences that no agent file contains")
struct HeldOutSentencesTests {
    /// What a caller says to a question, and what it means. Words as a recognizer writes them, some lost or wrong.
    static let answers: [(state: String, text: String, intent: String)] = [
        ("menu", "hello there i was wondering whether you have any appointment this friday", "book_appointment"),
        ("menu", "good morning i'd like to come and see the doctor tomorrow", "book_appointment"),
        ("menu", "could you put me down for wednesday at nine thirty", "book_appointment"),
        ("menu", "i need appointment as soon as possible", "book_appointment"),
        ("menu", "like to book appointment for monday", "book_appointment"),
        ("menu", "would you have something free next thursday morning", "book_appointment"),
        ("menu", "i would like to make a new appointment for the tenth of december", "book_appointment"),
        ("menu", "can i schedule a visit for thursday at two", "book_appointment"),
        ("menu", "my appointment needs to be moved to another day", "move_appointment"),
        ("menu", "is it possible to change my appointment to next monday", "move_appointment"),
        ("menu", "i'd like to switch my appointment from tuesday to friday", "move_appointment"),
        ("menu", "can we move the appointment on thursday to four o'clock", "move_appointment"),
        ("menu", "like to reschedule my appointment", "move_appointment"),
        ("menu", "something came up and i have to reschedule", "move_appointment"),
        ("menu", "i am afraid i have to cancel my appointment for tomorrow", "cancel_appointment"),
        ("menu", "could you please cancel the appointment on monday at ten", "cancel_appointment"),
        ("menu", "need cancel appointment", "cancel_appointment"),
        ("menu", "i won't make it on friday so please cancel my appointment", "cancel_appointment"),
        ("menu", "do you open on saturday", "opening_hours"),
        ("menu", "at what time do you close on friday", "opening_hours"),
        ("menu", "till what time are you open today", "opening_hours"),
        ("menu", "could you tell me your hours please", "opening_hours"),
        ("menu", "what hours are you open on wednesday", "opening_hours"),
        ("menu", "may i leave a message for doctor smith", "take_message"),
        ("menu", "would you ask someone to call me back please", "take_message"),
        ("menu", "just take a message please", "take_message"),
        ("menu", "please let me talk to a real human being", "speak_to_person"),
        ("menu", "i would rather talk to somebody in person", "speak_to_person"),
        ("menu", "can you connect me to the receptionist", "speak_to_person"),
        ("menu", "let me speak with a colleague please", "speak_to_person"),
        ("menu", "hello good afternoon", "greeting"),
        ("menu", "hi there good morning", "greeting"),
        ("menu", "what are the things you can do for me", "help"),
        ("menu", "i don't know what i can say", "help"),
        ("menu", "okay thank you very much bye bye", "goodbye"),
        ("menu", "thanks for your help goodbye", "goodbye"),
        ("date", "i think next wednesday would be best", "inform"),
        ("date", "how about the fifteenth of december", "inform"),
        ("date", "thursday if you have anything", "inform"),
        ("date", "could we do monday", "inform"),
        ("date", "december eleventh please", "inform"),
        ("date", "what did you say sorry", "repeat"),
        ("date", "could you repeat the question please", "repeat"),
        ("time", "at a quarter past nine please", "inform"),
        ("time", "i would prefer eleven o'clock", "inform"),
        ("time", "let's go for half past two", "inform"),
        ("time", "three in the afternoon would be great", "inform"),
        ("time", "the second one please", "inform"),
        ("name", "yes sure my name is john smith", "inform"),
        ("name", "it's on the name of maria jones", "inform"),
        ("name", "susan miller", "inform"),
        ("confirm", "yes that's exactly right", "yes"),
        ("confirm", "yes please go on", "yes"),
        ("confirm", "okay that sounds fine", "yes"),
        ("confirm", "sure please do that", "yes"),
        ("confirm", "yep go ahead please", "yes"),
        ("confirm", "that's right thank you", "yes"),
        ("confirm", "no that's not what i said", "no"),
        ("confirm", "no that is wrong", "no"),
        ("confirm", "no not at all", "no"),
        ("confirm", "no i meant thursday", "correction"),
        ("confirm", "actually can you make it half past three", "correction"),
        ("confirm", "no sorry i said eleven o'clock", "correction"),
        ("confirm", "wait could we make it friday instead", "correction"),
        ("confirm", "not ten eleven", "correction"),
        ("confirm", "no my name is john miller", "correction"),
        ("more", "no thanks that will be all", "no"),
        ("more", "no that's everything thank you very much", "no"),
        ("more", "that's all bye", "goodbye"),
        ("more", "yes when are you open on monday", "opening_hours"),
    ]

    private static let paths = [
        "menu": [], "date": ["book an appointment"], "time": ["book an appointment", "friday"],
        "name": ["book an appointment", "friday", "at nine"],
        "confirm": ["book an appointment", "friday", "at ten", "maria jones"],
        "more": ["book an appointment", "friday", "at ten", "maria jones", "yes"],
    ]

    @Test("are understood nine times in ten")
    func understood() async throws {
        var wrong: [String] = []
        for (state, text, intent) in Self.answers {
            let caller = Conversation(try Fixtures.agent("receptionist"), tools: FakeCalendar().tools)
            _ = try await caller.start()
            for line in Self.paths[state] ?? [] { try await caller.say(line) }
            let understanding = try #require(try await caller.say(text, confidence: 0.9).understanding)
            if understanding.intent != intent {
                wrong.append("\(text): \(intent) taken for \(understanding.intent) at \(understanding.confidence)")
            }
        }
        #expect(wrong.count * 10 <= Self.answers.count, "\(wrong.joined(separator: "\n"))")
    }
}
