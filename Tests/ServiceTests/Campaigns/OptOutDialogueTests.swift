import Agent
import CallSession
import Campaigns
import Emulators
import Foundation
import Networking
import Store
import Testing

@testable import Service

@Suite("What an agent understands as opting out")
struct OptOutDialogueTests {
    /// No words of ``OptOutPhrases``.
    private static let words = "forget that i exist"

    @Test("is stored before anything is promised, and what the agent would have said is not said")
    func order() async throws {
        let events = Lock<[String]>([])
        let understanding = Understanding(intent: "opt_out", entities: [:], confidence: 0.6)
        let dialogue = OptOutDialogue(
            agent: Understands(understanding), hasOptedOut: { nil }, isSingleKey: { false },
            optOut: { reason in events.withLock { $0.append("stored: \(reason)") } })
        var outputs: [DialogueOutput] = []
        for try await output in dialogue.reply(to: Self.turn) {
            if case .say = output { events.withLock { $0.append("said") } }
            outputs.append(output)
        }
        #expect(events.withLock(\.self) == ["stored: said so", "said"])
        #expect(
            outputs == [
                .understood(understanding), .say("All right. You will not be called again. Goodbye."),
                .hangUp(reason: "opted out"),
            ])
    }

    @Test("ends the call where what the agent does then fails, and what it did is in the record")
    func acts() async throws {
        let understanding = Understanding(intent: "opt_out", entities: [:], confidence: 0.6)
        let act = ToolInvocation(id: "t1", name: "contact_note", arguments: [:])
        let dialogue = OptOutDialogue(
            agent: Understands(understanding, act: act), hasOptedOut: { nil }, isSingleKey: { false },
            optOut: { _ in })
        var outputs: [DialogueOutput] = []
        for try await output in dialogue.reply(to: Self.turn) { outputs.append(output) }
        #expect(
            outputs == [
                .understood(understanding), .say("All right. You will not be called again. Goodbye."),
                .toolStarted(act), .hangUp(reason: "opted out"),
            ])
    }

    @Test("is confirmed in the agent's language")
    func spanish() async throws {
        let dialogue = OptOutDialogue(
            agent: Understands(Understanding(intent: "none", entities: [:], confidence: 1)), spoken: .spanish,
            hasOptedOut: { nil }, isSingleKey: { false }, optOut: { _ in })
        let turn = CallerTurn(number: 1, text: "no me llame más", confidence: 1)
        var outputs: [DialogueOutput] = []
        for try await output in dialogue.reply(to: .callerSaid(turn)) { outputs.append(output) }
        #expect(outputs.contains(.say("De acuerdo. No volveremos a llamarle. Adiós.")))
        #expect(outputs.last == .hangUp(reason: "opted out"))
    }

    @Test("is confirmed in the language of a colleague who has taken the person over")
    func colleague() async throws {
        let dialogue = OptOutDialogue(
            agent: HandsOver(colleague: "asistente"), languages: ["asistente": .spanish], hasOptedOut: { nil },
            isSingleKey: { false }, optOut: { _ in })
        var said: [DialogueOutput] = []
        for try await output in dialogue.reply(to: Self.turn) { said.append(output) }
        #expect(said == [.tookOver(agent: "asistente"), .say("Buenos días.")])
        let turn = CallerTurn(number: 2, text: "no me llame más", confidence: 1)
        var farewell: [DialogueOutput] = []
        for try await output in dialogue.reply(to: .callerSaid(turn)) { farewell.append(output) }
        #expect(farewell.contains(.say("De acuerdo. No volveremos a llamarle. Adiós.")))
    }

    @Test("is not promised where it could not be stored, and whoever watches the call hears of it all the same")
    func notStored() async throws {
        let dialogue = OptOutDialogue(
            agent: Understands(Understanding(intent: "opt_out", entities: [:], confidence: 1)), hasOptedOut: { nil },
            isSingleKey: { false },
            optOut: { _ in throw StoreError(.locked, operation: "store", subject: "x", detail: "it is locked") })
        var outputs: [DialogueOutput] = []
        var hasFailed = false
        do {
            for try await output in dialogue.reply(to: Self.turn) { outputs.append(output) }
        } catch { hasFailed = error is StoreError }
        #expect(hasFailed)
        #expect(outputs == [.understood(Understanding(intent: "opt_out", entities: [:], confidence: 1))])
    }

    @Test("is nothing else: other intents leave the reply as it is")
    func others() async throws {
        let understanding = Understanding(intent: "stop", entities: [:], confidence: 1)
        let dialogue = OptOutDialogue(
            agent: Understands(understanding), hasOptedOut: { nil }, isSingleKey: { false },
            optOut: { _ in Issue.record("nobody opted out") })
        var outputs: [DialogueOutput] = []
        for try await output in dialogue.reply(to: Self.turn) { outputs.append(output) }
        #expect(outputs == [.understood(understanding), .say("We will not call you again."), .hangUp(reason: "stop")])
    }

    @Test("is found once by whoever watches the call, also where the words say otherwise")
    func watched() {
        var watch = OutboundWatch(
            OutboundCall(
                attempt: "a", number: "+14155550123", callerID: "+14155550100", agent: "reminder", seller: "Acme",
                variables: [:], placed: PlacedCall(machine: .hangUp)))
        var found = 0
        for intent in ["none", "opt_out", "opt_out"] {
            let note = CallNote.understood(turn: 1, Understanding(intent: intent, entities: [:], confidence: 1))
            if case .optedOut = watch.see(.note(position: 0, note)) { found += 1 }
        }
        #expect(found == 1)
        #expect(watch.optOut == "said so")
    }

    @Test("puts the number on the list on a campaign's call, whatever the agent's file does then")
    func call() async throws {
        #expect(!OptOutPhrases.matches(Self.words))
        let numbers = CampaignUnderTest.numbers(1)
        try await CampaignUnderTest.run {
            $0.callee = { _, _ in .talks([SpokenClip.saying(Self.words)]) }
        } _: { test in
            let file = test.directory.appending(path: "agents/reminder.yaml")
            let shipped = try String(contentsOf: file, encoding: .utf8)
            let taught = shipped.replacing(
                "    - \"unsubscribe\"\n", with: "    - \"unsubscribe\"\n    - \"\(Self.words)\"\n")
            #expect(taught != shipped)
            try Data(taught.utf8).write(to: file)
            try await test.begin(numbers) { $0.frequency.attempts = 5 }
            try await test.serve(until: CampaignUnderTest.isFinished)
            let outcomes = try await test.outcomes()
            #expect(outcomes == [numbers[0]: "opted_out"])
            try await test.afterwards { store in
                let standing = try await store.standing(of: numbers[0], conversations: [], now: Date())
                #expect(standing.suppressions.map(\.list) == ["internal"])
                #expect(standing.consents.allSatisfy { $0.revokedAt != nil })
                let contact = try await store.contact(campaign: store.campaign(named: "test").id, number: numbers[0])
                let attempt = try #require(try await store.attempts(contact: contact.id).first)
                let call = try await store.story(ofCall: try #require(attempt.callID))
                #expect(call.turns.contains { $0.speaker == .caller && $0.intent == "opt_out" })
                let said = call.turns.filter { $0.speaker == .agent }.map(\.text).joined(separator: " ")
                #expect(said.contains("You will not be called again"))
                #expect(!said.contains("We will not call you again"))
            }
        }
    }

    private static let turn = DialogueInput.callerSaid(CallerTurn(number: 1, text: words, confidence: 1))

    /// Has the person taken over by a colleague.
    private struct HandsOver: Dialogue {
        let colleague: String

        var language: DialogueLanguage { DialogueLanguage(contexts: [:]) }

        func reply(to input: DialogueInput) -> AsyncThrowingStream<DialogueOutput, any Error> {
            AsyncThrowingStream {
                $0.yield(.tookOver(agent: colleague))
                $0.yield(.say("Buenos días."))
                $0.finish()
            }
        }

        func cutLastReply(toHeard heard: String) async {}
    }

    /// An agent that understands one thing and ends the call, or breaks where it acts before.
    private struct Understands: Dialogue {
        let understanding: Understanding
        let act: ToolInvocation?

        init(_ understanding: Understanding, act: ToolInvocation? = nil) {
            self.understanding = understanding
            self.act = act
        }

        var language: DialogueLanguage { DialogueLanguage(contexts: [:]) }

        func reply(to input: DialogueInput) -> AsyncThrowingStream<DialogueOutput, any Error> {
            AsyncThrowingStream {
                $0.yield(.understood(understanding))
                $0.yield(.say("We will not call you again."))
                if let act {
                    $0.yield(.toolStarted(act))
                    return $0.finish(throwing: Unexpected(what: "the tool", got: "nothing"))
                }
                $0.yield(.hangUp(reason: "stop"))
                $0.finish()
            }
        }

        func cutLastReply(toHeard heard: String) async {}
    }
}
