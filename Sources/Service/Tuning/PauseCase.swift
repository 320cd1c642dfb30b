package import Agent
package import CallSession

/// A pause of a caller that was, what was known of it from when on, and whether the caller went on.
package struct PauseCase: Sendable, Equatable {
    /// What the rules were asked with, from a position on.
    private struct Step: Sendable, Equatable {
        var position: Int
        var pause: CallerPause
    }
    /// Not empty.
    private var steps: [Step]
    /// Where the caller spoke again, before or just after the agent did; nil where they had finished.
    package private(set) var resumed: Int?

    /// What the agent was waiting for.
    package var kind: Expectation.Kind { steps[0].pause.kind }

    /// A caller who speaks again so soon after the agent began had not finished: 700 ms.
    private static let collision = 5600

    private init(_ pause: CallerPause, at position: Int) { steps = [Step(position: position, pause: pause)] }

    /// Whether the caller has only said "um": an end of that is answered by nobody.
    private var isThinking: Bool { TurnDetector.isHesitation(steps[steps.count - 1].pause.words, expecting: kind) }

    /// Where the turn ends under these rules.
    package func end(under rules: TurnDetector) -> Int {
        for (step, next) in zip(steps, steps.dropFirst()) {
            let end = step.pause.end(under: rules, now: step.position)
            if end < next.position { return end }
        }
        let last = steps[steps.count - 1]
        return last.pause.end(under: rules, now: last.position)
    }

    /// Whether the agent takes the floor in the middle of the caller's turn under these rules.
    package func isCut(under rules: TurnDetector) -> Bool { resumed.map { end(under: rules) < $0 } ?? false }

    /// The wait after a turn that was finished, in samples; nil for one that went on.
    package func wait(under rules: TurnDetector) -> Int? {
        resumed == nil ? end(under: rules) - steps[0].pause.lastVoiced : nil
    }

    /// The pauses of a call that were for the agent to answer, in order.
    package static func all(in replay: CallReplay) -> [PauseCase] {
        var conversation = Conversation(settings: replay.settings)
        var cases: [PauseCase] = []
        var open: PauseCase?
        /// The end of the last turn may prove to be none until the agent has been heard for a while.
        var agentBegan: Int?
        for input in replay.inputs {
            if case .voiceStarted(let onset) = input.event, let pause = open {
                if agentBegan.map({ onset - $0 <= collision }) ?? true {
                    var gone = pause
                    gone.resumed = onset
                    cases.append(gone)
                } else {
                    cases.append(pause)
                }
                open = nil
            }
            if case .playoutStarted = input.event, open != nil, agentBegan == nil { agentBegan = input.position }
            let actions = conversation.handle(input.event, at: input.position)
            // A sound after which the agent goes on was not for it to answer.
            if actions.contains(.resumePlayout) { (open, agentBegan) = (nil, nil) }
            guard let pause = conversation.pause else { continue }
            if case .voiceStopped = input.event {
                if let before = open { cases.append(before) }
                open = PauseCase(pause, at: input.position)
                agentBegan = nil
            } else if open != nil, open?.steps.last?.pause != pause {
                open?.steps.append(Step(position: input.position, pause: pause))
            }
        }
        // What nobody answered any more proves nothing.
        if let pause = open, agentBegan != nil { cases.append(pause) }
        return cases.filter { !$0.isThinking }
    }
}
