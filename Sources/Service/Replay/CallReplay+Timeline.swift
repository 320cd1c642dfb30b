import CallSession

extension CallReplay {
    /// Who was heard when, as far as the journal knows: what the detector took for a voice, and when the agent's audio went
    /// out and ended. What a caller meant by a sound it does not know; a sound that became no turn is left out.
    package var timeline: CallTimeline {
        var timeline = CallTimeline(length: inputs.last?.position ?? 0)
        var conversation = Conversation(settings: settings)
        var speaking: Int?
        for input in inputs {
            let actions = conversation.handle(input.event, at: input.position)
            if timeline.ending == nil, case .ending = conversation.phase { timeline.ending = input.position }
            switch input.event {
            case .playoutStarted: if speaking == nil { speaking = input.position }
            case .playoutDrained, .playoutCleared, .hungUp:
                if let start = speaking { timeline.agent.append(.init(start: start, end: input.position)) }
                speaking = nil
            default: break
            }
            for action in actions {
                switch action {
                case .pausePlayout:
                    if let start = speaking { timeline.agent.append(.init(start: start, end: input.position)) }
                    speaking = nil
                case .resumePlayout: speaking = speaking ?? input.position
                case .note(.callerTurn(let turn)):
                    timeline.taken.append(.init(start: turn.started, end: turn.ended))
                    timeline.caller.append(.init(start: turn.started, end: turn.ended, meaning: .turn))
                case .note(.interrupted): timeline.abandoned.append(input.position)
                default: break
                }
            }
        }
        return timeline
    }
}
