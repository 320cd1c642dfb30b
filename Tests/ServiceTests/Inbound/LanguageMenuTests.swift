import Emulators
import Foundation
import Store
import Testing

@testable import Service

@Suite("Callers who choose a language")
struct LanguageMenuTests {
    private static let keys: Set<String> = ["1", "2"]

    @Test("are asked twice at most, and an answer that is sent again changes nothing")
    func rounds() {
        var menu = LanguageMenu()
        for _ in 1...2 {
            let first = menu.look("a", at: .zero)
            #expect(first == .asked(round: 1))
        }
        // A key that leads nowhere is none, and the answer to the first question counts once.
        for key in ["7", "1"] {
            menu.answer("a", round: 1, key: key, of: Self.keys, at: .seconds(5))
            let second = menu.look("a", at: .seconds(5))
            #expect(second == .asked(round: 2))
        }
        menu.answer("a", round: 2, key: nil, of: Self.keys, at: .seconds(10))
        let none = menu.look("a", at: .seconds(10))
        #expect(none == .chosen(key: nil))
        menu.answer("a", round: 2, key: "1", of: Self.keys, at: .seconds(11))
        let still = menu.look("a", at: .seconds(11))
        #expect(still == .chosen(key: nil))
        menu.forget("a")
        #expect(menu.count == 0)
    }

    @Test("what they chose stays, also while they wait for a line")
    func choice() {
        var menu = LanguageMenu()
        _ = menu.look("a", at: .zero)
        menu.answer("a", round: 1, key: "2", of: Self.keys, at: .seconds(3))
        menu.answer("b", round: 1, key: "1", of: Self.keys, at: .seconds(3))
        let chosen = menu.look("a", at: .seconds(3600))
        #expect(chosen == .chosen(key: "2"))
        // Nobody has asked the other one.
        let other = menu.look("b", at: .seconds(3600))
        #expect(other == .asked(round: 1))
    }

    @Test("no more are remembered than there is room for; those of long ago go first")
    func bound() {
        var menu = LanguageMenu(capacity: 3, lifetime: .seconds(100))
        for (index, id) in ["a", "b", "c", "d"].enumerated() { _ = menu.look(id, at: .seconds(index)) }
        #expect(menu.count == 3)
        menu.answer("a", round: 1, key: "1", of: Self.keys, at: .seconds(5))
        let forgotten = menu.look("a", at: .seconds(6))
        #expect(forgotten == .asked(round: 1))
        _ = menu.look("e", at: .seconds(500))
        #expect(menu.count == 1)
    }

    // MARK: Over the carriers

    private typealias Carrier = WarmTransferUnderTest.Carrier
    private static let office = "+12127365000"

    @Test("a key leads to its agent, and none, asked twice, to the rule's own, over five carriers")
    func loop() async {
        await Carrier.overEach { try await Self.loop(over: $0) }
    }

    private static func setup(_ carrier: Carrier) -> WarmTransferUnderTest {
        var setup = WarmTransferUnderTest(.noAnswer, as: carrier)
        setup.configure = { configuration in
            var rule = ParleyConfiguration.Inbound.Rule()
            rule.numbers = [office]
            rule.agent = "desk"
            for (key, say, language, agent) in [
                ("1", "English one.", "en-US", "desk"), ("2", "Español dos.", "es-ES", "thermostat"),
            ] {
                var choice = ParleyConfiguration.Inbound.LanguageKey()
                (choice.say, choice.language, choice.agent) = (say, language, agent)
                rule.languages[key] = choice
            }
            configuration.inbound.rules = ["office": rule]
        }
        return setup
    }

