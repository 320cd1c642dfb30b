import CallSession
import Telephony

extension ConfigurationSchema {
    private static let pause = ValueKind.duration(.milliseconds(100) ... .seconds(5))
    private static let wait = ValueKind.duration(.milliseconds(100) ... .seconds(120))

    static let turns = ConfigurationSection(
        name: "turns", documentation: "Turn taking: when the caller is done, and when they interrupt.",
        keys: [
            Key(
                "turns.complete_wait", \.conversation.turns.completeWait, pause,
                "The pause that ends a turn when the agent's flow says that its question is answered, or when the "
                    + "recognizer is sure that the caller has finished."),
            Key(
                "turns.open_ended_wait", \.conversation.turns.openEndedWait, pause,
                "The pause when the agent's flow says that the caller may well go on: a wish without its details."),
            Key(
                "turns.prepares_speech", \.conversation.turns.preparesSpeech, .boolean,
                "Whether the first sentence of a reply is synthesised while it is still uncertain that the caller has "
                    + "finished. Quicker; what is not said was synthesised for nothing."),
            Key(
                "turns.open_wait", \.conversation.turns.openWait, pause,
                "The pause that ends an answer to an open question, where the agent has no opinion of the words."),
            Key(
                "turns.short_answer_wait", \.conversation.turns.shortAnswerWait, pause,
                "The pause that ends a short answer: yes or no, a choice, a date, a time, a name."),
            Key(
                "turns.digits_wait", \.conversation.turns.digitsWait, pause,
                "The pause that ends a number said digit by digit."),
            Key(
                "turns.unfinished_wait", \.conversation.turns.unfinishedWait, pause,
                "The pause after words that cannot end a sentence (`my number is`)."),
            Key(
                "turns.wordless_wait", \.conversation.turns.wordlessWait, pause,
                "The pause when no word was recognized yet."),
            Key(
                "turns.held_wait", \.conversation.turns.heldWait, pause,
                "The pause after a sound of up to 600 ms over the agent, which holds its breath meanwhile."),
            Key(
                "turns.interrupt_after", \.conversation.turns.interruptAfter,
                .duration(.milliseconds(100) ... .seconds(3)),
                "Speech over the agent for so long interrupts it when words were recognized."),
            Key(
                "turns.interrupt_without_words_after", \.conversation.turns.interruptWithoutWordsAfter,
                .duration(.milliseconds(100) ... .seconds(5)),
                "Speech over the agent for so long interrupts it although no word of it is known; the agent holds its breath "
                    + "until then. Not shorter than interrupt_after."),
            Key(
                "turns.protected_greeting", \.conversation.turns.protectedGreeting,
                .duration(.zero ... .seconds(10)), "The first part of the greeting, which cannot be interrupted."),
            Key(
                "turns.shortest_utterance", \.conversation.turns.shortestUtterance,
                .duration(.zero ... .seconds(2)), "Shorter sounds without words of the task are noise."),
            Key(
                "turns.longest_utterance", \.conversation.longestUtterance, .duration(.seconds(5) ... .seconds(120)),
                "Talking for so long without a pause is taken as a turn."),
            Key(
                "turns.key_pause", \.conversation.keyPause, .duration(.milliseconds(500) ... .seconds(10)),
                "The pause after a telephone key that ends a number."),
            Key(
                "turns.keys_interrupt", \.conversation.keysInterrupt, .boolean,
                "Whether the first key of a number stops the agent; otherwise only the whole number does."),
            Key(
                "turns.key_tones", \.conversation.hearsKeyTones, .boolean,
                "Whether keys are also heard in the audio, for lines that do not signal them."),
            Key(
                "turns.silence", \.conversation.silence, .duration(.seconds(2) ... .seconds(60)),
                "Silence after which the agent asks again."),
            Key(
                "turns.silence_prompts", \.conversation.longestSilenceCount, .integer(1...10),
                "After so many unanswered prompts the call ends."),
        ])

    static let calls = ConfigurationSection(
        name: "calls", documentation: "Limits, deadlines and what is said when something fails.",
        keys: [
            Key("calls.maximum", \.calls.maximum, .integer(1...10_000), "Calls at a time; more are refused."),
            Key(
                "calls.longest", \.conversation.longestCall, .duration(.seconds(60) ... .seconds(86_400)),
                "The longest a call may last; then the agent says goodbye. A person who has taken it over is not cut off."
            ),
            Key(
                "calls.drain_deadline", \.calls.drainDeadline, .duration(.zero ... .seconds(3600)),
                "How long calls may go on after the service was told to stop."),
            Key(
                "calls.recognition_deadline", \.conversation.recognitionDeadline, wait,
                "How long the recognizer may take for its final result."),
            Key(
                "calls.reply_deadline", \.conversation.replyDeadline, wait,
                "How long the agent may be without progress: a word, a tool, a sample."),
            Key(
                "calls.tool_deadline", \.conversation.toolDeadline, wait,
                "How long a running tool may keep the line silent."),
            Key(
                "calls.playout_grace", \.conversation.playoutGrace, wait,
                "Beyond the audio's own length, how long the carrier may take to confirm that it was played."),
            Key("calls.ending_deadline", \.conversation.endingDeadline, wait, "How long a goodbye may take."),
            Key(
                "calls.hang_up_deadline", \.conversation.hangUpDeadline, wait,
                "How long the carrier may take to hang up."),
            Key(
                "calls.failures_until_escalation", \.conversation.failuresUntilEscalation, .integer(1...10),
                "So many failed replies in a row and the caller is handed on."),
            Key(
                "calls.escalation", optional: \.conversation.escalation, .telephone,
                fallback: "none: the call ends", example: "\"+493012345678\"",
                "Where a caller is sent when the agent failed repeatedly, and who is reached under a name that an agent hands on to (`reception`)."
            ),
            Key(
                "calls.transfer_caller_id", optional: \.calls.transferCallerID,
                .text("+ and 7 to 15 digits") { CarrierNumber.isE164($0) },
                fallback: "none: the number that the caller dialled", example: "\"+12125550100\"",
                "The number that people see who are called before a caller is put through to them. It has to be one of the account's that calls them. Needed for callers who dialled none: a SIP address, a short code, a browser."
            ),
            Key(
                "calls.transfer_failed", \.conversation.transferFailed, .sentence,
                "Said when an agent hands a caller on and there is no number, or the line cannot do it; then the call ends."
            ),
            Key("calls.apology", \.conversation.apology, .sentence, "Said when the agent failed to answer."),
            Key(
                "calls.surrender", \.conversation.surrender, .sentence,
                "Said when the agent failed repeatedly and there is nobody to hand on to."),
            Key(
                "calls.hand_back", \.conversation.handBack, .sentence,
                "Said when the agent has the line again that an operator had taken over."),
            Key("calls.farewell", \.conversation.farewell, .sentence, "Said when the service stops during the call."),
        ])
}
