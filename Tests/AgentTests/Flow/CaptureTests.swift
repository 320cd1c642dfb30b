import Agent
import Foundation
import Networking
import Testing

@Suite("Capture blocks in a flow")
struct CaptureTests {
    /// What the tools were given, in order.
    private final class Till: Sendable {
        private let seen = Lock<[JSONValue]>([])
        private let given = Lock<[String]>([])
        private let failures: Lock<Int>
        private let code: ToolError.Code
        /// - Parameters:
        ///   - failures: calls of `charge` that fail before one succeeds.
        ///   - code: how they fail.
        init(failures: Int = 0, code: ToolError.Code = .unavailable) {
            self.failures = Lock(failures)
            self.code = code
        }

        var calls: [JSONValue] { seen.withLock { $0 } }
        /// The idempotency keys of these calls.
        var keys: [String] { given.withLock { $0 } }

        var tools: [any Tool] {
            ["enrol", "charge"].map { name in
                FakeTool(
                    definition: ToolDefinition(
                        name: name, summary: name, parameters: ["type": "object"], risk: .reversible)
                ) { arguments, context throws(ToolError) in
                    self.seen.withLock { $0.append(arguments) }
                    self.given.withLock { $0.append(context.idempotencyKey) }
                    let fails =
                        name == "charge"
                        && self.failures.withLock { left in
                            defer { left -= 1 }
                            return left > 0
                        }
                    let number = arguments.object?["number"]?.string ?? ""
                    // A processor that echoes what it was sent.
                    if fails { throw ToolError(self.code, tool: name, detail: "declined: \(number) code 123") }
                    return ["note": .string("Paid with 4111 1111 1111 1111."), "ok": true, "code": 123]
                }
            }
        }
    }

    private func conversation(_ till: Till = Till(), yaml: String = Enrolment.yaml) async throws -> Conversation {
        let conversation = Conversation(try Enrolment.agent(yaml), tools: till.tools)
        _ = try await conversation.start()
        return conversation
    }

