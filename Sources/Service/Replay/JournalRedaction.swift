import Agent
import CallSession
import Speech

/// Takes what was said out of a journal and leaves what happened: for bug reports.
///
/// Inputs and decisions are masked alike (``WordMask``), so the masked journal replays as the original does: the same
/// divergence at the same input, or none. Kept are positions, confidences, intents, names of tools, ids and the reasons of
/// errors.
struct JournalRedaction {
    private var words = WordMask()
    /// Reasons that agents gave, which decisions repeat.
    private var reasons: [String: String] = [:]

    /// The journal without its words.
    static func redact(_ replay: CallReplay) -> CallReplay {
        var redaction = JournalRedaction()
        let settings = redaction.redact(replay.settings)
        let inputs = replay.inputs.map { input in
            var masked = input
            masked.event = redaction.redact(input.event)
            masked.decisions = input.decisions?.map { redaction.redact(decision: $0, of: masked.event) }
            return masked
        }
        return CallReplay(call: replay.call, settings: settings, inputs: inputs)
    }

    private mutating func redact(_ settings: ConversationSettings) -> ConversationSettings {
        var settings = settings
        settings.apology = words.mask(settings.apology)
        settings.surrender = words.mask(settings.surrender)
        settings.farewell = words.mask(settings.farewell)
        settings.handBack = words.mask(settings.handBack)
        settings.transferFailed = words.mask(settings.transferFailed)
        settings.escalation = settings.escalation.map { words.mask($0) }
        settings.callerGone = settings.callerGone.map { words.mask($0) }
        if var policy = settings.recording {
            policy.say = words.mask(policy.say)
            policy.again = words.mask(policy.again)
            policy.agreed = words.mask(policy.agreed)
            policy.refused = words.mask(policy.refused)
            policy.stopped = words.mask(policy.stopped)
            settings.recording = policy
        }
        settings.warmTransfers = settings.warmTransfers.map { redact($0) }
        settings.speakers = settings.speakers.map { speakers in
            var masked: [String: SpeakerSettings] = [:]
            for (name, speaker) in speakers.sorted(by: { $0.key < $1.key }) { masked[name] = redact(speaker) }
            return masked
        }
        return settings
    }

    private mutating func redact(_ speaker: SpeakerSettings) -> SpeakerSettings {
        var speaker = speaker
        speaker.apology = words.mask(speaker.apology)
        speaker.surrender = words.mask(speaker.surrender)
        speaker.farewell = words.mask(speaker.farewell)
        speaker.handBack = words.mask(speaker.handBack)
        speaker.transferFailed = words.mask(speaker.transferFailed)
        speaker.recordingStopped = words.mask(speaker.recordingStopped)
        speaker.warmTransfers = speaker.warmTransfers.map { redact($0) }
        return speaker
    }

    private mutating func redact(_ transfers: [String: WarmTransfer]) -> [String: WarmTransfer] {
        var masked: [String: WarmTransfer] = [:]
        for (destination, plan) in transfers.sorted(by: { $0.key < $1.key }) {
            var plan = plan
            plan.brief = words.mask(plan.brief)
            plan.hold = plan.hold.map { words.mask($0) }
            plan.deciding = plan.deciding.map { words.mask($0) }
            plan.introduction = plan.introduction.map { redact(template: $0) }
            plan.gone = words.mask(plan.gone)
            masked[words.mask(destination)] = plan
        }
        return masked
    }

    /// What stands in braces is the name of a value, which the reducer puts there.
    private mutating func redact(template: String) -> String {
        var masked = ""
        for (index, part) in template.split(separator: "{", omittingEmptySubsequences: false).enumerated() {
            guard index > 0 else {
                masked += words.mask(String(part))
                continue
            }
            let end = part.firstIndex(of: "}") ?? part.startIndex
            masked += "{\(part[..<end])\(words.mask(String(part[end...])))"
        }
        return masked
    }

