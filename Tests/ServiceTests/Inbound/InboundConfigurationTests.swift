import Campaigns
import Foundation
import Testing

@testable import Service

@Suite("The configuration of who answers which number, and when")
struct InboundConfigurationTests {
    private static func load(
        _ text: String, environment: [String: String] = [:]
    ) throws(ConfigurationError) -> LoadedConfiguration {
        try ConfigurationLoader(environment: environment, isReadable: { _ in true })
            .read(Data(text.utf8), file: "parley.yaml")
    }

    @Test("is read as it is written, as lists and as texts, and by variables")
    func reading() throws {
        let loaded = try Self.load(
            """
            public: {auth: none}
            agents: {numbers: {"+15550100": thermostat}}
            inbound:
              overload: message
              caller_limit: 5
              caller_window: 10m
              rules:
                office:
                  numbers: ["+493012345678", "+493012345679"]
                  hours:
                    - mon-fri 09:00-12:00 13:00-17:00
                    - sat 10:00-14:00
                  zone: Europe/Berlin
                  holidays: [12-25, 2026-12-24]
                  closed: number
                  closed_number: "+493099999999"
                  language: de-DE
              callers:
                vip:
                  numbers: "+4915112345678, +34*"
                  answer: agent
                  agent: concierge
                  always: true
            """,
            environment: ["PARLEY_INBOUND_RULES_OFFICE_AGENT": "clerk", "PARLEY_INBOUND_OVERLOAD_MESSAGE": "Later."])
        let inbound = loaded.configuration.inbound
        let office = try #require(inbound.rules["office"])
        #expect(office.numbers == ["+493012345678", "+493012345679"])
        #expect(office.agent == "clerk")
        #expect(office.hours == OpeningHours("mon-fri 09:00-12:00 13:00-17:00, sat 10:00-14:00"))
        #expect(office.zone?.identifier == "Europe/Berlin")
        #expect(office.holidays == ClosedDays(["12-25", "2026-12-24"]))
        #expect(office.closed == .number && office.closedNumber == "+493099999999")
        #expect(office.language == "de-DE" && inbound.language == "en-US")
        #expect(inbound.overload == .message && inbound.overloadMessage == "Later.")
        #expect(inbound.callerLimit == 5 && inbound.callerWindow == .seconds(600))
        let vip = try #require(inbound.callers["vip"])
        #expect(vip.numbers == ["+4915112345678", "+34*"])
        #expect(vip.answer == .agent && vip.agent == "concierge" && vip.always && vip.to == [])
        // The map of numbers is what it was.
        #expect(loaded.configuration.agents.numbers == ["+15550100": "thermostat"])
        #expect(inbound.agents.map { $0.0 } == ["inbound.rules.office.agent", "inbound.callers.vip.agent"])
        // What is in effect can be read again.
        let again = try Self.load(loaded.description)
        #expect(again.configuration.inbound == inbound)
    }

