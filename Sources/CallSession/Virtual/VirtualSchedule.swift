import Agent

/// What will happen in a virtual call, in the order in which it will. A value.
struct VirtualSchedule {
    enum Step {
        case event(ConversationEvent)
        /// The dialogue has said this.
        case output(DialogueOutput, generation: Int)
        /// A sentence's audio is there.
        case speech(SegmentID, [UInt8])
        case speechFailed(SegmentID, reason: String)
    }

    private var steps: [(at: Int, step: Step)] = []

    mutating func add(_ step: Step, at position: Int) {
        // After all that is due at the same time or before: steps come almost in order.
        var index = steps.endIndex
        while index > steps.startIndex, steps[index - 1].at > position { index -= 1 }
        steps.insert((position, step), at: index)
    }

    /// Takes the next step that is due by `position`.
    mutating func take(until position: Int) -> (at: Int, step: Step)? {
        guard let first = steps.first, first.at <= position else { return nil }
        steps.removeFirst()
        return (first.at, first.step)
    }

    /// Forgets what a reply that is cancelled would still have said.
    mutating func cancelReply() {
        steps.removeAll {
            switch $0.step {
            case .output, .speech, .speechFailed: true
            case .event(.replyFinished), .event(.replyFailed): true
            case .event: false
            }
        }
    }
}
