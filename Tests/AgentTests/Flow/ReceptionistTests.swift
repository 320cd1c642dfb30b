import Agent
import Testing

@Suite("The receptionist")
struct ReceptionistTests {
    let calendar = FakeCalendar()

    private func call() async throws -> Conversation {
        let conversation = Conversation(try Fixtures.agent("receptionist"), tools: calendar.tools)
        let greeting = try await conversation.start()
        #expect(greeting.text.hasSuffix("How can I help you?"))
        #expect(greeting.expectation == Expectation(kind: .open, context: "menu"))
        return conversation
    }

    private func add(_ id: String, _ date: String, _ time: String) async {
        await calendar.add(.init(id: id, name: "Maria Jones", date: date, time: time))
    }

    @Test("books straight through, one answer at a time")
    func bookingStepByStep() async throws {
        let caller = try await call()
        var reply = try await caller.say("hello i'd like to book an appointment")
        #expect(reply.understanding?.intent == "book_appointment")
        #expect(reply.expectation == Expectation(kind: .date, context: "date"))
        reply = try await caller.say("next tuesday please")
        #expect(reply.understanding?.entities == ["date": "2026-12-01"])
        #expect(reply.calls.first?.arguments == ["date": "2026-12-01"])
        #expect(reply.expectation == Expectation(kind: .time, context: "time"))
        reply = try await caller.say("half past ten")
        #expect(reply.expectation == Expectation(kind: .name, context: "name"))
        reply = try await caller.say("my name is maria jones")
        #expect(
            reply.text == "So that is Tuesday the first of December at half past ten, for Maria Jones. Shall I book it?"
        )
        #expect(reply.expectation == Expectation(kind: .yesNo, context: "confirm"))
        #expect(await calendar.appointments.isEmpty)
        reply = try await caller.say("yes please")
        #expect(reply.text.hasPrefix("Your appointment is booked: Tuesday the first of December at half past ten."))
        #expect(
            await calendar.appointments == [.init(id: "a1", name: "Maria Jones", date: "2026-12-01", time: "10:30")])
        #expect(await calendar.keys["calendar_book"] == ["c1/5/calendar_book"])
        reply = try await caller.say("no thank you that's all")
        #expect(reply.hangsUp)
        #expect(try await caller.say("hello").outputs.isEmpty)
    }

    @Test(
        "books from one sentence, also when words are lost",
        arguments: [
            "this is maria jones can you book me for next tuesday at half past ten",
            "book me next tuesday half past ten maria jones",
            "my name is maria jones and i'd like to book an appointment for the first of december at ten thirty",
        ])
    func bookingInOne(sentence: String) async throws {
        let caller = try await call()
        let reply = try await caller.say(sentence)
        #expect(
            reply.text.contains("Tuesday the first of December at half past ten, for Maria Jones."), "\(reply.text)")
        try await caller.say("that's right")
        #expect(
            await calendar.appointments == [.init(id: "a1", name: "Maria Jones", date: "2026-12-01", time: "10:30")])
    }

    @Test("takes corrections at any time and reads back again")
    func corrections() async throws {
        let caller = try await call()
        try await caller.say("book me for next tuesday at half past ten")
        var reply = try await caller.say("no i said thursday")
        #expect(reply.understanding?.intent == "correction")
        #expect(reply.calls.first?.arguments == ["date": "2026-11-26"])
        try await caller.say("maria jones")
        reply = try await caller.say("actually make it eleven")
        #expect(reply.text.contains("Thursday the twenty sixth of November at eleven o'clock"))
        #expect(reply.tools.isEmpty)
        reply = try await caller.say("no not maria jones john brown")
        #expect(reply.text.contains("for John Brown"))
        reply = try await caller.say("no the time is wrong")
        #expect(reply.expectation?.context == "time")
        try await caller.say("at nine")
        try await caller.say("yes")
        #expect(await calendar.appointments == [.init(id: "a1", name: "John Brown", date: "2026-11-26", time: "09:00")])
    }

    @Test("asks what to change after a plain no, and drops it after a second one")
    func refusal() async throws {
        let caller = try await call()
        try await caller.say("book me for friday at nine my name is maria jones")
        var reply = try await caller.say("no")
        #expect(reply.text == "What should I change: the day, the time or the name?")
        reply = try await caller.say("no")
        #expect(reply.text.hasPrefix("All right, I have not booked anything."))
        #expect(await calendar.appointments.isEmpty)
    }

    @Test("answers a question in the middle of a booking and goes on where it was")
    func digression() async throws {
        let caller = try await call()
        try await caller.say("i need an appointment for friday")
        let reply = try await caller.say("when are you open")
        #expect(reply.text.hasPrefix("We are open Monday to Friday"))
        #expect(reply.expectation?.context == "time")
        #expect(reply.tools.isEmpty)
        let next = try await caller.say("at nine")
        #expect(next.expectation?.context == "name")
    }

    @Test("offers what is free when the time is taken, and takes a choice by its place")
    func taken() async throws {
        await calendar.take(["10:30"], on: "2026-12-01")
        let caller = try await call()
        var reply = try await caller.say("book me for next tuesday at half past ten")
        #expect(reply.text.contains("I could offer you half past nine, ten o'clock or eleven o'clock."))
        #expect(reply.expectation?.context == "time")
        reply = try await caller.say("the last one please")
        #expect(reply.expectation?.context == "name")
        try await caller.say("maria jones")
        try await caller.say("yes")
        #expect(await calendar.appointments.first?.time == "11:00")
    }

    @Test("finds another day when one is full")
    func fullDay() async throws {
        await calendar.fill("2026-11-27")
        let caller = try await call()
        let reply = try await caller.say("book me for friday")
        #expect(reply.text.hasPrefix("I am sorry, nothing is free on Friday the twenty seventh of November."))
        #expect(reply.expectation?.context == "date")
    }

    @Test("tries again when somebody else was quicker, and claims nothing")
    func conflict() async throws {
        await calendar.fail("calendar_book", with: .conflict)
        let caller = try await call()
        try await caller.say("book me for friday at nine my name is maria jones")
        let reply = try await caller.say("yes")
        #expect(reply.text.contains("somebody else has just taken that time"))
        #expect(!reply.text.contains("is booked"))
        #expect(reply.expectation?.context == "time")
        #expect(reply.tools == ["calendar_book", "calendar_find_slots"])
        await calendar.fail("calendar_book", with: nil)
        try await caller.say("eleven")
        let done = try await caller.say("yes")
        #expect(done.text.contains("is booked"))
        #expect(await calendar.appointments.map(\.time) == ["11:00"])
    }

    @Test("a day on which the clinic is closed is told as that, and another day is asked for")
    func closedDay() async throws {
        let caller = try await call()
        await calendar.fail("calendar_find_slots", with: .invalidArguments)
        let reply = try await caller.say("i'd like to book an appointment for saturday")
        #expect(reply.text.contains("we are closed on Saturday the twenty eighth of November"))
        #expect(reply.expectation?.context == "date")
        await calendar.fail("calendar_find_slots", with: nil)
        #expect(try await caller.say("then monday").expectation?.context == "time")
    }

    @Test("says so when a tool fails, whichever it is", arguments: ["calendar_find_slots", "calendar_book"])
    func toolFailure(tool: String) async throws {
        await calendar.fail(tool, with: .unavailable)
        let caller = try await call()
        var reply = try await caller.say("book me for friday at nine my name is maria jones")
        if tool == "calendar_book" { reply = try await caller.say("yes") }
        #expect(reply.text.contains("I cannot reach our calendar at the moment"))
        #expect(!reply.text.contains("is booked"))
        #expect(await calendar.appointments.isEmpty)
        #expect(reply.expectation?.context == "more")
    }

    @Test("hands over when it cannot tell whether a booking went through")
    func unsure() async throws {
        await calendar.fail("calendar_book", with: .deadlineExceeded)
        let caller = try await call()
        try await caller.say("book me for friday at nine my name is maria jones")
        let reply = try await caller.say("yes")
        #expect(reply.text.contains("I cannot tell whether that went through"))
        #expect(reply.transfer == "reception")
    }

    @Test("asks again, says what can be said, then gets a person")
    func outOfTask() async throws {
        let caller = try await call()
        var reply = try await caller.say("the stock market is falling again", confidence: 0.8)
        #expect(reply.understanding?.intent == "none")
        #expect(reply.text.hasPrefix("Sorry, I did not catch that."))
        reply = try await caller.send(.callerNotUnderstood)
        #expect(reply.text.contains("You can say: book an appointment"))
        reply = try await caller.say("my neighbour plays the trumpet", confidence: 0.8)
        #expect(reply.transfer == "reception")
        #expect(await calendar.keys.isEmpty)
    }

    @Test("does not act on what it hardly heard")
    func lowConfidence() async throws {
        let caller = try await call()
        try await caller.say("book me for friday at nine my name is maria jones")
        let reply = try await caller.say("yes", confidence: 0.3)
        #expect(reply.understanding?.intent == "none")
        #expect(reply.tools.isEmpty)
        #expect(reply.expectation?.context == "confirm")
        #expect(await calendar.appointments.isEmpty)
    }

    @Test("never acts on foreign words, whatever it waits for")
    func foreignWordsEverywhere() async throws {
        let foreign = [
            "the soup was far too salty again", "who is going to feed the parrot", "she bought a green umbrella",
            "two trains leave at the same time", "my aunt lives near the river",
        ]
        for step in 0..<4 {
            for sentence in foreign {
                let caller = try await call()
                for line in ["i'd like to book an appointment", "friday", "at nine", "maria jones"].prefix(step) {
                    try await caller.say(line)
                }
                let reply = try await caller.say(sentence, confidence: 0.7)
                // An answer without a value is as good as none: nothing is done on it.
                #expect(
                    ["none", "inform"].contains(reply.understanding?.intent),
                    "\(sentence) after \(step) answers: \(reply.understanding as Any)")
                #expect(reply.understanding?.entities.isEmpty == true, "\(sentence): \(reply.understanding as Any)")
                #expect(reply.tools.isEmpty)
            }
        }
        #expect(await calendar.appointments.isEmpty)
    }

    @Test("cancels after a read-back, and keeps what the caller keeps")
    func cancel() async throws {
        await add("x1", "2026-11-26", "09:30")
        let caller = try await call()
        try await caller.say("i need to cancel my appointment")
        var reply = try await caller.say("maria jones")
        #expect(
            reply.text
                == "Your appointment on Thursday the twenty sixth of November at half past nine: shall I cancel it?")
        reply = try await caller.say("no don't do that")
        #expect(reply.text.contains("stays as it is"))
        #expect(await calendar.appointments.count == 1)
        try await caller.say("cancel my appointment")
        reply = try await caller.say("yes cancel it please")
        #expect(reply.tools == ["calendar_cancel"])
        #expect(await calendar.appointments.isEmpty)
    }

    @Test(
        "asks which appointment is meant when there are several",
        arguments: [("the second one", "x1"), ("the one on friday", "x1"), ("thursday", "x2"), ("the first one", "x2")])
    func several(answer: String, remaining: String) async throws {
        await add("x1", "2026-11-26", "09:30")
        await add("x2", "2026-11-27", "14:00")
        let caller = try await call()
        try await caller.say("cancel my appointment")
        var reply = try await caller.say("maria jones")
        #expect(
            reply.text.contains(
                "You have several appointments: Thursday the twenty sixth of November at half past nine or Friday"))
        reply = try await caller.say(answer)
        #expect(reply.expectation?.context == "confirm")
        try await caller.say("yes")
        #expect(await calendar.appointments.map(\.id) == [remaining])
    }

    @Test("moves an appointment, both days in one sentence")
    func move() async throws {
        await add("x1", "2026-11-26", "09:30")
        await add("x2", "2026-11-30", "11:00")
        let caller = try await call()
        try await caller.say("i'd like to move my appointment from thursday to friday at two")
        let reply = try await caller.say("maria jones")
        #expect(
            reply.text.hasSuffix(
                "So I move your appointment from Thursday the twenty sixth of November to Friday the twenty seventh of November at two o'clock. Shall I do that?"
            ))
        let done = try await caller.say("yes that would be great")
        #expect(done.calls.first?.arguments == ["id": "x1", "date": "2026-11-27", "time": "14:00"])
        #expect(await calendar.appointments.first?.date == "2026-11-27")
    }

    @Test("says when there is no appointment under a name")
    func unknownName() async throws {
        let caller = try await call()
        try await caller.say("cancel my appointment")
        let reply = try await caller.say("maria jones")
        #expect(reply.text.contains("I cannot find an appointment under the name Maria Jones."))
    }

    @Test("takes a message: name in two halves, number by keys")
    func message() async throws {
        let caller = try await call()
        try await caller.say("can someone call me back")
        #expect(try await caller.say("peter").text == "And your last name?")
        var reply = try await caller.say("parker")
        #expect(reply.expectation == Expectation(kind: .digits, context: "phone", longestKeys: 15))
        reply = try await caller.say("five five five oh")
        #expect(reply.text.hasPrefix("That does not look like a whole phone number."))
        reply = try await caller.send(.keysPressed("5550123"))
        #expect(reply.text == "Peter Parker, on five five five, oh one two three. Is that right?")
        try await caller.send(.keysPressed("1"))
        #expect(
            await calendar.messages == [
                ["name": "Peter Parker", "phone": "5550123", "text": "Asked to be called back."]
            ])
    }

    @Test("a number typed once more over its read-back is no miss, and another one replaces it")
    func retyping() async throws {
        let caller = try await call()
        try await caller.say("can someone call me back")
        try await caller.say("peter parker")
        try await caller.send(.keysPressed("5550123"))
        for _ in 0..<4 {
            let reply = try await caller.send(.keysPressed("5550123"))
            #expect(reply.text.contains("five five five, oh one two three"), "\(reply.text)")
            #expect(reply.expectation?.kind == .yesNo)
        }
        let reply = try await caller.send(.keysPressed("5550199"))
        #expect(reply.text.contains("five five five, oh one nine nine"), "\(reply.text)")
        try await caller.send(.keysPressed("1"))
        #expect(await calendar.messages.map { $0["phone"] } == ["5550199"])
    }

    @Test("thanks are a goodbye where the agent asks whether that was all, and nowhere else")
    func thanks() async throws {
        var caller = try await call()
        var reply = try await caller.say("thank you")
        #expect(reply.understanding?.intent == "thanks")
        #expect(!reply.hangsUp && reply.expectation?.context == "menu")
        try await caller.say("book me for next tuesday at half past ten")
        reply = try await caller.say("thanks a lot")
        #expect(!reply.hangsUp && reply.expectation?.context == "name", "\(reply.text)")

        caller = try await call()
        try await caller.say("can someone call me back")
        try await caller.say("peter parker")
        try await caller.send(.keysPressed("5550123"))
        reply = try await caller.send(.keysPressed("1"))
        #expect(reply.expectation?.context == "more")
        #expect(try await caller.say("thank you very much").hangsUp)
    }

    @Test(
        "a wrong number is no failure: the agent is sorry and ends the call",
        arguments: ["sorry wrong number", "oh i think i have the wrong number", "i must have dialed the wrong number"])
    func wrongNumber(words: String) async throws {
        let reply = try await call().say(words)
        #expect(reply.understanding?.intent == "wrong_number")
        #expect(reply.text.contains("sorry") && reply.hangsUp)
        #expect(reply.transfer == nil)
    }

    @Test("changes the task when the caller does")
    func changeOfTask() async throws {
        await add("x1", "2026-11-26", "09:30")
        let caller = try await call()
        try await caller.say("i'd like to book an appointment")
        var reply = try await caller.say("i need to cancel my appointment")
        #expect(reply.expectation?.context == "name")
        reply = try await caller.say("maria jones")
        #expect(reply.text.contains("shall I cancel it?"))
    }

    @Test("repeats, helps, hands over and says goodbye")
    func smallTalk() async throws {
        let caller = try await call()
        try await caller.say("book an appointment")
        #expect(try await caller.say("sorry could you repeat that").text == "Which day would suit you?")
        #expect(try await caller.say("what can i say").text.contains("I can book, move or cancel an appointment"))
        #expect(try await caller.say("can i speak to a person").transfer == "reception")
        #expect(try await call().say("thank you goodbye").hangsUp)
        #expect(try await call().send(.keysPressed("0")).transfer == "reception")
    }

    @Test("asks a silent caller twice and hangs up")
    func silence() async throws {
        let caller = try await call()
        #expect(try await caller.send(.callerSilent(count: 1)).text == "Are you still there? How can I help you?")
        #expect(try await caller.send(.callerSilent(count: 2)).text == "I am still here. How can I help you?")
        #expect(try await caller.send(.callerSilent(count: 3)).hangsUp)
    }

    @Test("asks again for a yes to a read-back that was cut before its substance")
    func cutReadBack() async throws {
        let caller = try await call()
        try await caller.say("book me for friday at nine my name is maria jones")
        await caller.dialogue.cutLastReply(toHeard: "So that is")
        let again = try await caller.say("yes")
        #expect(again.tools.isEmpty)
        #expect(again.expectation?.context == "confirm")
        let done = try await caller.say("yes")
        #expect(done.tools == ["calendar_book"])
    }
}
