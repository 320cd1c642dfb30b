/// Whether the microphone is open: muted or not, and push-to-talk.
///
/// A terminal does not say that a key was let go. While the talk key is held it repeats; the gate stays open until the
/// repeats have stopped for ``hold``.
package struct MicrophoneGate: Sendable, Equatable {
    /// In beats of 20 ms: longer than the pause before a keyboard begins to repeat.
    package static let hold = 35

    package private(set) var isMuted = false
    package private(set) var isPushToTalk: Bool
    private var talksUntil = 0

    package init(isPushToTalk: Bool) { self.isPushToTalk = isPushToTalk }

    package mutating func toggleMute() { isMuted.toggle() }

    package mutating func togglePushToTalk() {
        isPushToTalk.toggle()
        talksUntil = 0
    }

    /// The talk key was pressed, or repeats, at this beat.
    package mutating func talk(at beat: Int) { talksUntil = beat + Self.hold }

    package func isOpen(at beat: Int) -> Bool { !isMuted && (!isPushToTalk || beat < talksUntil) }
}
