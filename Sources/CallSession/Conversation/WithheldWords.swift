import Agent
import Speech

/// Keeps answers that are for a tool alone (a card's number) out of the reducer, and so out of everything that is written of a
/// call.
///
/// While such an answer is expected, the reducer is given a mark in the place of words, `[withheld 3]`, and `•` in the place
/// of a digit; the driver gives the dialogue what they stand for. Journal, decisions, transcript, captions and notes are made
/// of what the reducer has seen, so a replay decides as the call did. A value of the driver's, never written anywhere.
struct WithheldWords: Sendable {
    /// Stands for a typed digit.
    static let key: Character = "•"
    private static let opening = "[withheld "

    /// Mark → what was said.
    private var words: [String: String] = [:]
    private var marks: [String: String] = [:]
    private var count = 0
    /// Digits typed since the last group of keys was complete.
    private var keys = ""
    /// Utterances that began, or went on, while an answer was withheld.
    private var utterances: Set<UtteranceID> = []
    /// The caller's turn during which something was withheld last.
    private var turn = 0

    /// Whether a text of the reducer's holds withheld words.
    static func isMark(_ text: some StringProtocol) -> Bool { text.hasPrefix(opening) }

    /// Whether the sound of the caller must not be kept either.
    func isWithholding(in conversation: Conversation) -> Bool {
        if conversation.expectation.isWithheld { return true }
        switch conversation.caller {
        case .silent: return false
        case .speaking(let id, _), .pausing(let id, _, _), .finishing(let id, _, _, _): return utterances.contains(id)
        }
    }

    /// The event as the reducer may know it.
    ///
    /// - Parameter conversation: the reducer before the event.
    mutating func hide(_ event: ConversationEvent, from conversation: Conversation) -> ConversationEvent {
        let isWithheld = conversation.expectation.isWithheld
        if isWithheld {
            (_, turn) = (utterances.insert(conversation.utterance), conversation.turn)
        } else if !isWithholding(in: conversation) {
            // What was said is with the dialogue, unless it is kept for what follows it in its turn.
            if conversation.carried == nil, conversation.undecided == nil { (words, marks) = ([:], [:]) }
            if !conversation.keys.keys.contains(Self.key) { keys = "" }
            // Late words of an utterance that was given up still are of that utterance.
            if conversation.turn > turn + 1 { utterances = [] }
        }
        switch event {
        case .interim(let id, let text): return .interim(id, text: shown(text, of: id, in: conversation))
        case .provisional(let transcript): return .provisional(hide(transcript, in: conversation))
        case .transcript(let transcript): return .transcript(hide(transcript, in: conversation))
        case .keyPressed(let pressed) where isWithheld:
            keys += pressed.filter(\.isNumber)
            return .keyPressed(String(pressed.map { $0.isNumber ? Self.key : $0 }))
        default: return event
        }
    }

    /// The words of an utterance as anybody but the dialogue may see them.
    mutating func shown(_ text: String, of id: UtteranceID, in conversation: Conversation) -> String {
        guard conversation.expectation.isWithheld || utterances.contains(id), !text.isEmpty, !Self.isMark(text) else {
            return text
        }
        // Turn taking must know a mere sound from an answer, and such sounds say nothing. "Oh" may be a digit.
        let kind = conversation.expectation.kind
        if TurnDetector.isHesitation(text, expecting: kind) || TurnDetector.isBackchannel(text, expecting: kind),
            !text.split(separator: " ").contains("oh")
        {
            return text
        }
        if isWithdrawal(text) { return text }
        if let known = marks[text] { return known }
        count += 1
        let mark = "\(Self.opening)\(count)]"
        marks[text] = mark
        words[mark] = text
        return mark
    }

    /// Whether it says no more than that the caller does not want to be recorded, which the reducer must hear at any time.
    private func isWithdrawal(_ text: String) -> Bool {
        let words = AnswerWords.normalized(text).split(separator: " ")
        guard words.count <= ConsentTalk.bareWithdrawal, !text.contains(where: \.isNumber),
            words.allSatisfy({ !Self.numbers.contains($0) })
        else { return false }
        return ConsentWords.refusesRecording(text)
    }

    private static let numbers: Set<Substring> = [
        "zero", "oh", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
        "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen", "twenty", "thirty", "forty",
        "fifty", "sixty", "seventy", "eighty", "ninety", "hundred", "thousand", "double", "triple", "cero", "uno", "un",
        "una", "dos", "tres", "cuatro", "cinco", "seis", "siete", "ocho", "nueve", "diez", "once", "doce", "trece",
        "catorce", "quince", "veinte", "treinta", "cuarenta", "cincuenta", "sesenta", "setenta", "ochenta", "noventa",
        "cien", "ciento", "mil",
    ]

    /// What the dialogue is asked or told, with the caller's own words.
    func reveal(_ turn: CallerTurn) -> CallerTurn {
        guard turn.text.contains(Self.opening) else { return turn }
        var turn = turn
        for (mark, said) in words { turn.text = turn.text.replacing(mark, with: said) }
        return turn
    }

    /// As ``reveal(_:)-(CallerTurn)``; typed digits are given once.
    mutating func reveal(_ input: DialogueInput) -> DialogueInput {
        switch input {
        case .callerSaid(let turn): return .callerSaid(reveal(turn))
        case .keysPressed(let pressed) where pressed.contains(Self.key):
            var digits = keys.suffix(pressed.count { $0 == Self.key })[...]
            keys = ""
            return .keysPressed(String(pressed.compactMap { $0 == Self.key ? digits.popFirst() : $0 }))
        default: return input
        }
    }

    private mutating func hide(_ transcript: Transcript, in conversation: Conversation) -> Transcript {
        let text = shown(transcript.text, of: transcript.utterance, in: conversation)
        guard text != transcript.text else { return transcript }
        var hidden = transcript
        hidden.text = text
        hidden.words = []
        return hidden
    }
}

extension ConversationEvent {
    /// Whether a mark stands in the place of what the caller said or typed.
    package var isWithheld: Bool {
        switch self {
        case .interim(_, let text), .previewed(_, let text, _, _): WithheldWords.isMark(text)
        case .provisional(let transcript), .transcript(let transcript): WithheldWords.isMark(transcript.text)
        case .keyPressed(let keys): keys.contains(WithheldWords.key)
        default: false
        }
    }
}
