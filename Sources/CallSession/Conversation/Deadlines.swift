/// The moments a call waits for, one per kind, in samples. Every silence on the line has one of these.
package struct Deadlines: Sendable, Equatable {
    package enum Kind: String, Sendable, Codable, CaseIterable {
        /// The caller paused long enough: their turn is over.
        case endOfTurn
        /// The caller has spoken over the agent long enough to mean it.
        case bargeIn
        /// The caller has pressed the last key.
        case keys
        /// The caller has talked without a pause for longer than a turn may last.
        case utterance
        /// The recognizer owes a final result.
        case recognition
        /// The agent owes a word, a sample of audio, or the next one.
        case reply
        /// The carrier owes the mark that says everything was played.
        case playout
        /// The caller owes an answer.
        case silence
        /// The goodbye must be over.
        case ending
        /// The operator who muted the agent must let it speak.
        case mute
        /// Somebody must be understood, or the operator who has the line is taken to have left.
        case takeover
        /// The next step of a warm transfer is overdue, or the caller who holds the line hears a word.
        case transfer
        /// More is known of who has answered.
        case answer
        /// Whoever answered must speak, beep, fetch somebody: the present stage of the opening is over.
        case opening
        /// The call has lasted as long as a call may.
        case call
    }

    // A fixed array indexed by kind: asked every tick, so it neither hashes nor allocates.
    private var times: InlineArray<15, Int> = .init(repeating: .max)
    /// The soonest deadline, `.max` when none is set.
    package private(set) var soonest = Int.max

    package init() {}

    package subscript(kind: Kind) -> Int? {
        get {
            let time = times[kind.slot]
            return time == .max ? nil : time
        }
        set {
            times[kind.slot] = newValue ?? .max
            soonest = .max
            for slot in times.indices { soonest = min(soonest, times[slot]) }
        }
    }

    /// Takes the most overdue deadline at `position`, if any.
    package mutating func takeDue(at position: Int) -> Kind? {
        guard soonest <= position else { return nil }
        guard let kind = Kind.allCases.first(where: { times[$0.slot] == soonest }) else { return nil }
        self[kind] = nil
        return kind
    }

    package mutating func clearAll() {
        times = .init(repeating: .max)
        soonest = .max
    }

    package static func == (a: Self, b: Self) -> Bool { Kind.allCases.allSatisfy { a[$0] == b[$0] } }
}

extension Deadlines.Kind {
    fileprivate var slot: Int {
        switch self {
        case .endOfTurn: 0
        case .bargeIn: 1
        case .utterance: 2
        case .recognition: 3
        case .reply: 4
        case .playout: 5
        case .silence: 6
        case .ending: 7
        case .keys: 8
        case .mute: 9
        case .takeover: 10
        case .answer: 12
        case .opening: 11
        case .call: 13
        case .transfer: 14
        }
    }
}
