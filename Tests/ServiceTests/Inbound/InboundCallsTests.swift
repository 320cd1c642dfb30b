import Campaigns
import Foundation
import Networking
import Store
import Telephony
import Testing

@testable import Service

/// What callers get over the whole service, in each carrier's own words.
@Suite("Calls that come in, by the rules")
struct InboundCallsTests {
    private static let office = "+15550199"
    private static let caller = "+15550100"

    private static func rule(
        closed: ParleyConfiguration.Inbound.Answer = .message
    ) throws -> ParleyConfiguration.Inbound.Rule {
        var rule = ParleyConfiguration.Inbound.Rule()
        rule.numbers = [office]
        // Every day of every year: it is always closed, whenever the test runs.
        var days: [String] = []
        for month in 1...12 {
            for day in 1...31 {
                let text = String(format: "%02d-%02d", month, day)
                if ClosedDays([text]) != nil { days.append(text) }
            }
        }
        let always: ClosedDays = try #require(ClosedDays(days))
        rule.holidays = always
        rule.closed = closed
        rule.closedMessage = "We are closed & away."
        rule.language = "de-DE"
        return rule
    }

    private static func voice(_ test: ServiceUnderTest, _ id: String, from: String = caller) async throws -> String {
        let answer = try await test.post("/twilio/voice", ["CallSid": id, "From": from, "To": office])
        #expect(answer.status == 200)
        return answer.text
    }

    /// Posts a webhook that nobody signs.
    private static func ask(_ test: ServiceUnderTest, _ carrier: String, _ id: String) async throws -> (
        status: Int, text: String
    ) {
        guard carrier == "vonage" else {
            let field = carrier == "plivo" ? "CallUUID" : "CallSid"
            return try await test.post(
                "/\(carrier)/voice", [field: id, "From": caller, "To": office], signed: false)
        }
        let body = #"{"conversation_uuid":"\#(id)","uuid":"leg","from":"15550100","to":"15550199"}"#
        let response = try await test.client.send(
            HTTPClientRequest(
                method: "POST", url: "http://127.0.0.1:\(test.port)/vonage/voice",
                headers: [("content-type", "application/json")], body: Array(body.utf8)))
        return (response.status, String(decoding: try await response.body.collect(upTo: 100_000), as: UTF8.self))
    }

    private static let messages = [
        "twilio": #"<Response><Say language="de-DE">We are closed &amp; away.</Say><Hangup/></Response>"#,
        "signalwire": #"<Response><Say language="de-DE">We are closed &amp; away.</Say><Hangup/></Response>"#,
        "telnyx": #"<Response><Say language="de-DE">We are closed &amp; away.</Say><Hangup/></Response>"#,
        "plivo": #"<Response><Speak language="de-DE">We are closed &amp; away.</Speak><Hangup/></Response>"#,
        "vonage": #"[{"action":"talk","language":"de-DE","text":"We are closed & away."}]"#,
    ]

    private static let forwards = [
        "twilio": "<Response><Dial>+15550111</Dial></Response>",
        "signalwire": "<Response><Dial>+15550111</Dial></Response>",
        "telnyx": "<Response><Dial>+15550111</Dial></Response>",
        "plivo": "<Response><Dial><Number>+15550111</Number></Dial></Response>",
        "vonage":
            #"[{"action":"connect","endpoint":[{"number":"15550111","type":"phone"}],"randomFromNumber":true}]"#,
    ]

    @Test(
        "out of hours every carrier says the message, or dials the other number, and takes no line for it",
        arguments: ["twilio", "signalwire", "telnyx", "plivo", "vonage"])
    func closed(carrier: String) async throws {
        let answers: [(ParleyConfiguration.Inbound.Answer, [String: String])] = [
            (.message, Self.messages), (.number, Self.forwards),
        ]
        for (closed, expected) in answers {
            var rule = try Self.rule(closed: closed)
            rule.closedNumber = "+15550111"
            let made = rule
            try await ServiceUnderTest.run(configure: { configuration, _ in
                configuration.public.auth = .none
                configuration.inbound.rules = ["office": made]
            }) { test in
                let answer = try await Self.ask(test, carrier, "CA1")
                let words = try #require(expected[carrier])
                #expect(answer.status == 200 && answer.text.contains(words), "\(answer)")
                #expect(try await test.metric("parley_lines_in_use") == 0)
                let page = try await test.ask("/metrics").text
                let name = closed == .message ? "message" : "number"
                #expect(page.contains("parley_calls_not_answered_total{answer=\"\(name)\",reason=\"holiday\"} 1"))
                #expect(test.log.contains("call not answered by an agent", "carrier=\(carrier)", "reason=holiday"))
            }
        }
    }