    private mutating func redact(_ event: ConversationEvent) -> ConversationEvent {
        switch event {
        case .interim(let id, let text): .interim(id, text: words.mask(text))
        case .provisional(let transcript): .provisional(redact(transcript))
        case .transcript(let transcript): .transcript(redact(transcript))
        case .previewed(let id, let text, let completeness, let sentence):
            .previewed(id, text: words.mask(text), completeness, firstSentence: sentence.map { words.mask($0) })
        case .keyPressed(let keys): .keyPressed(WordMask.keys(keys))
        case .replySaid(let generation, let text): .replySaid(generation: generation, text: words.mask(text))
        case .replyUnderstood(let generation, let understanding):
            .replyUnderstood(generation: generation, redact(understanding))
        case .toolStarted(let generation, let tool): .toolStarted(generation: generation, redact(tool))
        case .toolFinished(let generation, let tool): .toolFinished(generation: generation, redact(tool))
        case .replyFlagged(let generation, let statement, let isHeld):
            .replyFlagged(generation: generation, statement: words.mask(statement), isHeld: isHeld)
        case .replyPresses(let generation, let keys): .replyPresses(generation: generation, keys: WordMask.keys(keys))
        case .replyTransfers(let generation, let destination, let reason):
            .replyTransfers(
                generation: generation, destination: words.mask(destination), reason: redact(reason: reason))
        case .replyHangsUp(let generation, let reason):
            .replyHangsUp(generation: generation, reason: redact(reason: reason))
        case .operated(.say(let text)): .operated(.say(words.mask(text)))
        case .operated(.whisper(let text)): .operated(.whisper(words.mask(text)))
        case .operatorSaid(let said):
            .operatorSaid(
                OperatorWords(
                    text: words.mask(said.text), confidence: said.confidence, started: said.started, ended: said.ended))
        default: event
        }
    }

    private mutating func redact(_ transcript: Transcript) -> Transcript {
        var transcript = transcript
        transcript.text = words.mask(transcript.text)
        for index in transcript.words.indices {
            transcript.words[index].text = words.mask(transcript.words[index].text)
        }
        return transcript
    }

    private mutating func redact(_ understanding: Understanding) -> Understanding {
        var understanding = understanding
        for (name, value) in understanding.entities { understanding.entities[name] = words.mask(value) }
        return understanding
    }

    private mutating func redact(_ tool: ToolCall) -> ToolCall {
        var tool = tool
        tool.arguments = words.mask(tool.arguments)
        tool.outcome = words.mask(tool.outcome)
        return tool
    }

    private mutating func redact(reason: String) -> String {
        let masked = words.mask(reason)
        reasons[reason] = masked
        return masked
    }

    // MARK: Decisions

    /// - Parameter event: what it was decided upon, masked.
    private mutating func redact(decision line: String, of event: ConversationEvent) -> String {
        if case .replyUnderstood(_, let understanding) = event, line.hasPrefix("note understood ") {
            let head = line.split(separator: " ", maxSplits: 5, omittingEmptySubsequences: false).prefix(5)
            return
                ([head.joined(separator: " ")]
                + understanding.entities.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }).joined(
                    separator: " ")
        }
        if line.hasPrefix("note tool "), line.contains(" \(Conversation.transferAct) ") { return maskedTransfer(line) }
        if line.hasPrefix("note tool ") {
            // note tool started TURN ID NAME, then what went in or came out.
            return masked(line, afterSpaces: 6)
        }
        if line.hasPrefix("call "), let colon = line.firstRange(of: ": ") {
            let reason = String(line[colon.upperBound...])
            return "call " + words.mask(String(line[..<colon.lowerBound].dropFirst(5))) + ": "
                + (reasons[reason] ?? words.mask(reason))
        }
        if line.hasPrefix("transfer to ") { return masked(line, afterSpaces: 2) }
        for head in ["hang up: ", "note ended "] where line.hasPrefix(head) {
            guard let colon = line.firstRange(of: ": "), let reason = reasons[String(line[colon.upperBound...])] else {
                break
            }
            return line[..<colon.upperBound] + reason
        }
        if line.hasPrefix("press ") { return "press " + WordMask.keys(String(line.dropFirst(6))) }
        if line.hasPrefix("start reply "), let keys = line.firstRange(of: " to keys ") {
            return line[..<keys.upperBound] + WordMask.keys(String(line[keys.upperBound...]))
        }
        guard let quote = line.firstIndex(of: "\"") else { return line }
        return line[..<quote] + words.mask(String(line[quote...]))
    }

    /// The reducer writes these itself, of words that are masked and of others that are its own.
    private mutating func maskedTransfer(_ line: String) -> String {
        guard line.hasPrefix("note tool started "), let brace = line.firstIndex(of: "{"),
            case .object(let members)? = try? JSONValue(parsing: String(line[brace...]))
        else { return line }
        let masked = members.mapValues { value -> JSONValue in
            if let text = value.string { return .string(reasons[text] ?? words.mask(text)) }
            if case .array(let items) = value { return .array(items.map { .string(words.mask($0.string ?? "")) }) }
            return value
        }
        return line[..<brace] + JSONValue.object(masked).text
    }

    private mutating func masked(_ line: String, afterSpaces count: Int) -> String {
        let parts = line.split(separator: " ", maxSplits: count, omittingEmptySubsequences: false)
        guard parts.count > count else { return line }
        return parts.prefix(count).joined(separator: " ") + " " + words.mask(String(parts[count]))
    }
}
