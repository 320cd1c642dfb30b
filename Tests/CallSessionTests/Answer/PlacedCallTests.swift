import Agent
import CallSession
import Foundation
import Speech
import Telephony
import Testing

@Suite("Calls that we placed, from the answer to the first exchange")
struct PlacedCallTests {
    private static let greeting = "This is the clinic's assistant. Press nine to be called no more."
    private static let message = "This is the clinic. Please call us back."
    private static let introduction = "The clinic, about an appointment."
    private static let voicemail = "hi you have reached anna please leave a message after the beep"

    private func line(_ machine: PlacedCall.MachinePolicy = .leaveMessage) -> VirtualLine {
        var settings = ConversationSettings()
        settings.placed = PlacedCall(machine: machine, message: Self.message, introduction: Self.introduction)
        var line = VirtualLine(settings: settings) { input in
            switch input {
            case .callStarted: [.say(Self.greeting)]
            case .callerSaid(let turn) where turn.text.contains("press"): [.press("2")]
            case .callerSaid(let turn) where turn.text.contains("or say"): [.say("Appointments.")]
            default: [.say("I see.")]
            }
        }
        line.start()
        return line
    }

    private func check(_ line: VirtualLine) throws {
        #expect(line.faults == [])
        #expect(try line.firstDivergence() == nil)
    }

    /// From `end` to the first sample of the agent, in samples.
    private func response(_ line: VirtualLine, after end: Int) -> Int? {
        line.log.first { entry in
            if case .playoutStarted = entry.event { entry.at >= end } else { false }
        }.map { $0.at - end }
    }

    // MARK: People

    @Test(
        "a person is greeted once, within two seconds of the end of what they say, whatever of it is recognized",
        arguments: [
            ("hello", 400), ("hi this is anna", 900), (nil, 600),
            ("thank you for calling lakeside plumbing this is mark how can i help you", 3800), ("miller", 500),
        ] as [(String?, Int)])
    func person(words: String?, length: Int) throws {
        var line = line()
        line.run(milliseconds: 600)
        let end = line.now + length * 8
        line.speak(words, for: length)
        line.run(milliseconds: 6000)
        #expect(try #require(response(line, after: end)) <= 16_000)
        #expect(line.said.map(\.text) == [Self.greeting])
        #expect(line.inputs == [.callStarted(CallFacts(callID: ""))])
        #expect(line.verdicts == [.person])
        #expect(line.callerTurns.map(\.text) == (words.map { [$0] } ?? []))
        try check(line)
    }

    @Test("a name that the recognizer does not know is a greeting all the same")
    func unknownName() throws {
        var line = line()
        line.run(milliseconds: 400)
        line.speak("mxyzptlk", for: 600, outOfTask: true)
        line.run(milliseconds: 4000)
        #expect(line.said.map(\.text) == [Self.greeting])
        try check(line)
    }

    @Test("whoever says nothing is greeted after a while, and is then a person like any other")
    func silent() throws {
        var line = line()
        line.run(milliseconds: 1400)
        #expect(line.said.map(\.text) == [Self.greeting])
        line.run(milliseconds: 6000)
        line.speak("yes", for: 400)
        line.run(milliseconds: 2000)
        #expect(line.said.last?.text == "I see.")
        // In a conversation these words are anybody's.
        line.run(milliseconds: 2000)
        line.speak("you can leave a message with my wife after the beep", for: 3000)
        line.deliver(.lineTone(.beep))
        line.deliver(.carrierAnswered("machine_start"))
        line.run(milliseconds: 4000)
        #expect(line.hangUps.isEmpty)
        #expect(line.verdicts == [.person])
        try check(line)
    }

