@testable import CallSession

/// What is said when a telephone is picked up, by who or what says it: 130 greetings.
enum Greetings {
    static let person = [
        "Hello?", "Hello.", "Hi.", "Yes?", "Hey.", "Speaking.", "Hello, who is this?", "Good morning.",
        "Anna speaking.",
        "Hi, this is Anna.", "Hello, this is Peter Miller.", "Good afternoon, Miller residence.", "Yes, hello?",
        "Hello, Anna here.", "This is John.", "Hello, who's calling please?", "Yeah?", "Hi there.",
        "Hello, Smith family.",
        "Good evening.", "Peter Miller speaking.", "Hello, can I help you?", "Yes, this is she.", "Hello, hello?",
        "Lakeside Plumbing, Mark speaking.", "Good morning, Lakeside Clinic, how can I help you?",
        "Thank you for calling Lakeside Plumbing, this is Mark, how can I help you?",
        "Front desk, this is Julia speaking, how may I help you?", "Law office of Baker and Stone, good morning.",
        "Accounting, Susan speaking.", "Hello? Is anyone there?", "Hi, just a second please.", "Miller.",
        "Dispatch, go ahead.", "Good morning, this is the Lakeside Library.", "Hello, you are on speaker.",
        "Yes, who is speaking?", "Hey, what's up?", "Garage, Tom here.", "Hello, what can I do for you?",
    ]

    static let machine = [
        "Hi, you've reached Anna. I can't come to the phone right now. Please leave a message after the beep.",
        "You have reached the voicemail box of Peter Miller. Please leave a message after the tone.",
        "The person you are calling is not available. Please record your message after the tone.",
        "Hello, this is John. I'm unable to take your call right now, so leave your name and number and I'll call you back.",
        "Your call has been forwarded to an automated voice message system. The number you have dialed is not available. At the tone, please record your message.",
        "Hi, this is Julia. Leave me a message and I'll get back to you as soon as I can. Thanks.",
        "Thank you for calling Lakeside Clinic. Our office is closed. Our office hours are Monday to Friday from eight to five. Please leave a message.",
        "Hello. We are not at home at the moment. Please leave your message after the beep and we will return your call.",
        "Hey, it's Mark. You know what to do. Leave a message after the beep.",
        "You've reached the Smith family. We can't take your call just now. Please leave your name, your number and a short message.",
        "The mailbox is full and cannot accept any messages at this time. Goodbye.",
        "Please leave your message for five five five zero one zero zero. Record your message after the tone.",
        "Sorry I missed your call. Leave a message and I will call you back when I am out of my meeting.",
        "Welcome to the voicemail of Susan Baker, account manager. I am out of the office this week. Please leave a message.",
    ]

    static let screening = [
        "Hi, the person you're calling is using a screening service from Google. Go ahead and say your name and why you're calling.",
        "Please state your name and the reason for your call.", "Before I connect you, may I ask who is calling?",
        "Hello, please say your name and reason for calling, and I will see if this person is available.",
        "If you record your name and reason for calling, I'll see if this person is available.",
        "This is the call assist of Peter Miller. Who is calling, please?",
        "Please stay on the line. Say your name, and I will ask whether Anna can talk.",
    ]

    static let menu = [
        "Thank you for calling Lakeside Bank. For English, press one. Para español, oprima el dos.",
        "Welcome to the city hospital. Please listen carefully, as our menu options have changed.",
        "If you know your party's extension, you may dial it at any time. For sales, press one. For support, press two.",
        "Thank you for calling. For billing press one, for technical support press two, or stay for an operator.",
        "You have called the tax office. Please select one of the following options. Press one for forms.",
        "Main menu. To hear your balance, press 1. To speak to an agent, press 0.",
        "Hello and welcome to Lakeside Insurance. To report a claim, say or press one now.",
    ]

    /// With the person's, each machine's in several voices, so that there are as many of either.
    static func all() -> [(text: String, answerer: Answerer, voice: Int)] {
        var result: [(String, Answerer, Int)] = []
        for (index, text) in person.enumerated() { result.append((text, .person, index % 3)) }
        for voice in 0..<3 {
            for text in machine { result.append((text, .machine, voice)) }
        }
        for voice in 0..<2 {
            for text in screening { result.append((text, .screening, voice)) }
            for text in menu { result.append((text, .menu, voice + 1)) }
        }
        for index in 0..<20 { result.append(("", .fax, index)) }
        return result
    }
}
