import Agent
import Foundation
import Telephony
import Testing

@testable import CallSession

@Suite("Words that only greet")
struct GreetingWordsTests {
    @Test(
        "are greetings and pleasantries, and names among them",
        arguments: [
            "Hello?", "hi", "Yes?", "Hi there.", "Good morning.", "hello hello", "Speaking.", "Miller.",
            "Hello, this is Peter.", "Hello, this is Peter Miller.", "Hi, I'm Peter.", "Hello, it's Peter.",
            "Yes, this is she.", "Hello, Anna here.", "Peter Miller speaking.", "Good afternoon, Miller residence.",
            "Good morning, Lakeside Dental Clinic.", "Lakeside Plumbing, Mark speaking.", "Hello, Smith family.",
            "Law office of Baker and Stone, good morning.", "hello this is anna from lakeside dental",
            "thank you for calling lakeside plumbing this is mark how can i help you",
            "Front desk, this is Julia speaking, how may I help you?", "Hello, can I help you?",
            "Hi, how are you?", "good morning how are you doing today", "Hello, who's calling please?",
            "Hello, who is this?", "Hello? Is anyone there?", "Hey, what's up?", "Hello, what can I do for you?",
            "Hi, just a second please.", "Hello, one moment please.", "Hello, you are on speaker.",
            "Hola, ¿quién habla?", "Sí, soy yo.", "Buenos días, ¿cómo está?", "Taller Gómez, buenos días.",
            "Hola, ¿me puede decir quién llama?",
            "Gracias por llamar a la fontanería del lago, le atiende Marcos, ¿en qué puedo ayudarle?",
        ])
    func greetings(text: String) { #expect(AnswerWords.isGreeting(text)) }

    @Test(
        "are no sentence that begins with a greeting and goes on",
        arguments: [
            "Hello, I want to cancel.", "hi, can you move my appointment to Friday", "Hello, this is about my bill.",
            "hi i need to talk to somebody", "yes i'd like to book a table", "hello call me later please",
            "hi cancel my appointment please", "hello cancel please", "cancel please", "hello i'm driving", "I'm busy.",
            "hello i can't talk now", "good morning i have a question", "yes hello when are you open",
            "hi the appointment on friday does not suit me", "hello this is a bad time", "hey yeah friday works",
            "hello this is peter i wanted to ask about the bill", "hello, who is this and what are you selling me",
            "Hello, stop calling me.", "Hi, wrong number.", "yes that is right", "i want to cancel",
            "Hola, quiero cambiar mi cita.", "Buenas tardes, ¿puede cambiar mi cita al viernes?",
            "Hola, soy Marta y quiero cancelar la cita.", "hola estoy conduciendo", "Hola, deje de llamarme.",
        ])
    func sentences(text: String) { #expect(!AnswerWords.isGreeting(text)) }

    @Test(
        "or not, whoever says hello is a person",
        arguments: [
            "Hello, this is Peter.", "Hello, I want to cancel.", "hi, can you move my appointment to Friday",
            "Hola, quiero cambiar mi cita.",
        ])
    func people(text: String) { #expect(AnswerWords.answerer(text) == .person) }

    @Test(
        "that come late are answered by the greeting under way, and a wish that comes with them by the dialogue",
        arguments: [("hello this is peter", false), ("hello i want to cancel my appointment", true)])
    func pickup(words: String, isHeard: Bool) {
        var settings = ConversationSettings()
        settings.placed = PlacedCall(machine: .leaveMessage, message: "We are the clinic.", introduction: "The clinic.")
        let greeting =
            "This is the clinic's assistant, which calls about an appointment. Press nine to be called no more."
        var line = VirtualLine(settings: settings) { input in
            if case .callerSaid = input { [.say("I see.")] } else { [.say(greeting)] }
        }
        line.start()
        // The agent has begun to greet when the words are known.
        line.recognitionDelay = 2200
        line.run(milliseconds: 300)
        line.speak(words, for: 1200)
        line.run(milliseconds: 6000)
        #expect(line.verdicts == [.person])
        #expect(line.said.contains { $0.text == "I see." } == isHeard)
        #expect(line.faults == [])
    }
}
