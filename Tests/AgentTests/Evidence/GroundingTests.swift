import Foundation
import Networking
import Testing

@testable import Agent

@Suite("Statements that nothing supports")
struct GroundingTests {
    /// What one agent has been told: its prompt, a tool's results, and the caller. Today is Monday, 23 November 2026.
    private static let grounds: Grounds = {
        var grounds = Grounds()
        for text in [
            """
            You are the receptionist of Lakeside Clinic. We are open from 8:00 to 18:00, Monday to Friday. A first visit costs $95,
            a check-up 42 dollars. Parking is free for two hours. Our number is +1 555 010 0199. Cancellations up to 24 hours before are
            free; later 25% of the price is due. We answer mails within two business days. The clinic was founded in 1985.
            """,
            #"""
            {"slots":[{"date":"2026-12-01","time":"10:30","with":"Dr. Lee"},{"date":"2026-12-03","time":"15:00","with":"Dr. Okafor"}],
             "price":120.5,"room":214,"balance":"39.99 USD","reference":"LC 48213","patients":1250}
            """#,
            "my name is peter miller and i need three check ups next friday in the afternoon",
            "you can reach me at five five five oh one two three four five six",
        ] { grounds.add(text, today: Fixtures.today) }
        return grounds
    }()

    private static let supported = [
        "Your appointment is on Tuesday the first of December at half past ten.",
        "I have December 1st at 10:30 AM with Doctor Lee.", "The other one is Thursday, December 3, at 3 p.m.",
        "There is a slot at three o'clock on the third of December.", "It would be at fifteen hundred hours.",
        "Doctor Okafor is free on Thursday.", "Would Tuesday at ten thirty suit you, Peter?",
        "A first visit is ninety five dollars.", "That is $95.00.", "A check-up costs $42.",
        "It comes to one hundred and twenty dollars and fifty cents.", "Together that is $137.",
        "Three check-ups are 126 dollars.",
        "A visit and a check-up are one hundred and thirty seven dollars.", "Your balance is thirty nine ninety nine.",
        "Your balance is about forty dollars.", "You owe $39.99.", "We are open from eight to six.",
        "We are open until 6 pm on Friday.", "We open at 8 AM.", "Parking is free for two hours.",
        "Please cancel at least twenty four hours before.", "Otherwise 25 percent of the price is due.",
        "Otherwise twenty five percent is due.", "You can call us at 555-010-0199.",
        "Our number is five five five oh one oh oh one nine nine.", "I will call you at 555 012 3456.",
        "We answer within two business days.", "The room is 214.", "Your reference is 48213.",
        "We have served 1,250 patients.",
        "We have been here since 1985.", "We have been here since nineteen eighty five.", "Thank you, Mr. Miller.",
        "Thank you, Peter Miller, that is noted.", "Welcome to Lakeside Clinic.",
        "Next Friday is fine, the fourth of December.",
        "Today is Monday.", "One moment, please.", "I have two questions for you.", "Could you spell that for me?",
        "Is there anything else I can do for you?", "First, tell me your name.",
        "I'd be glad to help, and I may be quick.",
        "The second one is later.", "Give me a minute.",
        // Written before they were tried.
        "I found two openings, one on Tuesday, December 1 at 10:30 and one on Thursday, December 3 at 15:00.",
        "So that's Tuesday at half ten with Doctor Lee, correct?",
        "We charge $95 for the first visit and $42 for each check-up.",
        "For three check-ups you would pay $126 in total.", "Unfortunately we're closed on weekends.",
        "You're all set, Mr. Miller!", "Dr. Okafor has Thursday afternoon at three.", "May I have your phone number?",
        "I'll note your number, 555-012-3456.", "Parking is free for the first two hours.",
        "If you cancel less than 24 hours ahead, we charge 25% of the price.", "Happy to help! What day works for you?",
        "Our hours are Monday through Friday, 8 AM to 6 PM.", "The remaining balance is $39.99.",
        "I can put you through to a colleague if you like.", "It's about a hundred and twenty dollars.",
    ]

    private static let unsupported = [
        ("Your appointment is on Wednesday the second of December.", "Wednesday the second of December"),
        ("I have December 5th at 10:30.", "December 5th"), ("There is a slot at eleven o'clock.", "eleven o'clock"),
        ("It is at 10:45.", "10:45"), ("Doctor Lee is free at half past ten in the evening.", "half past ten"),
        ("The slot on the third is at 3 AM.", "3 AM"), ("Doctor Schneider is free.", "Schneider"),
        ("That will be with Anna Kowalski.", "Anna Kowalski"),
        ("A first visit is eighty five dollars.", "eighty five dollars"),
        ("A check-up costs $45.", "$45"), ("It comes to one hundred dollars.", "one hundred dollars"),
        ("That is 42 euros.", "42 euros"), ("Your balance is $399.", "$399"), ("Together that is $140.", "$140"),
        ("We are open until 8 pm on Friday.", "8 pm"), ("We are open on Saturday.", "Saturday"),
        ("We open at seven in the morning.", "seven"), ("Parking is free for 5 hours.", "5 hours"),
        ("Please cancel at least forty eight hours before.", "forty eight hours"),
        ("Otherwise 50 percent of the price is due.", "50 percent"), ("Call us at 555-010-0200.", "555-010-0200"),
        (
            "Our number is five five five nine nine nine one two three four.",
            "five five five nine nine nine one two three four"
        ),
        ("We answer within five business days.", "five"), ("The room is 216.", "216"),
        ("Your reference is 48231.", "48231"),
        ("We have served 12,500 patients.", "12,500"), ("We have been here since 1958.", "1958"),
        ("You will get a 15% discount.", "15%"), ("I will see you tomorrow.", "tomorrow"),
        ("Send it to our office in Springfield.", "Springfield"),
        ("I can offer you a hundred and ten dollars off.", "a hundred and ten dollars"),
        ("The fee is twelve dollars and fifty cents.", "twelve dollars and fifty cents"),
        // Written before they were tried.
        ("I moved it to Monday, December 7 at 9:15.", "9:15"), ("Doctor Patel will call you back.", "Patel"),
        ("You will get a refund of $60 within ten days.", "$60"), ("Our fax number is 555 777 8899.", "555 777 8899"),
        ("That makes two hundred and fifty dollars.", "two hundred and fifty dollars"),
        ("We are also open on Sunday mornings.", "Sunday"),
    ]

    @Test("of replies that are supported at most one in forty is flagged, of others at least 19 in 20 are")
    func table() {
        let check = GroundingCheck(grounds: Self.grounds, today: Fixtures.today, holdsBack: true)
        let wrong = Self.supported.compactMap { text in
            check.unsupportedStatement(in: text).map { "\"\(text)\" flagged for \"\($0)\"" }
        }
        let missed = Self.unsupported.filter { check.unsupportedStatement(in: $0.0) == nil }.map(\.0)
        #expect(Self.supported.count + Self.unsupported.count >= 60)
        let notes = Comment(
            rawValue:
                "\(wrong.count) of \(Self.supported.count) flagged: \(wrong); \(missed.count) of \(Self.unsupported.count) missed: \(missed)"
        )
        #expect(wrong.count * 40 <= Self.supported.count, notes)
        #expect(missed.count * 20 <= Self.unsupported.count, notes)
    }

    @Test("what is flagged is named as it was said", arguments: unsupported)
    func named(text: String, statement: String) {
        let check = GroundingCheck(grounds: Self.grounds, today: Fixtures.today, holdsBack: true)
        let found = check.unsupportedStatement(in: text) ?? ""
        #expect(found.contains(statement) || statement.contains(found) && !found.isEmpty, "\(found)")
    }

    @Test(
        "a text of any kind is read without harm",
        arguments: [
            "", " ", "$", "$$$", "1-2-3-4-5-6-7-8-9", "€.", "99999999999999999999999", "12:99 25:00 1:2:3", "-",
            "9".padding(toLength: 5000, withPad: "9 ", startingAt: 0),
            "2026-13-45", "½ ² ٣", "point point one", "oh oh oh oh oh oh oh oh", "million million", "forty two point",
        ])
    func harmless(text: String) {
        var grounds = Grounds()
        grounds.add(text, today: Fixtures.today)
        _ = GroundingCheck(grounds: grounds, today: Fixtures.today, holdsBack: true).unsupportedStatement(in: text)
    }

    // MARK: In a conversation

    private func agent(_ change: (inout ModelSettings) -> Void) throws -> AgentDefinition {
        var agent = try Fixtures.agent("assistant")
        guard case .model(var settings) = agent.engine else { return agent }
        change(&settings)
        agent.engine = .model(settings)
        return agent
    }

    private let counters = AgentCounters()
    private let prices = FakeTool(
        definition: ToolDefinition(name: "prices", summary: "Prices.", parameters: ["type": "object"], risk: .read)
    ) { _, _ throws(ToolError) in ["visit": 95] }

    private func reply(
        _ scripts: [[FakeLanguageModel.Line]], _ change: (inout ModelSettings) -> Void
    ) async throws -> Reply {
        var agent = try agent(change)
        agent.policies["prices"] = ToolPolicy(risk: .read)
        agent.tools["prices"] = .read
        let conversation = Conversation(
            agent, tools: [prices], models: ["openai": FakeLanguageModel(scripts)], counters: counters)
        _ = try await conversation.start()
        return try await conversation.say("what is a visit")
    }

    private func flags(_ reply: Reply) -> [String] {
        reply.outputs.compactMap { if case .flagged(let statement, _) = $0 { statement } else { nil } }
    }

    @Test("are spoken, counted and noted where that is allowed")
    func allowed() async throws {
        let reply = try await reply([[.text("A visit is 85 dollars.")]]) { $0.grounding.action = .allow }
        #expect(reply.text == "A visit is 85 dollars.")
        #expect(flags(reply) == ["85 dollars"])
        #expect(counters.statementsFlagged == 1 && counters.statementsHeldBack == 0)
    }

    @Test("are held back, and said again by what a tool tells")
    func rephrased() async throws {
        let reply = try await reply([
            [.text("Certainly. A visit is 85 dollars.")], [.call(id: "p", name: "prices", arguments: "{}")],
            [.text("A visit is 95 dollars.")],
        ]) { $0.grounding.action = .rephrase }
        #expect(reply.text == "Certainly. A visit is 95 dollars.")
        #expect(counters.statementsHeldBack == 1)
    }

    @Test("a model that insists is not heard: the caller gets the safe sentence")
    func insists() async throws {
        let reply = try await reply([[.text("It is 85 dollars.")], [.text("It is 86 dollars.")], [.text("It is 87.")]])
        {
            $0.grounding.action = .rephrase
        }
        #expect(reply.text == "I am not sure about that, and I would rather not guess.")
        #expect(flags(reply) == ["85 dollars", "86 dollars"])
    }

    @Test("are told and not held while nobody knows the caller's words, for they may be the caller's own")
    func beforeWords() async throws {
        var agent = try Fixtures.agent("assistant")
        guard case .model(var settings) = agent.engine else { return }
        settings.grounding.action = .rephrase
        agent.engine = .model(settings)
        let model = FakeLanguageModel([
            [.text("So 85 dollars. "), .heard("i paid 85 dollars"), .text("Not 86 dollars. ")], [.text("Good.")],
        ])
        let conversation = Conversation(agent, tools: [], models: ["openai": model], counters: counters)
        _ = try await conversation.start()
        let reply = try await conversation.say("", confidence: 0)
        #expect(reply.text == "So 85 dollars. Good.")
        #expect(flags(reply) == ["85 dollars", "86 dollars"])
        #expect(counters.statementsHeldBack == 1)
    }

    @Test("are not looked at where that is off")
    func off() async throws {
        let reply = try await reply([[.text("It is 85 dollars.")]]) { $0.grounding.action = .off }
        #expect(reply.text == "It is 85 dollars." && flags(reply).isEmpty)
    }

    private final class Desk: ReviewDesk {
        let requests = Lock<[ReviewRequest]>([])
        func file(_ request: ReviewRequest) async throws -> ReviewTicket {
            requests.withLock { $0.append(request) }
            return ReviewTicket(id: 1)
        }
    }

    @Test("wait for a person, who lets the caller be told")
    func reviewed() async throws {
        let desk = Desk()
        let agent = try agent {
            $0.grounding.action = .review
            $0.grounding.tool = "message_take"
            $0.grounding.arguments = [
                "text": (try? Template("{sentence}")) ?? .empty, "to": (try? Template("{caller}")) ?? .empty,
            ]
        }
        let environment = DialogueEnvironment(
            now: { Fixtures.now }, clock: ManualClock(),
            models: ["openai": FakeLanguageModel([[.text("A visit is 85 dollars.")]])], reviews: desk,
            counters: counters)
        let facts = CallFacts(callID: "c1", callerNumber: "+15550100", calledNumber: "")
        var caller = TextConversation(agent.makeDialogue(call: facts, tools: [], environment: environment), call: facts)
        _ = try await caller.start()
        let said = try await caller.say("what is a visit").text
        #expect(said == "I am not sure about that, and I would rather not guess.")
        let request = try #require(desk.requests.withLock { $0.first })
        #expect(request.tool == "message_take" && request.idempotencyKey == "c1/1/statement")
        #expect(request.arguments == ["text": "A visit is 85 dollars.", "to": "+15550100"])
        #expect(request.reason.contains("85 dollars"))
    }

    @Test("settings that do nothing are faults")
    func faults() throws {
        let path = Fixtures.directory.appending(path: "assistant.yaml")
        let yaml = try String(contentsOf: path, encoding: .utf8)
        func reasons(_ line: String) -> String {
            do {
                _ = try AgentDefinition(yaml: Data((yaml + "\n" + line + "\n").utf8), file: "a.yaml") { _ in Data() }
                return ""
            } catch { return "\(error)" }
        }
        #expect(reasons("grounding: rephrase") == "")
        #expect(reasons("grounding: {action: rephrase, instead: \"I cannot say.\"}") == "")
        #expect(reasons("grounding: strict").contains("must be one of: off, allow, rephrase, review"))
        #expect(reasons("grounding: review").contains("needs the tool"))
        #expect(reasons("grounding: {action: allow, instead: \"No.\"}").contains("holds nothing back"))
        #expect(reasons("grounding: {action: rephrase, tool: x}").contains("does nothing without `action: review`"))
        #expect(reasons("grounding: {action: review, tool: nothing_such}").contains("unknown tool `nothing_such`"))
        #expect(reasons("grounding: {action: review, tool: x, with: {a: \"{b}\"}}").contains("unknown value {b}"))
    }

    @Test(
        "a large amount is an amount, whether a tool or the agent writes it",
        arguments: [
            (#"{"balance":12345.67}"#, "Your balance is $12,345.67.", "Your balance is $12,345.76."),
            (#"{"balance":12345.67}"#, "Your balance is 12345.67 dollars.", "Your balance is 12345.76 dollars."),
            (#"{"price":1250000,"floors":3}"#, "The house is $1,250,000.", "The house is $1,350,000."),
            (#"{"price":"1,250,000 EUR"}"#, "It costs 1,250,000 euros.", "It costs $1,250,000."),
            (
                #"{"total":1250000.5}"#, "In total that is 1,250,000.50 dollars.",
                "In total that is 1,250,001.50 dollars."
            ),
            (#"{"price":1250000}"#, "It costs 1.25 million dollars.", "It costs 1.35 million dollars."),
            // A number to call that a tool writes as a figure still is one.
            (#"{"phone":5550123456}"#, "You can call 555 012 3456.", "You can call 555 012 3457."),
        ])
    func largeAmounts(result: String, right: String, wrong: String) {
        var grounds = Grounds()
        grounds.add(result, today: Fixtures.today)
        func unsupported(_ text: String) -> [String] {
            StatedValues.all(in: text, today: Fixtures.today)
                .filter { !grounds.supports($0, today: Fixtures.today) }.map(\.text)
        }
        #expect(!StatedValues.all(in: right, today: Fixtures.today).isEmpty)
        #expect(unsupported(right) == [])
        #expect(unsupported(wrong).count == 1, "\(unsupported(wrong))")
    }
}