    @Test("words that are more than a hello are answered, also when they come late")
    func lateWords() throws {
        var line = line()
        line.recognitionDelay = 2200
        line.run(milliseconds: 300)
        line.speak("please stop calling me", for: 1200)
        line.run(milliseconds: 6000)
        #expect(line.said.map(\.text) == [Self.greeting, "I see."])
        #expect(
            line.inputs.last == .callerSaid(CallerTurn(number: 1, text: "please stop calling me", confidence: 0.9)))
        try check(line)
    }

    @Test("a late hello is not answered a second time")
    func lateHello() throws {
        var line = line()
        line.recognitionDelay = 2200
        line.run(milliseconds: 300)
        line.speak("hello", for: 500)
        line.run(milliseconds: 6000)
        #expect(line.said.map(\.text) == [Self.greeting])
        #expect(line.callerTurns.map(\.text) == ["hello"])
        try check(line)
    }

    @Test("key 9 goes to the dialogue before anything is said; any other key brings the greeting")
    func keys() throws {
        var optingOut = line()
        optingOut.run(milliseconds: 100)
        optingOut.deliver(.keyPressed("9"))
        #expect(optingOut.inputs == [.keysPressed("9")])
        #expect(optingOut.verdicts == [.person])
        try check(optingOut)
        var other = line()
        other.run(milliseconds: 100)
        other.deliver(.keyPressed("5"))
        other.run(milliseconds: 500)
        #expect(other.said.map(\.text) == [Self.greeting])
        try check(other)
    }

    // MARK: Machines

    @Test("the message is left once, after the beep and never before, and then the call ends")
    func message() throws {
        var line = line()
        line.run(milliseconds: 500)
        line.speak(Self.voicemail, for: 5000)
        line.run(milliseconds: 1500)
        #expect(line.said.isEmpty)
        let beep = line.now
        line.deliver(.lineTone(.beep))
        line.run(milliseconds: 12_000)
        #expect(line.said.map(\.text) == [Self.message])
        #expect(try #require(line.said.first).at >= beep)
        #expect(line.notes.contains(.messageLeft))
        #expect(line.hangUps == ["message left"])
        #expect(line.inputs.isEmpty)
        try check(line)
    }

    @Test("a machine without a beep gets the message when it has been silent for a while")
    func noBeep() throws {
        var line = line()
        line.run(milliseconds: 500)
        line.speak(Self.voicemail, for: 5000)
        let end = line.now
        line.run(milliseconds: 2500)
        #expect(line.said.isEmpty)
        line.run(milliseconds: 8000)
        #expect(line.said.map(\.text) == [Self.message])
        #expect(line.said[0].at - end <= 8 * 3200)
        #expect(line.hangUps == ["message left"])
        try check(line)
    }

    @Test("a recording that is known by its length alone, or by the carrier, gets the message too")
    func weakEvidence() throws {
        var long = line()
        long.run(milliseconds: 200)
        long.speak(nil, for: 9000)
        long.run(milliseconds: 300)
        #expect(long.verdicts == [.machine])
        long.deliver(.lineTone(.beep))
        long.run(milliseconds: 8000)
        #expect(long.hangUps == ["message left"])
        try check(long)
        var told = line()
        told.run(milliseconds: 200)
        told.deliver(.carrierAnswered("machine_start"))
        told.speak(nil, for: 2000)
        told.deliver(.lineTone(.beep))
        told.run(milliseconds: 8000)
        #expect(told.said.map(\.text) == [Self.message])
        try check(told)
    }

    @Test("a full mailbox gets nothing")
    func full() throws {
        var line = line()
        line.run(milliseconds: 200)
        line.speak("the mailbox is full and cannot accept any messages goodbye", for: 4000)
        line.run(milliseconds: 6000)
        #expect(line.said.isEmpty)
        #expect(line.hangUps == ["voicemail"])
        try check(line)
    }

    @Test("the agent that began to greet a machine stops, waits for the beep, and leaves the message")
    func greetedMachine() throws {
        var line = line()
        line.run(milliseconds: 1500)
        #expect(line.said.map(\.text) == [Self.greeting])
        line.speak(Self.voicemail, for: 4000)
        line.run(milliseconds: 400)
        #expect(line.verdicts == [.machine])
        #expect(line.actions.contains { $0.action == .clearPlayout(generation: 1) })
        line.deliver(.lineTone(.beep))
        line.run(milliseconds: 10_000)
        #expect(line.said.map(\.text) == [Self.greeting, Self.message])
        #expect(line.hangUps == ["message left"])
        try check(line)
    }

    @Test("where machines are hung up on, words and beeps are enough, and length and the carrier's word are not")
    func hangUp() throws {
        var words = line(.hangUp)
        words.run(milliseconds: 200)
        words.speak(Self.voicemail, for: 5000)
        words.run(milliseconds: 900)
        #expect(words.hangUps == ["voicemail"])
        #expect(words.said.isEmpty)
        try check(words)
        var beep = line(.hangUp)
        beep.run(milliseconds: 200)
        beep.deliver(.lineTone(.beep))
        #expect(beep.hangUps == ["voicemail"])
        try check(beep)
        var talker = line(.hangUp)
        talker.run(milliseconds: 200)
        talker.deliver(.carrierAnswered("machine_start"))
        #expect(talker.hangUps.isEmpty)
        talker.speak("hello this is anna", for: 1200)
        talker.run(milliseconds: 3000)
        #expect(talker.said.map(\.text) == [Self.greeting])
        #expect(talker.verdicts == [.machine, .person])
        try check(talker)
    }

    @Test("a short recording whose words are still being settled is not greeted for its length")
    func shortRecording() throws {
        var line = line(.hangUp)
        line.recognitionDelay = 320
        line.run(milliseconds: 200)
        line.speak("please leave a message after the beep", for: 1500)
        line.run(milliseconds: 3000)
        #expect(line.verdicts == [.machine])
        #expect(line.said.isEmpty)
        #expect(line.hangUps == ["voicemail"])
        try check(line)
    }

    @Test("where the agent talks to machines, it does once they have finished")
    func talk() throws {
        var line = line(.talk)
        line.run(milliseconds: 200)
        line.speak(Self.voicemail, for: 5000)
        #expect(line.said.isEmpty)
        line.run(milliseconds: 3000)
        #expect(line.said.map(\.text) == [Self.greeting])
        #expect(line.hangUps.isEmpty)
        try check(line)
    }

    @Test("whoever picks up while the beep is waited for, or the message is left, is greeted")
    func pickedUp() throws {
        var waiting = line()
        waiting.run(milliseconds: 200)
        waiting.speak(Self.voicemail, for: 5000)
        waiting.run(milliseconds: 900)
        waiting.speak("hello", for: 400)
        waiting.run(milliseconds: 4000)
        #expect(waiting.verdicts == [.machine, .person])
        #expect(waiting.said.map(\.text) == [Self.greeting])
        try check(waiting)
        var leaving = line()
        leaving.run(milliseconds: 200)
        leaving.speak(Self.voicemail, for: 5000)
        leaving.run(milliseconds: 900)
        leaving.deliver(.lineTone(.beep))
        leaving.run(milliseconds: 1000)
        #expect(leaving.isAgentAudible)
        leaving.speak("hello", for: 400)
        leaving.run(milliseconds: 4000)
        #expect(leaving.said.map(\.text) == [Self.message, Self.greeting])
        #expect(!leaving.notes.contains(.messageLeft))
        #expect(leaving.hangUps.isEmpty)
        try check(leaving)
    }

    @Test("a fax is let go at once")
    func fax() throws {
        var line = line()
        line.run(milliseconds: 300)
        line.deliver(.lineTone(.fax))
        #expect(line.hangUps == ["fax"])
        line.run(milliseconds: 500)
        #expect(line.said.isEmpty)
        try check(line)
    }

    // MARK: Assistants and menus

    @Test("an assistant is told who calls and why when it has asked, and the person it fetches is greeted")
    func screening() throws {
        var line = line()
        line.run(milliseconds: 300)
        line.speak("please state your name and the reason for your call", for: 2500)
        let end = line.now
        line.run(milliseconds: 4000)
        #expect(line.said.map(\.text) == [Self.introduction])
        #expect(line.said[0].at - end <= 16_000)
        line.speak("thank you please stay on the line", for: 1500)
        line.run(milliseconds: 9000)
        #expect(line.said.count == 1)
        line.speak("hello", for: 400)
        line.run(milliseconds: 4000)
        #expect(line.verdicts == [.screening, .person])
        #expect(line.said.map(\.text) == [Self.introduction, Self.greeting])
        try check(line)
    }

    @Test("words of the question that come after the answer to it are no second question")
    func lateQuestion() throws {
        var line = line()
        line.recognitionDelay = 900
        line.run(milliseconds: 300)
        line.speak("please state your name and the reason for your call", for: 2500)
        line.run(milliseconds: 8000)
        #expect(line.said.map(\.text) == [Self.introduction])
        #expect(line.agentTurns.map(\.wasInterrupted) == [false])
        try check(line)
    }

    @Test("what is said when a telephone is picked up is listened for until a person has")
    func contexts() throws {
        var line = line()
        line.run(milliseconds: 300)
        line.speak("hello", for: 400)
        line.run(milliseconds: 6000)
        line.speak("yes", for: 400)
        line.run(milliseconds: 1000)
        let contexts = line.actions.compactMap {
            if case .startRecognition(_, let context) = $0.action { context } else { nil }
        }
        #expect(contexts == [AnswerLanguage.context, ""])
    }

    @Test("the embedded recognizer's dictionary has every word of it")
    func dictionary() throws {
        let file = PocketSphinxConfiguration(cache: FileManager.default.temporaryDirectory).models.appending(
            path: "cmudict-en-us.dict")
        let known = Set(
            try String(contentsOf: file, encoding: .utf8).split(separator: "\n").compactMap {
                $0.split(separator: " ").first.map(String.init)
            })
        let sentences = AnswerLanguage.sentences + ConsentLanguage.sentences
        let words = Set(sentences.flatMap { $0.split(separator: " ").map(String.init) })
        #expect(words.subtracting(known) == [])
    }

    @Test("a person whom an assistant fetched is greeted also when their hello is understood late")
    func slowEars() throws {
        var line = line()
        line.run(milliseconds: 300)
        line.speak("please state your name and the reason for your call", for: 2500)
        line.run(milliseconds: 5000)
        line.recognitionDelay = 2300
        line.speak(nil, for: 500)
        line.run(milliseconds: 1000)
        #expect(line.said.count == 1)
        line.deliver(.transcript(Transcript(utterance: UtteranceID(2), text: "hello", confidence: 0.9)))
        line.run(milliseconds: 4000)
        #expect(line.verdicts == [.screening, .person])
        #expect(line.said.map(\.text) == [Self.introduction, Self.greeting])
        try check(line)
    }

    @Test("an assistant that asks again and again, or fetches nobody, is let go")
    func fruitless() throws {
        var asking = line()
        asking.run(milliseconds: 300)
        for _ in 0..<5 where asking.hangUps.isEmpty {
            asking.speak("please say your name", for: 1200)
            asking.run(milliseconds: 5000)
        }
        #expect(asking.said.map(\.text) == Array(repeating: Self.introduction, count: 3))
        #expect(asking.hangUps == ["screened"])
        try check(asking)
        var waiting = line()
        waiting.speak("please say your name", for: 1200)
        waiting.run(milliseconds: 100_000)
        #expect(waiting.hangUps == ["screened"])
        try check(waiting)
    }

    @Test("the dialogue presses keys for a menu, and greets whoever comes to the line")
    func menu() throws {
        var line = line()
        line.run(milliseconds: 300)
        line.speak("for billing press one for appointments press two", for: 3500)
        line.run(milliseconds: 2000)
        #expect(line.pressed == ["2"])
        #expect(line.said.isEmpty)
        line.run(milliseconds: 9000)
        line.speak("hello", for: 400)
        line.run(milliseconds: 4000)
        #expect(line.verdicts == [.menu, .person])
        #expect(line.said.map(\.text) == [Self.greeting])
        try check(line)
    }

    @Test("a menu that takes words is told one, and the same again leads on")
    func spokenMenu() throws {
        var line = line()
        line.run(milliseconds: 300)
        line.speak("main menu you can say billing or say appointments", for: 4000)
        line.run(milliseconds: 4000)
        #expect(line.pressed.isEmpty)
        #expect(line.said.map(\.text) == ["Appointments."])
        line.run(milliseconds: 6000)
        line.speak("hello", for: 400)
        line.run(milliseconds: 4000)
        #expect(line.verdicts == [.menu, .person])
        #expect(line.said.map(\.text) == ["Appointments.", Self.greeting])
        try check(line)
    }

    @Test("a menu that comes again and again is left")
    func circle() throws {
        var line = line()
        line.run(milliseconds: 300)
        for _ in 0..<5 where line.hangUps.isEmpty {
            line.speak("for billing press one for appointments press two", for: 3500)
            line.run(milliseconds: 2000)
        }
        #expect(line.pressed == ["2", "2"])
        #expect(line.hangUps == ["menu"])
        #expect(line.incidents == ["menu"])
        try check(line)
    }

    // MARK: The carrier

    @Test("the carrier's word counts for more than lengths and for less than words")
    func carrier() throws {
        var human = line()
        human.run(milliseconds: 200)
        human.deliver(.carrierAnswered("human"))
        human.run(milliseconds: 200)
        #expect(human.said.map(\.text) == [Self.greeting])
        try check(human)
        var hello = line()
        hello.run(milliseconds: 200)
        hello.speak("hello", for: 400)
        hello.run(milliseconds: 800)
        hello.deliver(.carrierAnswered("machine_start"))
        hello.run(milliseconds: 3000)
        #expect(hello.verdicts == [.person])
        #expect(hello.hangUps.isEmpty)
        try check(hello)
        var unknown = line()
        unknown.deliver(.carrierAnswered("unknown"))
        #expect(unknown.verdicts.isEmpty)
        try check(unknown)
    }

    @Test("a call that was taken begins with the greeting and finds nothing out")
    func taken() throws {
        var line = VirtualLine { _ in [.say(Self.greeting)] }
        line.start()
        #expect(!line.conversation.isFindingOut)
        line.deliver(.lineTone(.beep))
        line.deliver(.carrierAnswered("machine_start"))
        line.run(milliseconds: 200)
        #expect(line.verdicts.isEmpty)
        #expect(line.said.map(\.text) == [Self.greeting])
        try check(line)
    }
}
