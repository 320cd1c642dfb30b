import Testing

@testable import Agent

@Suite("Evidence for an act")
struct EvidenceTests {
    @Test(
        "is a plain yes",
        arguments: [
            ("yes", true), ("Yes, please.", true), ("yeah go ahead", true), ("that's right", true), ("okay", true),
            ("sure, do it", true), ("please do", true), ("please", true), ("perfect, thank you", true),
            ("no", false), ("yes but make it tuesday", false), ("not really", false), ("wait", false), ("", false),
            ("what did you say", false), ("can you tell me the opening hours please", false), ("hello", false),
            ("yes if it is free", false), ("no that's not right", false), ("change the time please", false),
        ])
    func agreement(text: String, agrees: Bool) {
        #expect(Agreement.isIn(text) == agrees)
    }

    @Test(
        "names what will be done",
        arguments: [
            (["date": "2026-12-01", "time": "10:30"], "Tuesday at half past ten, shall I?", []),
            (["date": "2026-12-01", "time": "10:30"], "The first of December at 10:30, yes?", []),
            (["date": "2026-12-01", "time": "10:30"], "December first at ten thirty?", []),
            (["date": "2026-12-01", "time": "10:30"], "Wednesday at half past ten?", ["date"]),
            (["to": "ann@acme.example", "amount": 500], "I send five hundred dollars to ann at acme dot example?", []),
            (["to": "ann@acme.example", "amount": 500], "Shall I send it to Ann?", ["amount", "to"]),
            (["name": "Maria Jones"], "For Maria Jones, right?", []),
            (["name": "Maria Jones"], "For Mary Jones, right?", ["name"]),
            (["phone": "+15550142"], "Your number is one five five five, oh one four two?", []),
            (["id": 7, "contact_id": 3], "Shall I cancel it?", []),
            (["amount": 15], "One hundred fifty, right?", ["amount"]),
        ] as [(JSONValue, String, [String])])
    func readBack(arguments: JSONValue, heard: String, missing: [String]) {
        #expect(ReadBack.missing(arguments, in: heard) == missing)
    }

    @Test(
        "is judged together: policy, certainty, read-back and answer",
        arguments: [
            ("yes", 0.9, "Send five hundred to Ann?", ToolPolicy.Evidence.confirmed, "run"),
            ("yes", 0.4, "Send five hundred to Ann?", .confirmed, "refuse"),
            ("yes", 0.2, "Send five hundred to Ann?", .none, "refuse"),
            ("yes", 0.9, "Send it?", .confirmed, "refuse"),
            ("yes", 0.9, "I send five hundred to Ann.", .confirmed, "refuse"),
            ("who are you", 0.9, "Send five hundred to Ann?", .confirmed, "refuse"),
            ("yes", 0.9, "Send five hundred to Ann?", .approved, "review"),
            ("whatever", 0.9, "", .none, "run"),
        ] as [(String, Double, String, ToolPolicy.Evidence, String)])
    func gate(text: String, confidence: Double, heard: String, evidence: ToolPolicy.Evidence, verdict: String) {
        let gate = ActGate(
            callerText: text, confidence: confidence, heard: heard,
            thresholds: ConfidenceThresholds(reaskBelow: 0.3, agreeBelow: 0.5, escalateBelow: 0, maxReasks: 2),
            hasCaller: true)
        let policy = ToolPolicy(risk: evidence == .none ? .reversible : .irreversible, evidence: evidence)
        let found = gate.verdict(on: ["amount": 500, "to": "Ann"], policy: policy)
        switch found {
        case .run: #expect(verdict == "run")
        case .refuse: #expect(verdict == "refuse")
        case .review: #expect(verdict == "review")
        }
    }

    @Test("is a person's where nobody is on the line")
    func task() {
        let gate = ActGate(
            callerText: "yes", confidence: 1, heard: "Send five hundred to Ann?",
            thresholds: ConfidenceThresholds(reaskBelow: 0, agreeBelow: 0, escalateBelow: 0, maxReasks: 2),
            hasCaller: false)
        guard case .review = gate.verdict(on: [:], policy: ToolPolicy(risk: .irreversible)) else {
            Issue.record("it may be done without anybody's word")
            return
        }
    }

    @Test("is as strict as the tool itself says")
    func tightened() {
        #expect(ToolPolicy(risk: .read).tightened(by: .irreversible).evidence == .confirmed)
        #expect(ToolPolicy(risk: .reversible, evidence: .approved).tightened(by: .irreversible).evidence == .approved)
        #expect(ToolPolicy(risk: .irreversible).tightened(by: .read).evidence == .confirmed)
        #expect(ToolPolicy(risk: .read).tightened(by: .reversible).risk == .reversible)
    }
}

@Suite("A sentence that says something was done")
struct PromiseCheckTests {
    @Test(
        "is found, and what only sounds like it is not",
        arguments: [
            ("I have booked it for you.", "booked"), ("I've booked it.", "booked"), ("It is booked.", "booked"),
            ("It's booked!", "booked"), ("Your appointment has been cancelled.", "cancelled"),
            ("Great, I just sent you the confirmation.", "sent"), ("The email was sent to you.", "sent"),
            ("All right, that is now updated.", "updated"), ("Booked!", "booked"), ("I've noted that down.", "noted"),
            ("Shall I have it booked?", nil), ("Tuesday is fully booked.", nil), ("I can have it booked.", nil),
            ("It will be booked in a minute.", nil), ("I have not booked anything.", nil),
            ("Once it is booked, you get a message.", nil), ("That time is already booked.", nil),
            ("What have you sent us?", nil), ("We are open until six.", nil), ("I will book it.", nil),
            ("If you sent it yesterday, it may take a day.", nil), ("I would like to have it cancelled", nil),
            ("The record is updated.", "updated"), ("The doctor is booked on Tuesday.", nil),
            ("I have already booked it.", "booked"), ("I have posted it.", "posted"),
        ] as [(String, String?)])
    func claims(sentence: String, word: String?) {
        #expect(PromiseCheck.claim(in: sentence)?.word == word)
    }

    @Test("is supported by a tool that does such a thing, and by no other")
    func support() {
        let acting: Set = ["calendar_book", "sendgrid_send"]
        #expect(PromiseCheck(acting: acting, done: []).unsupportedClaim(in: "It is booked.") != nil)
        #expect(PromiseCheck(acting: acting, done: ["sendgrid_send"]).unsupportedClaim(in: "It is booked.") != nil)
        #expect(PromiseCheck(acting: acting, done: ["calendar_book"]).unsupportedClaim(in: "It is booked.") == nil)
        // No tool is called after paying: any act may be meant.
        #expect(PromiseCheck(acting: acting, done: []).unsupportedClaim(in: "I have paid it.") != nil)
        #expect(PromiseCheck(acting: acting, done: ["calendar_book"]).unsupportedClaim(in: "I have paid it.") == nil)
    }
}
