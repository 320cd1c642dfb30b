import Agent
import CallSession
import Speech

/// The inputs of a call's journal, as they are kept and shown.
extension CallMask {
    /// The input as it is kept and shown.
    mutating func masked(_ event: CallEvent) -> CallEvent {
        guard !mask.isNothing, case .journal(let sequence, let position, let input) = event else { return event }
        return .journal(sequence: sequence, position: position, masked(input, at: position))
    }

    private mutating func masked(_ event: ConversationEvent, at position: Int) -> ConversationEvent {
        switch event {
        case .interim(let id, let text): return .interim(id, text: words(text, after: open + spoken).masked)
        case .provisional(let transcript): return .provisional(masked(transcript))
        case .transcript(let transcript):
            keys.count = 0
            let shown = masked(transcript)
            let tail = words(transcript.text, after: open + spoken).tail
            spoken = String(tail.hasPrefix(open) ? tail.dropFirst(open.count) : tail[...])
            return .transcript(shown)
        case .previewed(let id, let text, let completeness, let sentence):
            return .previewed(
                id, text: words(text, after: open).masked, completeness, firstSentence: sentence.map(echo))
        case .keyPressed(let pressed): return .keyPressed(maskedKeys(pressed, at: position))
        case .replySaid(let generation, let text): return .replySaid(generation: generation, text: echo(text))
        case .replyUnderstood(let generation, var understanding):
            understanding.entities = understanding.entities.mapValues(echo)
            return .replyUnderstood(generation: generation, understanding)
        case .toolStarted(let generation, let tool): return .toolStarted(generation: generation, masked(tool))
        case .toolFinished(let generation, let tool): return .toolFinished(generation: generation, masked(tool))
        case .replyFlagged(let generation, let statement, let isHeld):
            return .replyFlagged(generation: generation, statement: echo(statement), isHeld: isHeld)
        case .replyPresses(let generation, let keys): return .replyPresses(generation: generation, keys: echo(keys))
        case .replyTransfers(let generation, let destination, let reason):
            return .replyTransfers(generation: generation, destination: destination, reason: echo(reason))
        case .replyHangsUp(let generation, let reason):
            return .replyHangsUp(generation: generation, reason: echo(reason))
        case .replyFailed(let generation, let reason):
            return .replyFailed(generation: generation, reason: echo(reason))
        case .hungUp(let reason): return .hungUp(reason: echo(reason))
        case .transferFailed(let reason): return .transferFailed(reason: echo(reason))
        case .recognitionFailed(let id, let reason): return .recognitionFailed(id, reason: echo(reason))
        case .synthesisFailed(let segment, let reason): return .synthesisFailed(segment, reason: echo(reason))
        case .operated(.say(let text)): return .operated(.say(echo(text)))
        case .operated(.whisper(let text)): return .operated(.whisper(echo(text)))
        case .operatorSaid(var said):
            said.text = echo(said.text)
            return .operatorSaid(said)
        // All by name: what is new here must be looked at.
        case .mediaStarted, .voiceStarted, .voiceStopped, .endOfTurnLikely, .nothingHeard, .turnTaken, .lineTone,
            .carrierAnswered,
            .replyExpects, .replyTakenOver, .replyFinished, .synthesized, .paced, .synthesisFinished, .playoutStarted,
            .playoutDrained,
            .playoutCleared, .timer, .livenessLost, .drain, .operated, .person, .joined, .parted:
            return event
        }
    }

    private func masked(_ transcript: Transcript) -> Transcript {
        var transcript = transcript
        let masked = words(transcript.text, after: open + spoken).masked
        guard masked != transcript.text else { return transcript }
        transcript.text = masked
        let parts = masked.split(separator: " ")
        let areAlike = parts.count == transcript.words.count
        for index in transcript.words.indices {
            // Where words and text are not the same words, none of the words is kept.
            transcript.words[index].text = areAlike ? String(parts[index]) : String(PersonalDataMask.dot)
        }
        return transcript
    }

    private func masked(_ tool: ToolCall) -> ToolCall {
        var tool = tool
        tool.arguments = mask.maskJSON(tool.arguments, echo)
        tool.outcome = mask.maskJSON(tool.outcome, echo)
        return tool
    }

    private mutating func maskedKeys(_ pressed: String, at position: Int) -> String {
        guard watchesCards else { return pressed }
        if position - keys.position > Self.keyPause { keys.count = 0 }
        keys.position = position
        if keys.count == 0 { typed = "" }
        let shown = String(
            pressed.map { key in
                guard key.isNumber else { return key }
                keys.count += 1
                typed.append(key)
                return keys.count > Self.openlyShown ? PersonalDataMask.dot : key
            })
        typed = String(typed.suffix(CardNumber.lengths.upperBound))
        newestKeys = (
            pressed: String((newestKeys.pressed + pressed).suffix(KeyGroup.limit)),
            shown: String((newestKeys.shown + shown).suffix(KeyGroup.limit))
        )
        let ends = CardNumber.lengths.map { typed.suffix($0) }
        if let card = ends.first(where: { CardNumber.isWhole($0) }) { cards = cards.suffix(7) + [String(card)] }
        return shown
    }
}