    @Test("another agent answers out of hours, and the call is theirs in the store")
    func otherAgent() async throws {
        var rule = try Self.rule(closed: .agent)
        rule.closedAgent = "thermostat"
        rule.agent = "receptionist"
        let made = rule
        try await ServiceUnderTest.run(configure: { configuration, _ in
            configuration.agents.default = "receptionist"
            configuration.inbound.rules = ["office": made]
        }) { test in
            let heard = try await test.call("CA1", saying: ["no thank you"], to: Self.office)
            #expect(heard.contains("1000"))
        } afterwards: { store, _ in
            let calls = try await store.calls().calls
            #expect(calls.map(\.agent) == ["thermostat"])
        }
    }

    @Test(
        "a blocked caller is busy, a named one reaches their own agent, and both are told apart by their number alone")
    func lists() async throws {
        var blocked = ParleyConfiguration.Inbound.CallerList()
        blocked.numbers = ["+1555*"]
        var named = ParleyConfiguration.Inbound.CallerList()
        named.numbers = [Self.caller]
        named.answer = .agent
        named.agent = "thermostat"
        let lists = ["blocked": blocked, "vip": named]
        try await ServiceUnderTest.run(configure: { configuration, _ in
            configuration.agents.default = "nobody"
            configuration.inbound.callers = lists
        }) { test in
            let refused = try await Self.voice(test, "CA1", from: "+15550101")
            #expect(refused.contains(#"<Reject reason="busy"/>"#))
            let heard = try await test.call("CA2", saying: ["no thank you"], to: Self.office)
            #expect(heard.contains("1000"))
        } afterwards: { store, _ in
            let calls = try await store.calls().calls
            #expect(calls.map(\.agent) == ["thermostat"])
        }
    }

    @Test("who calls too often is busy, a webhook that is sent again is answered as before, and operators see how many")
    func limit() async throws {
        try await ServiceUnderTest.run(configure: { configuration, _ in
            configuration.inbound.callerLimit = 2
        }) { test in
            for id in ["CA1", "CA2", "CA1"] {
                let answer = try await Self.voice(test, id)
                #expect(answer.contains("<Stream"), "\(answer)")
            }
            // Asked twice, it is one call.
            for _ in 1...2 {
                let third = try await Self.voice(test, "CA3")
                #expect(third.contains(#"<Reject reason="busy"/>"#))
            }
            let other = try await Self.voice(test, "CA4", from: "+15550102")
            #expect(other.contains("<Stream"))
            let page = try await test.ask("/metrics").text
            #expect(page.contains(#"parley_calls_not_answered_total{answer="busy",reason="limit"} 1"#))
            #expect(try await test.metric("parley_callers_counted") == 2)
        }
    }

