/// What a carrier holds of the agent's audio and how it plays it: in order and without pause; a mark is echoed when what
/// was sent before it has been played. State in, time an argument, in samples at 8 kHz.
package struct CarrierPlayback: Sendable {
    /// How long the agent must be silent to count as waiting for an answer: 300 ms.
    package static let quiet = 2400
    /// Audio that comes within 200 ms after the queue ran dry was late: the caller heard a gap.
    private static let gap = 1600
    /// A carrier keeps a minute and no more; the service is meant to be a fraction of a second ahead.
    private static let limit = 480_000

    /// Whether the audio itself is kept until it is played, for who listens.
    package var keepsAudio = false
    /// Samples since the stream began.
    package private(set) var received = 0
    /// Times the agent's audio ran out and went on soon after.
    package private(set) var gaps = 0
    private var played = 0
    private var marks: [(position: Int, name: String)] = []
    private var silentSince: Int?
    package private(set) var isAgentTalking = false
    private var unplayed: [UInt8] = []
    /// Where the present run of audio began: by the clock, and in samples.
    private var run: (at: Int, received: Int)?
    /// How far ahead of its own time the audio came, message by message, in ms; the first 200 ms of a run fill the line.
    package private(set) var leads = LeadHistogram()

    package init() {}

    /// Whether more waits than a carrier holds.
    package var isOverfull: Bool { unplayed.count > Self.limit }

    /// Takes audio of the agent.
    ///
    /// - Returns: whether the agent begins to speak with it, after a pause.
    package mutating func receive(_ audio: Span<UInt8>, at now: Int) -> Bool {
        let begins = !isAgentTalking
        if begins {
            isAgentTalking = true
        } else if played == received, received > 0, let since = silentSince, now - since < Self.gap {
            gaps += 1
        }
        if played == received { run = (now, received) }
        silentSince = nil
        received += audio.count
        if let run, now - run.at >= Self.gap { leads.add((received - run.received - (now - run.at)) / 8) }
        if keepsAudio { for index in audio.indices { unplayed.append(audio[index]) } }
        return begins
    }

    package mutating func mark(_ name: String) { marks.append((received, name)) }

    /// Drops what was not played.
    ///
    /// - Parameter returnsMarks: whether marks in it are echoed, as most carriers do.
    package mutating func clear(at now: Int, returnsMarks: Bool = true) {
        if !returnsMarks { marks.removeAll { $0.position > played } }
        played = received
        unplayed.removeAll(keepingCapacity: true)
        silentSince = now
    }

    /// Plays the next `frame.count` samples; silence where there is nothing.
    ///
    /// - Returns: for how long the agent has been silent, once, when that is long enough to answer.
    package mutating func play(into frame: inout [UInt8], at now: Int) -> Int? {
        let count = min(frame.count, unplayed.count)
        for index in frame.indices { frame[index] = index < count ? unplayed[index] : 0xFF }
        unplayed.removeFirst(count)
        if played < received {
            played = min(played + frame.count, received)
            if played == received { silentSince = now }
        } else if isAgentTalking, let since = silentSince, now - since >= Self.quiet {
            isAgentTalking = false
            return now - since
        }
        return nil
    }

    /// The next mark whose audio has been played, if any.
    package mutating func takeDueMark() -> String? {
        guard let mark = marks.first, mark.position <= played else { return nil }
        marks.removeFirst()
        return mark.name
    }
}
