import Agent
import Foundation
import Testing

@testable import CallSession

/// A call whose agent hands the caller over to a colleague of another language.
@Suite("What is said without a dialogue follows the agent who has the caller")
struct SpeakerSettingsTests {
    private static func settings() -> ConversationSettings {
        var english = ConversationSettings()
        english.warmTransfers = ["reception": WarmTransfer()]
        english.recording = RecordingPolicy(.announce)
        var spanish = english
        spanish.speak(.spanish)
        spanish.warmTransfers = ["reception": WarmTransfer(language: .spanish)]
        english.speakers = [
            "assistant": SpeakerSettings(english, recordingStopped: RecordingPolicy(.announce).stopped),
            "asistente": SpeakerSettings(
                spanish, recordingStopped: RecordingPolicy(.announce, language: .spanish).stopped),
        ]
        return english
    }

    /// A caller who was greeted.
    private static func line(_ settings: ConversationSettings) -> VirtualLine {
        var line = VirtualLine(settings: settings) { input in
            switch input {
            case .callerSaid(let turn) where turn.text.contains("person"):
                [.say("One moment."), .transfer("reception")]
            case .callerSaid(let turn) where turn.text.contains("appointment"): [.fail]
            default: [.say("Hello.")]
            }
        }
        line.start()
        line.run(milliseconds: 6000)
        return line
    }

    private static func handOver(_ line: inout VirtualLine, to agent: String) {
        line.deliver(.replyTakenOver(generation: line.conversation.generation, agent: agent))
    }

    @Test(
        "a colleague's people are asked as the colleague's file says, and callers hold the line in the colleague's language"
    )
    func warmTransfer() throws {
        var line = Self.line(Self.settings())
        Self.handOver(&line, to: "asistente")
        line.speak("a person please", for: 800)
        line.run(milliseconds: 4000)
        let asked = line.actions.compactMap { if case .callPerson(let person) = $0.action { person } else { nil } }
        #expect(asked.map(\.agent) == ["asistente"] && asked.map(\.said) == [["a person please"]])
        #expect(asked.map(\.plan) == [WarmTransfer(language: .spanish)])
        line.deliver(.person(.ringing))
        line.run(milliseconds: 22_000)
        #expect(line.said.last?.text == WarmTransfer(language: .spanish).hold[0])
        #expect(line.faults == [])
        #expect(try line.firstDivergence() == nil)
    }

    @Test("with the agent of the beginning it is that agent's, also where the caller comes back to it")
    func first() throws {
        for wasAway in [false, true] {
            var line = Self.line(Self.settings())
            if wasAway {
                Self.handOver(&line, to: "asistente")
                Self.handOver(&line, to: "assistant")
            }
            line.speak("a person please", for: 800)
            line.run(milliseconds: 4000)
            let asked = line.actions.compactMap { if case .callPerson(let person) = $0.action { person } else { nil } }
            #expect(asked.map(\.agent) == [wasAway ? "assistant" : nil])
            #expect(asked.map(\.plan) == [WarmTransfer()])
            #expect(try line.firstDivergence() == nil)
        }
    }

    @Test("apologies are in the language of whoever failed")
    func apology() {
        var line = Self.line(Self.settings())
        line.speak("an appointment please", for: 800)
        line.run(milliseconds: 6000)
        #expect(line.said.last?.text == UsualSentence.apology.text(in: .english))
        Self.handOver(&line, to: "asistente")
        line.speak("an appointment please", for: 800)
        line.run(milliseconds: 6000)
        #expect(line.said.last?.text == UsualSentence.apology.text(in: .spanish))
        Self.handOver(&line, to: "nobody")
        #expect(line.conversation.settings.apology == UsualSentence.apology.text(in: .spanish))
    }

    @Test("so is what is said where a recording stops")
    func recording() {
        var line = Self.line(Self.settings())
        Self.handOver(&line, to: "asistente")
        line.speak("please stop recording this call", for: 1500)
        line.run(milliseconds: 6000)
        #expect(line.said.map { $0.text }.contains(UsualSentence.recordingStopped.text(in: .spanish)))
    }

    @Test("a language says its own where the configuration says nothing, and the configuration's words stay")
    func usual() throws {
        var settings = ConversationSettings()
        settings.apology = "Whoops."
        settings.speak(.spanish)
        #expect(settings.apology == "Whoops.")
        #expect(settings.surrender == UsualSentence.surrender.text(in: .spanish))
        #expect(settings.farewell == UsualSentence.farewell.text(in: .spanish))
        #expect(settings.handBack == UsualSentence.handBack.text(in: .spanish))
        #expect(settings.transferFailed == UsualSentence.nobodyThere.text(in: .spanish))
        #expect(settings.spokenLanguage == .spanish)
        var english = ConversationSettings()
        english.speak(.english)
        #expect(english == ConversationSettings())
        // As journals keep them.
        let kept = try JSONDecoder().decode(ConversationSettings.self, from: JSONEncoder().encode(Self.settings()))
        #expect(kept == Self.settings())
    }
}