    @Test(
        "when every line is taken callers get what the configuration says, and those on the line are not touched",
        arguments: [
            (ParleyConfiguration.Inbound.Overload.busy, #"<Reject reason="busy"/>"#),
            (.message, #"<Say language="en-US">Later.</Say><Hangup/>"#), (.number, "<Dial>+15550111</Dial>"),
        ] as [(ParleyConfiguration.Inbound.Overload, String)])
    func overload(answer: ParleyConfiguration.Inbound.Overload, words: String) async throws {
        try await ServiceUnderTest.run(configure: { configuration, _ in
            configuration.calls.maximum = 1
            configuration.inbound.overload = answer
            configuration.inbound.overloadMessage = "Later."
            configuration.inbound.overloadNumber = "+15550111"
        }) { test in
            let announced = try await test.announce("CA1")
            let second = try await Self.voice(test, "CA2")
            #expect(second.contains(words), "\(second)")
            // Sent again, the first one's webhook still has its line.
            let again = try await Self.voice(test, "CA1")
            #expect(again.contains("<Stream"))
            #expect(try await test.metric("parley_calls_refused_total") == 1)
            #expect(await TestCaller(saying: ["no thank you"], on: test.loop).hold(announced).contains("1000"))
            // A webhook of a call that was taken is no reason to send anybody anywhere.
            let late = try await Self.voice(test, "CA1")
            #expect(late.contains(#"<Reject reason="busy"/>"#))
        }
    }

    @Test("a switch that connects at once is turned away out of hours, and let in where it names the agent itself")
    func connectingAtOnce() async throws {
        let rule = try Self.rule()
        let frame = [UInt8](repeating: 0, count: 320)
        let script = DialectCaller.Script(
            opening: [.text(#"{"callSid":"c","from":"\#(Self.caller)","to":"\#(Self.office)","sampleRate":8000}"#)],
            frame: { _ in .binary(frame) }, isAudio: { $0 == nil })
        try await ServiceUnderTest.run(configure: { configuration, _ in
            configuration.carriers.jambonzToken = Secret("s3cret")
            configuration.inbound.rules = ["office": rule]
        }) { test in
            let url = "ws://127.0.0.1:\(test.port)/jambonz/media?token=s3cret"
            let subprotocols = MediaDialects.named("jambonz")?.capabilities.subprotocol.map { [$0] } ?? []
            let closed = await DialectCaller(script)
                .hold(WebSocketRequest(url: url, subprotocols: subprotocols), on: test.loop)
            // 1013 is what is sent; libwebsockets' client takes codes of after 1011 for a broken rule, and keeps the reason.
            #expect(closed.reason == "closed by the peer (1002 no agent answers this call: holiday)", "\(closed)")
            let named = await DialectCaller(script)
                .hold(WebSocketRequest(url: url + "&agent=thermostat", subprotocols: subprotocols), on: test.loop)
            #expect(named.audioMessages > 0, "\(named)")
        } afterwards: { store, _ in
            let calls = try await store.calls().calls
            #expect(calls.map(\.agent) == ["thermostat"])
        }
    }

    @Test("an AudioSocket dialplan is told that no agent answers, unless it names one itself")
    func audioSocket() async throws {
        let rule = try Self.rule()
        try await ServiceUnderTest.run(configure: { configuration, _ in
            configuration.public.auth = .none
            configuration.carriers.audioSocket.port = 0
            configuration.inbound.rules = ["office": rule]
        }) { test in
            let closed = try await test.post(
                "/audiosocket/invitation", ["from": Self.caller, "to": Self.office], signed: false)
            #expect(closed.status == 503 && closed.text.contains("holiday"))
            let named = try await test.post(
                "/audiosocket/invitation", ["to": Self.office, "agent": "thermostat"], signed: false)
            #expect(named.status == 200, "\(named)")
        }
    }

    @Test("the list of numbers shows rules and lists, and whether it is open now")
    func listing() async throws {
        var listed = try Self.rule()
        for (key, say, language, agent) in [
            ("2", "Para español, marque dos", "es-US", "recepcion"),
            ("1", "For English press one", "en-US", "thermostat"),
        ] {
            var choice = ParleyConfiguration.Inbound.LanguageKey()
            (choice.say, choice.language, choice.agent) = (say, language, agent)
            listed.languages[key] = choice
        }
        let rule = listed
        try await ServiceUnderTest.run(configure: { configuration, _ in
            configuration.agents.numbers = ["+12125550123": "thermostat"]
            configuration.inbound.rules = ["office": rule]
            var list = ParleyConfiguration.Inbound.CallerList()
            list.numbers = ["+1900*"]
            configuration.inbound.callers = ["blocked": list]
        }) { test in
            let list = try await test.api("GET", "/api/v1/numbers").object
            let routes = try #require(list["numbers"] as? [[String: Any]])
            #expect(routes.map { $0["number"] as? String } == ["+12125550123", Self.office])
            #expect(routes.map { $0["rule"] as? String } == [nil, "office"])
            #expect(routes.map { $0["agent"] as? String } == ["thermostat", "thermostat"])
            let rules = try #require(list["rules"] as? [[String: Any]])
            #expect(rules.map { $0["isOpen"] as? Bool } == [false])
            #expect(rules.map { $0["closed"] as? String } == ["message"])
            #expect((rules.first?["holidays"] as? [String])?.count == 366)
            let languages = try #require(rules.first?["languages"] as? [[String: Any]])
            #expect(languages.map { $0["key"] as? String } == ["1", "2"])
            #expect(languages.map { $0["agent"] as? String } == ["thermostat", "recepcion"])
            #expect(languages.map { $0["language"] as? String } == ["en-US", "es-US"])
            #expect(languages.first?["say"] as? String == "For English press one")
            // Nobody is there who would take the second key.
            #expect(languages.map { $0["isAnswered"] as? Bool } == [true, false])
            let callers = try #require(list["callers"] as? [[String: Any]])
            #expect(callers.map { $0["numbers"] as? [String] } == [["+1900*"]])
            #expect(list["overload"] as? String == "busy")
        }
    }
}