    @Test("The languages of a rule are read by their keys, and their agents are told to whoever checks them")
    func languages() throws {
        let loaded = try Self.load(
            """
            public: {auth: none}
            inbound:
              rules:
                office:
                  numbers: "+493012345678"
                  agent: clerk
                  languages:
                    "1": {say: For English press one, language: en-US, agent: receptionist}
                    "2": {say: "Para español, marque dos", language: es-ES, agent: recepcion}
            """)
        let languages = try #require(loaded.configuration.inbound.rules["office"]?.languages)
        #expect(languages.keys.sorted() == ["1", "2"])
        #expect(languages["1"]?.say == "For English press one" && languages["1"]?.language == "en-US")
        #expect(languages["2"]?.say == "Para español, marque dos" && languages["2"]?.agent == "recepcion")
        #expect(
            loaded.configuration.inbound.agents.map { $0.0 } == [
                "inbound.rules.office.agent", "inbound.rules.office.languages.1.agent",
                "inbound.rules.office.languages.2.agent",
            ])
        let again = try Self.load(loaded.description)
        #expect(again.configuration.inbound == loaded.configuration.inbound)
    }

    @Test("A queue is read as it is written, and what is said in it fits into one announcement")
    func queue() throws {
        let text = """
            public: {auth: none}
            callbacks: {agent: reminder, seller: Lakeside Clinic, caller_id: "+12127365999"}
            inbound:
              overload: queue
              queue_length: 5
              queue_full: message
              queue_longest_wait: 10m
              queue_pause: 6s
              queue_position: "You are number {position}."
              queue_wait: "About {minutes} min."
              queue_callback: true
              queue_callback_offer: "Press 1."

            """
        let loaded = try Self.load(text)
        let inbound = loaded.configuration.inbound
        #expect(inbound.overload == .queue && inbound.queueLength == 5 && inbound.queueFull == .message)
        #expect(inbound.queueLongestWait == .seconds(600) && inbound.queuePause == .seconds(6))
        #expect(inbound.queuePosition == "You are number {position}." && inbound.queueWait == "About {minutes} min.")
        #expect(inbound.queueCallback && inbound.queueCallbackOffer == "Press 1.")
        #expect(inbound.turnedAway == .message)
        let again = try Self.load(loaded.description)
        #expect(again.configuration.inbound == inbound)

        let long = String(repeating: "a", count: 480)
        let longer = text.replacing("You are number", with: long).replacing("About", with: long)
            .replacing("Press 1.", with: long)
        do throws(ConfigurationError) {
            _ = try Self.load(longer)
            Issue.record("what is too long to be said was read")
        } catch {
            #expect("\(error)".contains("too long to be said at once: 1400 characters"), "\(error)")
        }
    }

    @Test(
        "what is given beside the answer that would use it is warned of, and what is used is not",
        arguments: [
            (
                "overload_message: Later.",
                "inbound.overload_message is never used: inbound.overload is `busy`, not `message`"
            ),
            (
                "overload: message, overload_number: \"+493099999999\"",
                "inbound.overload_number is never used: inbound.overload is `message`, not `number`"
            ),
            ("overload: message, overload_message: Later.", nil),
            (
                "queue_length: 5", "inbound.queue_length is never used: inbound.overload is `busy`, not `queue`"
            ),
            (
                "overload: message, queue_callback_offer: Press one.",
                "inbound.queue_callback_offer is never used: inbound.overload is `message`, not `queue`"
            ),
            (
                "overload: queue, queue_callback_promised: Soon.",
                "inbound.queue_callback_promised is never used: inbound.queue_callback is off"
            ),
            (
                "overload: queue, overload_number: \"+493099999999\"",
                "inbound.overload_number is never used: inbound.queue_full is `busy`, not `number`"
            ),
            ("overload: queue, queue_full: number, overload_number: \"+493099999999\", queue_pause: 6s", nil),
            (
                "hidden_callers_message: No.",
                "inbound.hidden_callers_message is never used: inbound.hidden_callers is `answer`, not `message`"
            ),
            (
                "caller_limit: 5, caller_limit_message: No.",
                "inbound.caller_limit_message is never used: inbound.caller_limit_answer is `busy`, not `message`"
            ),
            ("caller_window: 10m", "inbound.caller_window is never used: there is no inbound.caller_limit"),
            (
                "caller_limit_answer: message",
                "inbound.caller_limit_answer is never used: there is no inbound.caller_limit"
            ),
            ("caller_limit: 5, caller_window: 10m, caller_limit_answer: message, caller_limit_message: No.", nil),
            (
                "rules: {a: {numbers: \"+493012345678\", hours: \"mon 09:00-17:00\", closed: number, closed_number: \"+493099999999\", closed_message: No.}}",
                "inbound.rules.a.closed_message is never used: inbound.rules.a.closed is `number`, not `message`"
            ),
            (
                "rules: {a: {numbers: \"+493012345678\", hours: \"mon 09:00-17:00\", closed_agent: clerk}}",
                "inbound.rules.a.closed_agent is never used: inbound.rules.a.closed is `message`, not `agent`"
            ),
            (
                "rules: {a: {numbers: \"+493012345678\", hours: \"mon 09:00-17:00\", closed: busy, closed_number: \"+493099999999\"}}",
                "inbound.rules.a.closed_number is never used: inbound.rules.a.closed is `busy`, not `number`"
            ),
            (
                "rules: {a: {numbers: \"+493012345678\", closed: busy}}",
                "inbound.rules.a.closed is never used: there is no inbound.rules.a.hours or holidays"
            ),
            ("rules: {a: {numbers: \"+493012345678\", holidays: \"12-25\", closed: busy}}", nil),
            (
                "callers: {a: {numbers: \"+34*\", message: No.}}",
                "inbound.callers.a.message is never used: inbound.callers.a.answer is `busy`, not `message`"
            ),
            (
                "callers: {a: {numbers: \"+34*\", answer: message, agent: clerk}}",
                "inbound.callers.a.agent is never used: inbound.callers.a.answer is `message`, not `agent`"
            ),
            (
                "callers: {a: {numbers: \"+34*\", always: true}}",
                "inbound.callers.a.always is never used: inbound.callers.a.answer is `busy`, not `agent`"
            ),
            (
                "callers: {a: {numbers: \"+34*\", number: \"+493099999999\"}}",
                "inbound.callers.a.number is never used: inbound.callers.a.answer is `busy`, not `number`"
            ),
            ("callers: {a: {numbers: \"+34*\", answer: agent, agent: clerk, always: true}}", nil),
        ] as [(String, String?)])
    func unread(text: String, warning: String?) throws {
        let loaded = try Self.load("public: {auth: none}\ninbound: {\(text)}")
        #expect(loaded.warnings.filter { $0.hasPrefix("inbound.") } == [warning].compactMap { $0 })
        // What is in effect, with all that is left as it is, says no more than what was written.
        let again = try Self.load(loaded.description)
        #expect(again.warnings.filter { $0.hasPrefix("inbound.") } == [warning].compactMap { $0 })
    }

    @Test(
        "A fault names key, value, what is allowed and where it stands",
        arguments: [
            (
                "  rules:\n    office:\n      numbers: \"+493012345678\"\n      hours: mon-fri 17:00-09:00",
                "parley.yaml:5:14: `inbound.rules.office.hours` is `mon-fri 17:00-09:00`: allowed: hours, days and times such as"
            ),
            (
                "  rules:\n    office:\n      hours: mon 09:00-17:00",
                "parley.yaml:3:5: `inbound.rules.office.numbers`: required; allowed: list, + and 7 to 15 digits"
            ),
            (
                "  rules:\n    office:\n      numbers: 12",
                "`inbound.rules.office.numbers` is `12`: allowed: list, + and 7"
            ),
            (
                "  rules:\n    office:\n      numbers: \"+493012345678\"\n      holidays: 2026-02-30",
                "`inbound.rules.office.holidays` is `2026-02-30`: allowed: list, days YYYY-MM-DD"
            ),
            (
                "  rules:\n    office:\n      numbers: \"+493012345678\"\n      zone: Europe/Atlantis",
                "parley.yaml:5:13: `inbound.rules.office.zone` is `Europe/Atlantis`"
            ),
            (
                "  rules:\n    office:\n      numbers: \"+493012345678\"\n      closed: agent",
                "parley.yaml:5:15: `inbound.rules.office.closed_agent`: required because `inbound.rules.office.closed` is `agent`"
            ),
            (
                "  rules:\n    a:\n      numbers: \"+493012345678\"\n    b:\n      numbers: \"+493012345678\"",
                "parley.yaml:6:16: `inbound.rules.b.numbers` is `+493012345678`: the number belongs to `inbound.rules.a` already"
            ),
            (
                "  rules:\n    office:\n      numbers: \"+493012345678\"\n      closed: number\n      closed_number: \"+493012345678\"",
                "parley.yaml:6:22: `inbound.rules.office.closed_number` is `+493012345678`: calls to this number come here"
            ),
            (
                "  rules:\n    office:\n      numbers: \"+493012345678\"\n      hour: mon 09:00-17:00",
                "parley.yaml:5:13: `inbound.rules.office.hour`: there is no such key; did you mean `inbound.rules.office.hours`?"
            ),
            (
                "  callers:\n    vip:\n      numbers: \"+34*\"\n      answer: agent",
                "parley.yaml:5:15: `inbound.callers.vip.agent`: required because `inbound.callers.vip.answer` is `agent`"
            ),
            (
                "  callers:\n    vip:\n      numbers: \"+*\"",
                "`inbound.callers.vip.numbers` is `+*`: allowed: list, + and 7 to 15 digits"
            ),
            (
                "  callers:\n    vip:\n      numbers: \"+34*\"\n      to: \"+493012345678\"\n      answer: number\n      number: \"+493012345678\"",
                "parley.yaml:7:15: `inbound.callers.vip.number` is `+493012345678`: calls to this number come here"
            ),
            (
                "  overload: number",
                "parley.yaml:2:13: `inbound.overload_number`: required because `inbound.overload` is `number`"
            ),
            ("  overload: later", "`inbound.overload` is `later`: allowed: word, busy | message | number"),
            ("  caller_limit: 0", "`inbound.caller_limit` is `0`: allowed: integer, 1 ... 1000"),
            (
                "  overload: queue\n  queue_full: number",
                "parley.yaml:3:15: `inbound.overload_number`: required because `inbound.queue_full` is `number`"
            ),
            (
                "  queue_callback: true",
                "parley.yaml:2:19: `callbacks.agent`: required because `inbound.queue_callback` is on"
            ),
            (
                "  queue_position: You are in line.",
                "`inbound.queue_position` is `You are in line.`: `{position}` is missing"
            ),
            ("  queue_wait: Soon.", "`inbound.queue_wait` is `Soon.`: `{minutes}` is missing"),
            ("  queue_pause: 20s", "`inbound.queue_pause` is `20s`: allowed: duration, 5s ... 10s"),
            (
                "  rules:\n    office:\n      numbers: \"+493012345678\"\n      languages: {\"1\": {say: Press one, language: en-US}}",
                "`inbound.rules.office.languages.1.agent`: required; allowed: text, a name"
            ),
            (
                "  rules:\n    office:\n      numbers: \"+493012345678\"\n      languages: {en: {say: Press one, language: en-US, agent: clerk}}",
                "`inbound.rules.office.languages.en`: the name must be a key from 0 to 9"
            ),
            (
                "  rules:\n    office:\n      numbers: \"+493012345678\"\n      languages: {\"1\": {say: Press one, tongue: en}}",
                "`inbound.rules.office.languages.1.tongue`: there is no such key"
            ),
            ("  queue_length: 0", "`inbound.queue_length` is `0`: allowed: integer, 1 ... 1000"),
        ])
    func faults(text: String, words: String) {
        do throws(ConfigurationError) {
            let loaded = try Self.load("inbound:\n" + text)
            Issue.record("it was read: \(loaded.configuration.inbound)")
        } catch {
            #expect("\(error)".contains(words), "\(error)")
        }
    }
}
