import Agent
import Callers
import Campaigns
import Emulators
import Foundation
import Store
import Testing

@testable import Service

@Suite("A campaign that people, machines, assistants, menus and faxes answer", .serialized)
struct AnswererCampaignTests {
    private static let message = "Lakeside Clinic called. Please call us back."
    private static let introduction = "Lakeside Clinic, about an appointment."
    private static let offer = "for billing press one for appointments press two"

    /// The same several times: on a busy machine a gap in the agent's audio is taken for its end.
    private static func patiently(_ words: String) -> [CallerClip] {
        Array(repeating: SpokenClip.saying(words), count: 5)
    }

    private static func person(_ words: String) -> SandboxCarrierConfiguration.Person {
        .init(greeting: SpokenClip.saying("hello"), clips: patiently(words))
    }

    /// An agent that finds its way through a menu.
    private func addNavigator(to directory: URL) throws {
        let agents = directory.appending(path: "agents")
        let reminder = try String(contentsOf: agents.appending(path: "reminder.yaml"), encoding: .utf8)
        let navigator = reminder.replacing("name: reminder", with: "name: navigator", maxReplacements: 1)
            .replacing(
                "\nintents:\n",
                with: "\nintents:\n  appointments_menu: [\"\(Self.offer)\", \"for appointments press two\"]\n",
                maxReplacements: 1
            )
            .replacing(
                "\nstates:\n", with: "\nstates:\n  menu: {on: appointments_menu, steps: [{press: \"2\"}]}\n",
                maxReplacements: 1)
        try Data(navigator.utf8).write(to: agents.appending(path: "navigator.yaml"))
    }

