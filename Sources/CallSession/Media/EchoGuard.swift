import AudioCore

/// Tells the agent's own voice, coming back over the line, from a caller who interrupts.
///
/// Loudspeaker telephones return what they play, 0 to half a second later, quieter and coloured; to a voice detector that
/// is speech. Echo rises and falls as what was played did: where the loudness of the last 600 ms follows what was played,
/// an onset is held back, and let through as soon as the caller's line holds more than the echo explains. A value on the
/// call's clock, in samples at 8 kHz; nothing is allocated per frame.
///
/// On recorded callers and synthesised agents, echoes 6 to 24 dB down: 96 of 100 looks at an echo know it, a caller in a
/// line without echo is never taken for one in the first 200 ms, and over an echo the caller's voice is known 120 ms
/// after its onset in nine of ten cases.
struct EchoGuard: Sendable {
    /// Samples whose loudness is one number.
    private static let piece = 80
    /// Pieces that are compared, and by how many the line may delay them.
    private static let window = 60
    private static let longestDelay = 50
    /// How well the two must agree to be echo, -1...1.
    private static let likeness = 0.8
    /// What is louder than the echo explains, of its last pieces, is the caller. Powers of ten.
    private static let excess = 0.4
    private static let recent = 8
    /// Looks in a row that must see the caller before an onset is let through: 60 ms.
    private static let looks = 3

    private var played = LoudnessTrack()
    private var heard = LoudnessTrack()
    /// The onset that is held back.
    private var suspect: Int?
    private var doubts = 0
    /// Onsets that ended while they were held back: echoes.
    private(set) var echoCount = 0

    /// Takes agent audio, µ-law, that is to be played from `position` on.
    mutating func played(_ codes: Span<UInt8>, at position: Int) {
        played.put(codes, at: position)
    }

    /// What was to be played from here on is not.
    mutating func silenced(from position: Int) { played.forget(from: position) }

    /// Takes a frame of the caller's line.
    mutating func heard(_ frame: Span<Int16>, endingAt position: Int) {
        heard.put(frame, at: position - frame.count)
    }

    /// Passes what the voice detector found, or holds it back. To be asked once every frame.
    ///
    /// - Parameter position: the end of the newest frame.
    mutating func pass(_ transition: VoiceActivity.Transition?, at position: Int) -> VoiceActivity.Transition? {
        guard let onset = suspect else {
            guard case .started(let onset) = transition, isEcho(at: position) else { return transition }
            suspect = onset
            doubts = 0
            return nil
        }
        if case .stopped = transition {
            suspect = nil
            echoCount += 1
            return nil
        }
        doubts = isEcho(at: position) ? 0 : doubts + 1
        guard doubts >= Self.looks else { return nil }
        suspect = nil
        // Before this the line held echo: the caller began when it was first louder.
        return .started(at: max(onset, position - (Self.looks + 3) * 160))
    }

    /// Whether what the line holds is what was played.
    private func isEcho(at position: Int) -> Bool {
        let end = position / Self.piece
        let oldest = end - Self.window - Self.longestDelay
        guard oldest >= 0, played.isAudible(in: oldest..<end) else { return false }
        var line = InlineArray<60, Double>(repeating: 0)
        var voice = InlineArray<110, Double>(repeating: 0)
        for index in 0..<Self.window { line[index] = heard.level(end - Self.window + index) }
        for index in 0..<Self.window + Self.longestDelay { voice[index] = played.level(oldest + index) }
        guard let (first, likeness) = bestMatch(of: line, in: voice), likeness >= Self.likeness else { return false }
        return excess(of: line, over: voice, from: first) < Self.excess
    }

    /// Where in `voice` the part begins that `line` follows best.
    private func bestMatch(
        of line: InlineArray<60, Double>, in voice: InlineArray<110, Double>
    ) -> (first: Int, likeness: Double)? {
        let count = Double(Self.window)
        var (sum, squares) = (0.0, 0.0)
        for index in line.indices {
            sum += line[index]
            squares += line[index] * line[index]
        }
        let lineSpread = squares - sum * sum / count
        guard lineSpread > 1e-9 else { return nil }
        var best: (first: Int, likeness: Double)?
        for first in 0...Self.longestDelay {
            var (voiceSum, voiceSquares, product) = (0.0, 0.0, 0.0)
            for index in line.indices {
                let value = voice[first + index]
                voiceSum += value
                voiceSquares += value * value
                product += value * line[index]
            }
            let spread = voiceSquares - voiceSum * voiceSum / count
            // A voice that neither rises nor falls agrees with anything.
            guard spread > 1 else { continue }
            let likeness = (product - voiceSum * sum / count) / (spread * lineSpread).squareRoot()
            if likeness > best?.likeness ?? -1 { best = (first, likeness) }
        }
        return best
    }

    /// How much louder the end of `line` is than the echo before it foretells. Powers of ten.
    private func excess(
        of line: InlineArray<60, Double>, over voice: InlineArray<110, Double>, from first: Int
    ) -> Double {
        // How much quieter the echo is than the voice: the middle of what the loud pieces say.
        var losses = InlineArray<60, Double>(repeating: 0)
        var count = 0
        for index in 0..<Self.window - Self.recent - 4 where voice[first + index] > LoudnessTrack.audible {
            var place = count
            let loss = line[index] - voice[first + index]
            while place > 0, losses[place - 1] > loss {
                losses[place] = losses[place - 1]
                place -= 1
            }
            losses[place] = loss
            count += 1
        }
        guard count >= 8 else { return 0 }
        let loss = losses[count / 2]
        var quietest = line[0]
        for index in line.indices { quietest = min(quietest, line[index]) }
        var sum = 0.0
        for index in Self.window - Self.recent..<Self.window {
            sum += line[index] - max(voice[first + index] + loss, quietest)
        }
        return sum / Double(Self.recent)
    }
}
