import Codecs

/// What of a call's sound is kept: all of it, or from one moment to another, without what lies between.
///
/// Blocks pass it on their way to the file, half a second after they were heard at least, so that what may not be kept never
/// reaches the disk; what it takes out is silence of the same length. Positions are samples at 8 kHz.
struct RecordingGate: Sendable, Equatable {
    private var opened: Int?
    private var closed: Int?
    /// The last one goes on while there are ``reasons``.
    private var redactions: [RecordingRedaction] = []
    private var reasons: Set<RecordingRedaction.Reason> = []

    /// Pauses of one call that are told apart; what lies between later ones is not kept either.
    static let mostRedactions = 500

    /// - Parameter isOpen: whether everything is kept from the beginning.
    init(isOpen: Bool) { opened = isOpen ? 0 : nil }

    /// Whether anything was kept, or will be.
    var hasOpened: Bool { opened != nil }

    /// Keeps what is heard from `position` on.
    mutating func open(at position: Int) { if opened == nil { opened = position } }

    /// Keeps nothing from `position` on.
    mutating func close(at position: Int) { if closed == nil { closed = position } }

    /// Keeps nothing from `position` on, until there is no reason any more.
    mutating func pause(at position: Int, for reason: RecordingRedaction.Reason) {
        let isFirst = reasons.isEmpty
        guard reasons.insert(reason).inserted, isFirst else { return }
        if redactions.count < Self.mostRedactions {
            redactions.append(RecordingRedaction(from: position, to: .max, reason: reason))
        } else {
            redactions[redactions.count - 1].to = .max
        }
    }

    /// `reason` is over; others may go on.
    mutating func resume(at position: Int, after reason: RecordingRedaction.Reason) {
        guard reasons.remove(reason) != nil, reasons.isEmpty else { return }
        redactions[redactions.count - 1].to = position
    }

    /// What of the recording of a call that ends at `position` is silence by intent.
    func redactions(ofCall position: Int) -> [RecordingRedaction] {
        guard let opened else { return [] }
        let end = end(ofCall: position)
        return redactions.compactMap { redaction in
            let (from, to) = (max(redaction.from, opened), min(redaction.to, end))
            return from < to ? RecordingRedaction(from: from, to: to, reason: redaction.reason) : nil
        }
    }

    /// Where a recording ends of a call that ends at `position`.
    func end(ofCall position: Int) -> Int { min(closed ?? position, position) }

    /// What is kept of `block`; nil for nothing.
    func pass(_ block: StereoBlock) -> StereoBlock? {
        guard let opened else { return nil }
        let range = block.position..<block.position + block.caller.count
        let kept = max(opened, range.lowerBound)..<max(min(closed ?? .max, range.upperBound), opened, range.lowerBound)
        guard !kept.isEmpty else { return nil }
        let pauses = redactions.filter { $0.from < range.upperBound && range.lowerBound < $0.to }
        guard kept != range || !pauses.isEmpty else { return block }
        var block = block
        for pause in pauses { block.silence(pause.from..<pause.to) }
        block.silence(range.lowerBound..<kept.lowerBound)
        block.silence(kept.upperBound..<range.upperBound)
        return block
    }
}

extension StereoBlock {
    /// Silences both sides between two positions of the call, as far as they lie in the block.
    fileprivate mutating func silence(_ range: Range<Int>) {
        let places = range.clamped(to: position..<position + caller.count)
        let indices = places.lowerBound - position..<places.upperBound - position
        caller.replaceSubrange(indices, with: repeatElement(StereoTimeline.silence, count: indices.count))
        agent.replaceSubrange(indices, with: repeatElement(StereoTimeline.silence, count: indices.count))
    }
}
