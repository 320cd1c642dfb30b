import Telephony

/// Keys that are sent down the line: to a menu at the other end, or to a switch.
extension CallSession {
    /// Presses keys, one after the other, once the agent has nothing to say: by the carrier's own message where it has one,
    /// and as tones otherwise.
    ///
    /// - Parameter keys: up to 32 of 0...9, A...D, `*` and `#`.
    /// - Returns: whether they are keys; others are not sent.
    package func press(_ keys: String) -> Bool {
        let samples = keys.map { KeyTone.samples($0) }
        guard !keys.isEmpty, keys.count <= ToneSender.limit, samples.allSatisfy({ $0 != nil }) else { return false }
        if line.capabilities.sendsKeys {
            for key in keys { line.write(.key(key)) }
            send()
        } else {
            tones.add(samples.flatMap { $0 ?? [] })
        }
        return true
    }

    /// Sends what is due of the tones.
    func sendTones(at now: Int) {
        guard tones.isWaiting, tones.isActive || playing?.isAudible != true, let piece = tones.beat() else { return }
        line.write(audio: piece.span)
        send()
        timeline?.writeAgent(piece.span, at: now)
    }
}
