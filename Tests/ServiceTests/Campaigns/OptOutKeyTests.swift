import Agent
import CallSession
import Testing

@testable import Service

@Suite("The key that ends all calls")
struct OptOutKeyTests {
    private static let call = OutboundCall(
        attempt: "a", number: "+14155550123", callerID: "+14155550100", agent: "reminder", seller: "Acme",
        variables: [:], placed: PlacedCall(machine: .hangUp))

    /// Whether somebody is on the list after these events.
    private func optsOut(_ events: [CallEvent]) -> Bool {
        var watch = OutboundWatch(Self.call)
        return events.reduce(into: false) { found, event in
            if case .optedOut = watch.see(event) { found = true }
        }
    }

    private func key(_ key: String, at seconds: Double = 10) -> CallEvent {
        .journal(sequence: 1, position: Int(seconds * 8000), .keyPressed(key))
    }

    private let asksForNumber = CallEvent.note(
        position: 0, .expecting(Expectation(kind: .digits, context: "phone", longestKeys: 10)))
    private let hangsUp = CallEvent.journal(sequence: 2, position: 0, .hungUp(reason: "caller hung up"))

    @Test("counts at once, whatever the agent has asked")
    func atOnce() {
        #expect(optsOut([key("9")]))
        #expect(optsOut([.note(position: 0, .expecting(Expectation(kind: .yesNo, context: "yesno"))), key("9")]))
        #expect(!optsOut([key("8")]))
    }

    @Test("is a digit where a number was asked for, and by itself none")
    func digit() {
        #expect(!optsOut([asksForNumber] + "4155550199".map { key(String($0)) } + [hangsUp]))
        #expect(!optsOut([asksForNumber, key("9"), key("1"), hangsUp]))
        // Nobody waits for the pause who puts the receiver down.
        #expect(optsOut([asksForNumber, key("9"), hangsUp]))
    }

    @Test("is a digit where somebody types on although the number was complete")
    func typedOn() {
        let asksYesNo = CallEvent.note(position: 0, .expecting(Expectation(kind: .yesNo, context: "yesno")))
        let number = "1415555013".map { key(String($0)) }
        #expect(!optsOut([asksForNumber] + number + [asksYesNo, key("9", at: 10.5), hangsUp]))
        #expect(optsOut([asksForNumber] + number + [asksYesNo, key("9", at: 14)]))
    }

    @Test("reaches the dialogue as a number: a nine by itself opts out, a number with a nine is the agent's")
    func dialogue() async throws {
        for (keys, isSingle, isOptOut) in [
            ("9", true, true), ("9", false, false), ("4155550199", false, false), ("99", false, false),
        ] {
            let dialogue = OptOutDialogue(
                agent: Deaf(), hasOptedOut: { nil }, isSingleKey: { isSingle }, optOut: { _ in })
            var ends = false
            for try await output in dialogue.reply(to: .keysPressed(keys)) {
                if case .hangUp = output { ends = true }
            }
            #expect(ends == isOptOut, "\(keys)")
        }
    }

    private struct Deaf: Dialogue {
        var language: DialogueLanguage { DialogueLanguage(contexts: [:]) }
        func reply(to input: DialogueInput) -> AsyncThrowingStream<DialogueOutput, any Error> {
            AsyncThrowingStream { $0.finish() }
        }
        func cutLastReply(toHeard heard: String) async {}
    }
}
