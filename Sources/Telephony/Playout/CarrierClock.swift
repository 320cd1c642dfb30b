/// What a carrier is believed to have played, from the clock and from the marks it echoed.
///
/// It plays what it holds without pause, so the end of its queue is known from what was sent and when. The time a message
/// takes there and the time its echo takes back shift both ends alike: what `clear` will find played when it arrives is
/// what the clock says played now.
struct CarrierClock: Sendable {
    /// Samples sent since the stream began.
    private(set) var sent = 0
    /// When the carrier will have played all of it, in samples of the leg's clock.
    private(set) var end = 0
    /// Samples that an echoed mark has proven.
    private var proven = 0
    /// The shortest time between a sample's playing, as believed, and its mark's echo: the way there and back.
    private var roundTrip = Int.max
    /// How much later than that the last echo came: the carrier is behind the clock.
    private var lateness = 0

    /// Samples believed to wait at the carrier.
    func ahead(at now: Int) -> Int { min(max(end - now, 0), sent) }

    /// Samples believed to be played, never fewer than proven and never more than sent.
    func played(at now: Int) -> Int {
        min(max(sent - ahead(at: now) - lateness, proven), sent)
    }

    mutating func send(_ count: Int, at now: Int) {
        if end <= now {
            // The queue there ran empty: whatever it was behind, it has caught up.
            end = now
            lateness = 0
        }
        end += count
        sent += count
    }

    /// A mark that stands at `position` came back: everything before it was played.
    mutating func prove(_ position: Int, at now: Int) {
        proven = max(proven, min(position, sent))
        let believed = sent - ahead(at: now)
        if believed < position {
            // The carrier is faster than the clock, or dropped silence: what it still holds is less.
            end = now + (sent - position)
            lateness = 0
            roundTrip = 0
        } else if position < sent || end >= now {
            // An echo that comes long after everything was played tells nothing about how far behind the carrier is.
            roundTrip = min(roundTrip, believed - position)
            lateness = believed - position - roundTrip
        }
    }

    /// The carrier was told to drop what it holds: only `played` samples count as sent.
    mutating func clear(at now: Int) {
        sent = played(at: now)
        proven = min(proven, sent)
        end = now
        lateness = 0
    }
}