    @Test("date of birth and address over several turns, with corrections, reach the tool")
    func enrolled() async throws {
        let till = Till()
        let call = try await conversation(till)
        #expect(try await call.say("sign me up").text.contains("date of birth"))
        #expect(try await call.say("the third of may").text == "I have the third of May. And which year?")
        #expect(
            try await call.say("eighty five").text.contains("the third of May nineteen eighty five. Is that right?"))
        #expect(
            try await call.say("not the third the thirteenth").text.contains(
                "the thirteenth of May nineteen eighty five"))
        #expect(try await call.say("yes").text == "What is your address?")
        #expect(try await call.say("fifteen elm street").text.contains("and which town?"))
        // A digression, and back to what was missing.
        let aside = try await call.say("what are your opening hours")
        #expect(aside.text.contains("We are open") && aside.text.contains("which town?"))
        #expect(try await call.say("springfield").text.contains("which zip code?"))
        #expect(try await call.say("six two seven oh four").text.contains("fifteen Elm Street, Springfield"))
        #expect(try await call.say("no not fifteen fifty").text.contains("fifty Elm Street, Springfield"))
        let done = try await call.say("yes that is right")
        #expect(
            done.text.contains(
                "You are enrolled, 50 Elm Street, Springfield, 62704, born the thirteenth of May nineteen eighty five.")
        )
        #expect(
            till.calls == [
                [
                    "born": "1985-05-13", "street": "Elm Street", "house": "50",
                    "line": "50 Elm Street, Springfield, 62704",
                ]
            ])
    }

    @Test("a bare no to a read-back asks anew, and for what was named only")
    func refused() async throws {
        let call = try await conversation()
        try await call.say("sign me up")
        try await call.say("may third nineteen eighty five")
        #expect(try await call.say("no").text.contains("date of birth"))
        try await call.say("may third nineteen eighty five")
        #expect(try await call.say("no the year is wrong").text == "I have the third of May. And which year?")
    }

    @Test("after as many tries as the block has, the agent's escalation path is followed")
    func givenUp() async throws {
        let call = try await conversation()
        try await call.say("sign me up")
        let first = try await call.say("february thirtieth nineteen eighty")
        #expect(first.text.contains("There is no the thirtieth of February") && first.transfer == nil)
        #expect(try await call.say("blue giraffes everywhere").transfer == nil)
        let last = try await call.say("the weather maybe")
        #expect(last.transfer == "+15550100", "\(last.text)")
        #expect(last.text.contains("I will get you a colleague."))
    }

    @Test("an address that is said again and again, and nothing new of it, ends with the escalation path")
    func nothingNew() async throws {
        let call = try await conversation()
        try await call.say("sign me up")
        try await call.say("may third nineteen eighty five")
        try await call.say("yes")
        #expect(try await call.say("twelve elm street").text.contains("which town?"))
        var replies: [Reply] = []
        while replies.last?.transfer == nil, replies.count < 6 {
            replies.append(try await call.say("twelve elm street"))
        }
        #expect(replies.count == 3 && replies.last?.transfer == "+15550100", "\(replies.map(\.text))")
    }

    @Test("a card whose digits come in groups and never hold is given up after as many tries")
    func neverHolds() async throws {
        let call = try await conversation()
        var reply = try await call.say("i want to pay")
        var tries = 0
        while reply.transfer == nil, tries < 6 {
            tries += 1
            for group in ["four one one one", "one one one one", "one one one one", "one one one two"] {
                #expect(reply.transfer == nil)
                reply = try await call.say(group)
            }
        }
        #expect(tries == 3 && reply.transfer == "+15550100", "\(reply.text)")
    }

    private static let introduction = Enrolment.yaml
        .replacing("  born: {capture: date_of_birth, youngest: 18}", with: "  born: {capture: name}")
        .replacing("born {born|full_date}", with: "{born}")
        .replacing("i want to enrol", with: "enrol").replacing("i want to pay", with: "pay now")
        .replacing("i'd like to sign up", with: "enrolment").replacing("i'd like to pay", with: "payment")

    @Test(
        "a name that is read back is agreed to in many words",
        arguments: ["yep", "yes exactly", "absolutely", "that's great", "yes"])
    func agreed(agreement: String) async throws {
        let yaml = Self.introduction.replacing(
            "yes: [", with: #"yes: ["yep", "yes exactly", "absolutely", "that's great", "#)
        let call = try await conversation(yaml: yaml)
        try await call.say("sign me up")
        #expect(
            try await call.say("maria kolb").text.contains("Kolb, spelled K, O, L, B. Is that right?"))
        #expect(try await call.say(agreement).text == "What is your address?")
    }

    @Test(
        "who does not answer has no such name, and lives in no such town",
        arguments: ["I don't want to", "just a moment", "I don't know", "hold on", "no thanks", "wait please"])
    func evaded(evasion: String) async throws {
        let call = try await conversation(yaml: Self.introduction)
        try await call.say("sign me up")
        let unnamed = try await call.say(evasion)
        #expect(
            unnamed.text.contains("What is your name, please?") || unnamed.text.contains("first and last name"),
            "\(unnamed.text)")
        #expect(try await call.say("maria kolb").text.contains("Kolb, spelled K, O, L, B. Is that right?"))
        try await call.say("yes")
        try await call.say("twelve elm street")
        #expect(try await call.say(evasion).text.contains("which town?"))
        #expect(try await call.say("springfield").text.contains("which zip code?"))
    }

    @Test("a number that was agreed to and is put right later is read back anew, and then the one that is used")
    func putRightLater() async throws {
        let yaml = Enrolment.yaml
            .replacing("  born: {capture: date_of_birth, youngest: 18}", with: "  born: {capture: phone}")
            .replacing(
                "      - collect: home\n",
                with: "      - confirm: \"Shall I enrol {born}?\"\n        no: lost\n"
            )
            .replacing(
                "{born: \"{born}\", street: \"{home.street}\", house: \"{home.house}\", line: \"{home.line}\"}",
                with: "{born: \"{born}\"}"
            )
            .replacing("You are enrolled, {home}, born {born|full_date}.", with: "You are enrolled.")
            .replacing("  home: {capture: address}\n", with: "").replacing("fresh: [born, home]", with: "fresh: [born]")
            .replacing("inform: [", with: "inform: [\"{phone}\", \"it is {phone}\", ")
            .replacing("correction: [", with: "correction: [\"no it's {phone}\", \"no i said {phone}\", ")
        let till = Till()
        let call = try await conversation(till, yaml: yaml)
        try await call.say("sign me up")
        try await call.say("five five five oh one two nine nine one two")
        #expect(try await call.say("yes").text.hasPrefix("Shall I enrol"))
        let other = try await call.say("no, it's 555 012 9999")
        #expect(other.text.hasPrefix("That is") && other.text.hasSuffix("Is that right?"), "\(other.text)")
        #expect(try await call.say("yes").text.hasPrefix("Shall I enrol"))
        #expect(try await call.say("yes").text.contains("You are enrolled."))
        #expect(till.calls == [["born": "5550129999"]])
    }

    @Test("while a card is asked for, a question about a wish withholds its answer as well")
    func withheldWish() async throws {
        let yaml = Enrolment.yaml.replacing(
            "    on: enrol\n", with: "    on: enrol\n    check: \"Would you like to sign up?\"\n")
        let call = try await conversation(yaml: yaml)
        try await call.say("i want to pay")
        let asked = try await call.say("sign me up", confidence: 0.49)
        #expect(asked.text == "Would you like to sign up?")
        #expect(asked.expectation == Expectation(kind: .yesNo, context: "confirm", isWithheld: true))
        let digits = try await call.say("four one one one one one one one")
        #expect(!"\(digits.outputs)".contains("4111"), "\(digits.outputs)")
        try await call.say("sign me up", confidence: 0.49)
        #expect(try await call.say("yes").expectation?.isWithheld == false)
    }

    @Test("a caller who leaves for another task leaves no digit of a card behind")
    func abandonedCard() async throws {
        let yaml = Enrolment.yaml.replacing("    fresh: [card]\n", with: "")
        let call = try await conversation(yaml: yaml)
        try await call.say("i want to pay")
        for typed in ["4111111111111111", "0527"] { try await call.send(.keysPressed(typed)) }
        #expect(try await call.say("sign me up").text.contains("date of birth"))
        let again = try await call.say("i want to pay")
        #expect(again.text.contains("What is the card number?"), "\(again.text)")
    }

    @Test("refused read-backs are counted as well")
    func refusedTooOften() async throws {
        let call = try await conversation(
            yaml: Enrolment.yaml.replacing("youngest: 18", with: "youngest: 18, tries: 2"))
        try await call.say("sign me up")
        try await call.say("may third nineteen eighty five")
        #expect(try await call.say("no").transfer == nil)
        try await call.say("may third nineteen eighty five")
        #expect(try await call.say("no").transfer == "+15550100")
    }

    @Test("a card goes to its tool alone, and by its last four digits everywhere else")
    func card() async throws {
        let till = Till()
        let call = try await conversation(till)
        var replies: [Reply] = [try await call.say("i want to pay")]
        #expect(replies[0].expectation?.isWithheld == true)
        replies.append(try await call.say("four one one one one one one one"))
        #expect(replies[1].text == "Yes, go on, please.")
        replies.append(try await call.send(.keysPressed("11111111")))
        #expect(replies[2].text.contains("when does it expire"))
        replies.append(try await call.say("oh five twenty seven"))
        replies.append(try await call.send(.keysPressed("123")))
        #expect(
            replies[4].text == "That is the Visa card ending in one one one one. Is that right?")
        #expect(replies[4].expectation?.isWithheld == true)
        let paid = try await call.say("yes")
        replies.append(paid)
        #expect(till.calls == [["number": "4111111111111111", "expiry": "2027-05", "code": "123"]])
        #expect(
            paid.text.contains("Your card ending in one one one one was charged. Paid with withheld."), "\(paid.text)")
        #expect(paid.expectation?.isWithheld == false)
        #expect(
            paid.calls.map(\.arguments) == [["number": "withheld", "expiry": "withheld", "code": "withheld"]])
        for reply in replies {
            let written = "\(reply.outputs)"
            #expect(
                !written.contains("4111") && !written.contains("1111 1111") && !written.contains("123"), "\(written)")
            #expect(
                !written.contains("2027") && !written.contains("twenty seven") && !written.contains("05"), "\(written)")
        }
    }

    @Test("a card that was declined is charged again with a new security code, and the old one is nowhere")
    func declined() async throws {
        let till = Till(failures: 1)
        let call = try await conversation(till)
        try await call.say("i want to pay")
        try await call.send(.keysPressed("4111111111111111"))
        try await call.send(.keysPressed("0527"))
        try await call.send(.keysPressed("123"))
        let declined = try await call.say("yes")
        #expect(declined.text.contains("That did not work. And the security code?"), "\(declined.text)")
        #expect(!"\(declined.outputs)".contains("4111"))
        try await call.send(.keysPressed("321"))
        #expect(try await call.send(.keysPressed("1")).text.contains("was charged"))
        #expect(till.calls.map { $0.object?["code"] } == ["123", "321"])
    }

    private static let echoes: [(echo: JSONValue, kept: JSONValue)] = [
        ("042 05/27", "withheld withheld"), ("05/27 042.", "withheld withheld."), ("2027-05", "withheld"),
        ("05/2027, cvc 0 4 2", "withheld, cvc withheld"), ("ref 17 4111 1111 1111 1111 5", "ref 17 withheld 5"),
        ("4111111111111111-042", "withheld-withheld"), ("id 0411111111111111119", "id withheld"),
        ("order 1042 of 12/26", "order 1042 of 12/26"), ("call 555 012 9999", "call 555 012 9999"),
        (42, "withheld"), (43, 43), (4_111_111_111_111_111, "withheld"),
    ]

    @Test(
        "what a tool echoes of a card is hidden, in groups, next to other figures and as a number, and nothing else is",
        arguments: echoes)
    func echoed(echo: JSONValue, kept: JSONValue) async throws {
        let tool = FakeTool(
            definition: ToolDefinition(
                name: "charge", summary: "Charges.", parameters: ["type": "object"], risk: .reversible)
        ) { _, _ throws(ToolError) in ["note": echo] }
        let call = Conversation(try Enrolment.agent(), tools: [tool])
        _ = try await call.start()
        try await call.say("i want to pay")
        for typed in ["4111111111111111", "0527", "042"] { try await call.send(.keysPressed(typed)) }
        let paid = try await call.say("yes")
        let outcomes = paid.outputs.compactMap { if case .toolFinished(_, let outcome) = $0 { outcome } else { nil } }
        #expect(outcomes == [.result(["note": kept])])
    }

    @Test(
        "a charge whose answer was lost is the same act when its code is asked for again; with another card it is not")
    func lostAnswer() async throws {
        func keys(_ second: String?, expiry: String = "0527", code: ToolError.Code) async throws -> [String] {
            let till = Till(failures: 1, code: code)
            let call = try await conversation(till)
            try await call.say("i want to pay")
            for typed in ["4111111111111111", "0527", "123"] { try await call.send(.keysPressed(typed)) }
            #expect(try await call.say("yes").text.contains("And the security code?"))
            if let second {
                try await call.say("sign me up")
                try await call.say("i want to pay")
                for typed in [second, expiry] { try await call.send(.keysPressed(typed)) }
            }
            try await call.send(.keysPressed("321"))
            #expect(try await call.say("yes").text.contains("was charged"))
            #expect(till.calls.map { $0.object?["code"] } == ["123", "321"])
            return till.keys
        }
        let same = try await keys(nil, code: .deadlineExceeded)
        #expect(same.count == 2 && same[0] == same[1], "\(same)")
        // Who begins anew with the same card means the same charge as well.
        let anew = try await keys("4111111111111111", code: .deadlineExceeded)
        #expect(anew.count == 2 && anew[0] == anew[1], "\(anew)")
        let other = try await keys("5555555555554444", code: .deadlineExceeded)
        #expect(other.count == 2 && other[0] != other[1], "\(other)")
        let longer = try await keys("4111111111111111", expiry: "0528", code: .deadlineExceeded)
        #expect(longer.count == 2 && longer[0] != longer[1], "\(longer)")
        let declined = try await keys(nil, code: .unavailable)
        #expect(declined.count == 2 && declined[0] != declined[1], "\(declined)")
    }

    @Test("a card that was charged is charged anew when the caller pays once more with it")
    func twoCharges() async throws {
        let till = Till()
        let call = try await conversation(till)
        for _ in 0..<2 {
            try await call.say("i want to pay")
            for typed in ["4111111111111111", "0527", "123"] { try await call.send(.keysPressed(typed)) }
            #expect(try await call.say("yes").text.contains("was charged"))
        }
        #expect(till.keys.count == 2 && Set(till.keys).count == 2, "\(till.keys)")
    }

    @Test("what a block must not be told or asked is a fault with its line")
    func faults() {
        func reasons(_ find: String, _ replacement: String) -> [String] {
            do {
                _ = try Enrolment.agent(Enrolment.yaml.replacing(find, with: replacement))
                return []
            } catch { return (error as? AgentFileErrors)?.faults.map(\.description) ?? ["\(error)"] }
        }
        let cases: [(String, String, String)] = [
            ("{capture: card}", "{capture: cart}", "must be one of: name, date_of_birth, address, phone, email, card"),
            ("{capture: card}", "{capture: card, type: digits}", "decides about `type`; remove it"),
            ("{capture: address}", "{capture: address, parts: [street, planet]}", "has no part `planet`"),
            ("{capture: address}", "{capture: address, youngest: 3}", "belongs to a date_of_birth"),
            ("{capture: card}", "{capture: card, parts: [expiry]}", "lacks `number`"),
            ("youngest: 18", "youngest: 18, oldest: 3", "above its `oldest`"),
            ("youngest: 18", "youngest: 18, tries: 0", "`tries` of the slot born is 0"),
            ("Your {card} was", "Your {card.number} was", "{card.number} is for a tool alone"),
            (
                "  charge: reversible", "  charge: {risk: reversible, evidence: approved}",
                "waits for a person's approval"
            ),
            ("kind: flow", "kind: flow\nlanguage: es", "capture blocks speak English"),
            ("kind: flow", "kind: flow\nlanguage: en-FR", "`language` is `en-FR`"),
            ("  no: [\"no\", \"no thanks\", \"nope\"]\n", "", "lacks the intent `no`"),
        ]
        for (find, replacement, reason) in cases {
            let found = reasons(find, replacement)
            #expect(found.contains { $0.contains(reason) }, "\(replacement): \(found)")
        }
        #expect(reasons("Hello.", "Good day.").isEmpty)
    }

    @Test("days before months where the agent speaks as in Britain")
    func british() async throws {
        let call = try await conversation(
            yaml: Enrolment.yaml.replacing("kind: flow", with: "kind: flow\nlanguage: en-GB"))
        try await call.say("sign me up")
        #expect(try await call.say("three five eighty five").text.contains("the third of May"))
    }
}
