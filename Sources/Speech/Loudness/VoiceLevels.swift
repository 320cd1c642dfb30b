/// The voices of one engine and how loud they are; shared by all calls.
package final class VoiceLevels: Sendable {
    /// Voices are named by agents' files: there are few. More than this are left as they are.
    private static let most = 64

    private let target: Double
    private let voices = Protected<[String: VoiceLoudness]>([:])

    /// - Parameter target: how loud all voices are to be, LUFS.
    package init(target: Double) { self.target = target }

    func loudness(of voice: String) -> VoiceLoudness? {
        let target = target
        return voices.withLock { voices in
            if let known = voices[voice] { return known }
            guard voices.count < Self.most else { return nil }
            let new = VoiceLoudness(target: target)
            voices[voice] = new
            return new
        }
    }

    /// The voices whose loudness is known: what was measured, LUFS, and what was done about it, dB.
    package var measured: [(voice: String, loudness: Double, gain: Double)] {
        let all = voices.withLock(\.self)
        return all.sorted { $0.key < $1.key }
            .compactMap { voice, level in level.loudness.map { (voice, $0, level.gain) } }
    }
}
