/// What of a call's audio did not get where it was meant to go.
package struct MediaLosses: Sendable, Equatable {
    /// Messages of the carrier that never arrived, by its own numbering.
    package var missedMessages = 0
    /// Messages that came after later ones had been given up waiting for them.
    package var overtakenMessages = 0
    /// Messages that came a second time, and were not heard again.
    package var doubledMessages = 0
    /// Packets of the caller that held no audio of their codec.
    package var damagedPackets = 0
    /// Packets of the caller that were lost, and whose audio was made up.
    package var concealedPackets = 0
    /// Caller samples that the recognizer was too late to take.
    package var recognizerSamples = 0
    /// Samples that came too late or too early for the recording.
    package var recordingSamples = 0
    /// Samples of the agent that came when their reply was over, and were not sent.
    package var staleSamples = 0

    package init() {}
}
