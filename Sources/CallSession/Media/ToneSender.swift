import Codecs
import Telephony

/// Keys on their way down the line as tones: bounded, paced by the beat, in messages that the dialect accepts.
struct ToneSender: Sendable {
    /// More keys than this at a time are refused.
    static let limit = 32

    private var tones: [UInt8] = []
    private var sent = 0
    private var budget = 0
    /// Samples that a message holds at least.
    private let step: Int

    init(_ rule: MediaCapabilities.MessageRule) { step = max(rule.least * 8, 160) }

    /// Whether tones are being sent: nothing else may be then.
    private(set) var isActive = false
    var isWaiting: Bool { !tones.isEmpty }

    /// Adds keys behind those that wait.
    mutating func add(_ samples: [Int16]) {
        tones += samples.map(MuLaw.encode)
        // Whole messages: silence after the last tone.
        tones += repeatElement(MuLaw.silence, count: (step - tones.count % step) % step)
    }

    /// What is due at this beat, µ-law; nil when nothing is.
    mutating func beat() -> [UInt8]? {
        guard isWaiting else { return nil }
        // Three beats ahead, so that a late one does not cut a tone in two.
        budget += isActive ? 160 : 480
        isActive = true
        let count = min(budget / step * step, tones.count - sent)
        guard count > 0 else { return nil }
        let piece = Array(tones[sent..<sent + count])
        sent += count
        budget -= count
        if sent == tones.count {
            tones.removeAll(keepingCapacity: true)
            sent = 0
            budget = 0
            isActive = false
        }
        return piece
    }
}