    @Test("each ends as what it was, the message is heard after the beep and never before, and every journal is exact")
    func everyAnswerer() async throws {
        let numbers = CampaignUnderTest.numbers(7)
        try await CampaignUnderTest.run {
            $0.hearing = .seconds(60)
            // What is found out is found out by our own ears.
            $0.detectsMachines = false
            $0.callee = { number, _ in
                switch number {
                case numbers[0]: .greets(SpokenClip.saying("hello"), then: Self.patiently("yes"))
                case numbers[1]:
                    .voicemail(greeting: SpokenClip.saying("i am not here please leave a message after the beep"))
                case numbers[2]:
                    .screening(
                        prompt: SpokenClip.saying("please state your name and the reason for your call"),
                        person: Self.person("yes"))
                case numbers[3]:
                    .menu(
                        SandboxMenu(
                            prompt: SpokenClip.saying(Self.offer),
                            choices: ["1": .hangsUp, "2": .person(Self.person("yes"))]))
                case numbers[4]: .fax
                case numbers[5]:
                    .screening(prompt: SpokenClip.saying("please say your name and why you are calling"), person: nil)
                default: .talks(Self.patiently("yes"))
                }
            }
        } _: { test in
            try addNavigator(to: test.directory)
            try await test.begin(numbers) {
                $0.agent = "navigator"
                $0.machine = .leaveMessage
                $0.message = "{seller} called. Please call us back."
                $0.introduction = "{seller}, about an appointment."
            }
            try await test.serve(
                within: .seconds(180), engines: LightEngines(voice: SpellingSynthesizer()),
                until: CampaignUnderTest.isFinished)
            let outcomes = try await test.outcomes()
            #expect(outcomes[numbers[0]] == "reached")
            #expect(outcomes[numbers[1]] == "message_left")
            #expect(outcomes[numbers[2]] == "reached")
            #expect(outcomes[numbers[3]] == "reached")
            #expect(outcomes[numbers[4]] == "fax")
            #expect(outcomes[numbers[5]] == "screened")
            #expect(outcomes[numbers[6]] == "reached")

            let calls = Dictionary(uniqueKeysWithValues: test.carrier.calls.map { ($0.to, $0) })
            #expect(test.carrier.calls.count == 7)
            let machine = try #require(calls[numbers[1]])
            let beep = try #require(machine.beepEnd)
            #expect(SpokenClip.all(in: machine.heard[..<beep]).isEmpty)
            #expect(SpokenClip.all(in: machine.heard[beep...]) == [Self.message])
            let assistant = SpokenClip.all(in: try #require(calls[numbers[2]]).heard[...])
            #expect(assistant.first == Self.introduction)
            #expect(assistant.dropFirst().first?.hasPrefix("Hello, this is the automated assistant") == true)
            #expect(calls[numbers[3]]?.acts.contains("heard key 2") == true)
            #expect(calls[numbers[4]].map { SpokenClip.all(in: $0.heard[...]) } == [])
            // It heard who calls, and nothing else.
            let fruitless = SpokenClip.all(in: try #require(calls[numbers[5]]).heard[...])
            #expect(Set(fruitless) == [Self.introduction])

            try await test.afterwards { store in
                let expected = ["person", "machine", "person", "person", "fax", "screening", "person"]
                for (number, answerer) in zip(numbers, expected) {
                    let contact = try await store.contact(
                        campaign: store.campaign(named: "test").id, number: number)
                    let attempt = try #require(try await store.attempts(contact: contact.id).first)
                    #expect(attempt.answerer == answerer, "\(number)")
                    let call = try #require(attempt.callID)
                    #expect(try await store.story(ofCall: call).call.answerer == answerer)
                    let report = try CallReplay(call: call, journal: try await store.journal(ofCall: call)).run()
                    #expect(report.isExact, "\(number): \(String(describing: report.divergence))")
                }
            }
        }
    }

    @Test("the carrier's verdict reaches the call, and a machine that is hung up on is called again later")
    func hungUpOn() async throws {
        let numbers = CampaignUnderTest.numbers(2)
        try await CampaignUnderTest.run {
            $0.callee = { number, _ in
                // Words that tell nothing: only the carrier knows.
                number == numbers[0]
                    ? .voicemail(greeting: SpokenClip.saying("qwertz")) : .talks(Self.patiently("yes"))
            }
        } _: { test in
            try await test.begin(numbers) { $0.frequency.attempts = 2 }
            try await test.serve { store in
                let campaign = try await store.campaign(named: "test").id
                return try await store.contacts(campaign: campaign).allSatisfy {
                    $0.outcome != nil && $0.state != .calling
                }
            }
            #expect(try await test.outcomes() == [numbers[0]: "machine", numbers[1]: "reached"])
            #expect(
                test.carrier.calls.map(\.answeredBy).sorted { ($0 ?? "") < ($1 ?? "") } == ["human", "machine_start"])
            try await test.afterwards { store in
                let contact = try await store.contact(campaign: store.campaign(named: "test").id, number: numbers[0])
                #expect(contact.state == .waiting)
                #expect(contact.nextAt > Date().addingTimeInterval(80_000))
                #expect(try await store.attempts(contact: contact.id).first?.answerer == "machine")
            }
        }
    }

    @Test("whoever asks to be called tomorrow at ten is called then, where they are, and not before")
    func callback() async throws {
        let number = CampaignUnderTest.numbers(1)[0]
        try await CampaignUnderTest.run {
            $0.callee = { _, _ in
                .greets(SpokenClip.saying("hello"), then: Self.patiently("call me back tomorrow at ten am"))
            }
        } _: { test in
            try await test.begin([number])
            try await test.serve(within: .seconds(180)) { store in
                let campaign = try await store.campaign(named: "test").id
                let contact = try await store.contact(campaign: campaign, number: number)
                return contact.state == .waiting && contact.outcome != nil
            }
            #expect(test.carrier.calls.count == 1)
            try await test.afterwards { store in
                let record = try await store.campaign(named: "test")
                #expect(record.state == .running)
                let contact = try await store.contact(campaign: record.id, number: number)
                #expect(contact.outcome == "reached")
                let promised = try #require(contact.callbackAt)
                #expect(contact.nextAt == promised)
                var calendar = Calendar(identifier: .gregorian)
                calendar.timeZone = try #require(TimeZone(identifier: "America/New_York"))
                #expect(calendar.component(.hour, from: promised) == 10)
                #expect(calendar.component(.minute, from: promised) == 0)
                #expect(promised > Date())
                // The quiet days do not apply to whoever asked, nor the one attempt of this campaign.
                func decision(at moment: Date) async throws -> GateDecision {
                    let office = CampaignOffice(
                        store: store,
                        rules: try CallingRules(directory: test.directory.appending(path: "campaigns").path),
                        agents: try AgentLibrary.load(directory: test.directory.appending(path: "agents")).agents,
                        now: { moment })
                    return try await office.explain("test", number: number).now
                }
                #expect(try await decision(at: promised + 1).verdict == .dial)
                #expect(try await decision(at: promised - 60).verdict != .dial)
            }
        }
    }
}
