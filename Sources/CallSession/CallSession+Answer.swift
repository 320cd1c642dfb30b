import AudioCore
import Speech
import Telephony

/// Who has answered a call that was placed; asked beside the conversation, which does not wait for it.
extension CallSession {
    func listenForAnswerer(_ frame: Span<Int16>, at position: Int) {
        guard answer != nil, let tone = toneWatch.process(frame) else { return }
        note(answer?.tone(tone, at: position))
    }

    /// - Parameter transition: on the call's clock.
    func listenForAnswerer(_ transition: VoiceActivity.Transition) {
        switch transition {
        case .started(let sample): answer?.voiceStarted(at: sample)
        case .stopped(let sample): answer?.voiceStopped(at: sample)
        }
    }

    func listenForAnswerer(_ event: RecognitionEvent) {
        switch event {
        case .interim(let transcript), .provisional(let transcript), .final(let transcript):
            note(answer?.heard(transcript.text, at: position))
        case .nothingHeard, .failed, .endOfTurn: break
        }
    }

    func note(_ verdict: AnswerDetector.Verdict?) {
        if let verdict { plan.answered?(verdict) }
    }
}