    private static func loop(over carrier: Carrier) async throws {
        let setup = setup(carrier)
        let (silent, pressing) = ("+12127365001", "+12127365002")
        try await setup.run { test, sandbox, _ in
            let voice = "\(setup.base(of: test))/voice"
            await withTaskGroup(of: Void.self) { group in
                group.addTask {
                    await sandbox.ring(from: silent, to: office, at: voice, as: .hangsUp(after: .seconds(1)))
                }
                group.addTask {
                    await sandbox.ring(
                        from: pressing, to: office, at: voice, as: .hangsUp(after: .seconds(1)),
                        answers: [.presses("2")])
                }
            }
            let offer = ["said: English one.", "said: Español dos."]
            let waited = try #require(sandbox.calls.first { $0.from == silent }, "\(carrier)").acts
            #expect(Array(waited.prefix(4)) == offer + offer, "\(carrier): \(waited)")
            let pressed = try #require(sandbox.calls.first { $0.from == pressing }, "\(carrier)").acts
            #expect(Array(pressed.prefix(3)) == offer + ["pressed 2"], "\(carrier): \(pressed)")
            for acts in [waited, pressed] {
                #expect(acts.count { $0.hasPrefix("line closed") } == 1, "\(carrier): \(acts)")
            }
            #expect(sandbox.failedCallbacks == 0, "\(carrier)")
        } afterwards: { store in
            let calls = try await store.calls().calls
            let agents = Dictionary(calls.map { ($0.from, $0.agent) }) { first, _ in first }
            #expect(agents == [silent: "desk", pressing: "thermostat"], "\(carrier)")
        }
    }

    @Test(
        "who is on a list, calls out of hours, or another number is not asked; who chose waits in line for whom they chose"
    )
    func whoIsAsked() async throws {
        var rule = ParleyConfiguration.Inbound.Rule()
        rule.numbers = [Self.office]
        rule.agent = "nobody"
        var choice = ParleyConfiguration.Inbound.LanguageKey()
        (choice.say, choice.language, choice.agent) = ("Uno.", "es-ES", "thermostat")
        rule.languages = ["1": choice]
        var list = ParleyConfiguration.Inbound.CallerList()
        list.numbers = ["+12127365009"]
        list.answer = .agent
        list.agent = "thermostat"
        let (made, listed) = (rule, list)
        try await ServiceUnderTest.run(configure: { configuration, _ in
            configuration.calls.maximum = 2
            configuration.inbound.rules = ["office": made]
            configuration.inbound.callers = ["regulars": listed]
            configuration.inbound.overload = .queue
            configuration.inbound.queuePosition = "Number {position}."
        }) { test in
            func ask(_ path: String, _ id: String, from: String = "+12127365001", _ digits: String? = nil)
                async throws -> String
            {
                var form = ["CallSid": id, "From": from, "To": Self.office]
                form["Digits"] = digits
                return try await test.post("/twilio/\(path)", form).text
            }
            let regular = try await ask("voice", "CA1", from: "+12127365009")
            #expect(regular.contains("<Stream"), "\(regular)")
            let elsewhere = try await test.post(
                "/twilio/voice", ["CallSid": "CA2", "From": "+12127365001", "To": "+12127365123"])
            #expect(elsewhere.text.contains("<Stream"), "\(elsewhere)")
            let asked = try await ask("voice", "CA3")
            #expect(asked.contains("/twilio/language?round=1") && asked.contains("Uno."), "\(asked)")
            for _ in 1...2 {
                let waits = try await ask("language?round=1", "CA3", "1")
                #expect(waits.contains("/twilio/queue?round=1") && waits.contains("Number 1."), "\(waits)")
            }
            let unsigned = try await test.post("/twilio/language?round=1", ["CallSid": "CA3"], signed: false)
            #expect(unsigned.status == 403)
            #expect(try await test.call("CA1", saying: ["no thank you"], to: Self.office).contains("1000"))
            try await test.waitUntil("a line is free") { try await test.metric("parley_lines_in_use") == 1 }
            let taken = try await ask("queue?round=1", "CA3")
            #expect(taken.contains("<Stream"), "\(taken)")
            #expect(try await test.call("CA3", saying: ["no thank you"], to: Self.office).contains("1000"))
            #expect(try await test.call("CA2", saying: ["no thank you"], to: "+12127365123").contains("1000"))
        } afterwards: { store, _ in
            let calls = try await store.calls().calls
            #expect(Set(calls.map(\.carrierCallID)) == ["CA1", "CA2", "CA3"])
            #expect(Set(calls.map(\.agent)) == ["thermostat"])
        }
    }
}
