import Agent
import Foundation
import Telephony
import Testing

@testable import CallSession

/// The carrier takes whoever answered for a machine, and machines are hung up on.
@Suite("Words of a machine before they are settled")
struct InterimWordsTests {
    private static let greeting = "This is the clinic."

    private func line() -> VirtualLine {
        var settings = ConversationSettings()
        settings.placed = PlacedCall(machine: .hangUp)
        var line = VirtualLine(settings: settings) { _ in [.say(Self.greeting)] }
        line.recognitionDelay = 320
        line.start()
        line.run(milliseconds: 200)
        line.deliver(.carrierAnswered("machine_start"))
        return line
    }

    @Test(
        "do not hang up on a person who was misheard",
        arguments: ["leave a message", "voicemail", "the mailbox is full", "deje su mensaje"])
    func misheard(words: String) throws {
        var line = line()
        line.speak("hello this is anna", for: 1200)
        let id = line.conversation.utterance
        line.deliver(.interim(id, text: words))
        #expect(line.hangUps.isEmpty)
        line.run(milliseconds: 4000)
        #expect(line.verdicts == [.machine, .person])
        #expect(line.said.map(\.text) == [Self.greeting])
        #expect(line.hangUps.isEmpty)
        #expect(line.faults == [])
        #expect(try line.firstDivergence() == nil)
    }

    @Test("hang up once they are final, before the silence after them would")
    func settled() throws {
        var line = line()
        line.speak("please leave a message after the beep", for: 1500)
        #expect(line.hangUps.isEmpty)
        line.run(milliseconds: 2000)
        #expect(line.hangUps == ["voicemail"])
        #expect(line.said.isEmpty)
        #expect(line.faults == [])
        #expect(try line.firstDivergence() == nil)
    }

    @Test("hang up at once where they last longer than a person's")
    func long() throws {
        var line = line()
        line.speak("hi you have reached anna please leave a message after the beep", for: 5000)
        #expect(line.hangUps == ["voicemail"])
        #expect(line.said.isEmpty)
        #expect(line.faults == [])
        #expect(try line.firstDivergence() == nil)
    }
}
