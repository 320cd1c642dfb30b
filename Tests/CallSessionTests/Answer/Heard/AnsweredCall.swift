import Agent
import AudioCore
import CallSession
import Codecs
import Speech

/// A call in virtual time that was placed, and is answered with a greeting.
enum AnsweredCall {
    /// Holds it with a recognizer of that kind, by all rules of a real call.
    static func outcome(
        of sound: GreetingSound, ears: any VirtualEars, hear: @escaping ([UInt8]) -> Void = { _ in }
    ) async throws -> GreetingFigures.Outcome {
        var settings = ConversationSettings()
        // The policy under which a person who is taken for a machine loses the call.
        settings.placed = PlacedCall(machine: .hangUp, introduction: "The clinic, about an appointment.")
        var outcome = GreetingFigures.Outcome(text: sound.text, answerer: sound.answerer)
        let plan = VirtualCall.Plan(
            facts: CallFacts(callID: "greeting", isPlaced: true), settings: settings, dialogue: Greeter(),
            synthesizer: PlainTone()
        ) { event in
            switch event {
            case .note(let position, .answered(let verdict)):
                outcome.verdict = verdict.answerer
                outcome.delay = position - sound.end
            case .decided(_, let actions):
                for case .hangUp(let reason) in actions { outcome.hangUp = reason }
            default: break
            }
        }
        try await VirtualCall(plan, line: GreetingLine(sound.line, hear: hear), ears: ears).run(limit: .seconds(120))
        return outcome
    }
}

/// An agent that greets, and has nothing else to say.
private struct Greeter: Dialogue {
    let language = DialogueLanguage()

    func reply(to input: DialogueInput) -> AsyncThrowingStream<DialogueOutput, any Error> {
        AsyncThrowingStream { continuation in
            if case .callStarted = input { continuation.yield(.say("This is the clinic's assistant.")) }
            continuation.finish()
        }
    }

    func cutLastReply(toHeard heard: String) async {}
}

/// A voice without words: 60 ms for each character.
private final class PlainTone: SpeechSynthesizer, SynthesisSession {
    func makeSession(voice: String, format: AudioFormat) async throws(SpeechError) -> any SynthesisSession { self }

    func synthesize(_ text: String) -> SynthesizedAudio {
        SynthesizedAudio((0..<text.count * 480).map { MuLaw.encode($0 / 10 % 2 == 0 ? 3000 : -3000) })
    }

    func close() {}
}
