/// How far ahead of the caller's ear audio has to be sent, by how unevenly the line brings the caller's.
///
/// Audio that comes late is audio that leaves late: what delays messages of the carrier, a network or a busy machine of
/// ours, delays ours to it. A value; counts of samples at 8 kHz.
package struct LeadControl: Sendable, Equatable {
    /// What a running dry adds.
    private static let penalty = 320
    /// So many arrivals take back one sample of the lead: 20 ms in about 8 s.
    private static let patience = 3

    private let calm: Int
    private let longest: Int
    /// The delay of the quickest message, which moves up slowly: clocks drift.
    private var quickest = Int.max
    private var extra = 0
    private var arrivals = 0

    /// - Parameters:
    ///   - calm: the lead on a line that keeps time.
    ///   - longest: the most it may become; not more than `calm` keeps it where it is.
    package init(calm: Int, longest: Int) {
        self.calm = calm
        self.longest = max(longest, calm)
    }

    /// The lead now.
    package var lead: Int { min(calm + extra, longest) }

    /// A message came so much later than its stamp says, against any fixed moment.
    package mutating func arrived(late delay: Int) {
        arrivals += 1
        // Half of 500 parts in a million, for two clocks that differ by as much: 0.16 samples a message.
        if arrivals.isMultiple(of: 6), quickest < .max { quickest += 1 }
        quickest = min(quickest, delay)
        let jitter = delay - quickest
        if jitter > extra {
            extra = min(jitter, longest - calm)
        } else if extra > 0, arrivals.isMultiple(of: Self.patience) {
            extra -= 1
        }
    }

    /// The carrier ran out of audio in the middle of an utterance that had some.
    package mutating func ranDry() { extra = min(extra + Self.penalty, longest - calm) }
}
