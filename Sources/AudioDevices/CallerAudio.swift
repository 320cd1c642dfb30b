/// Where the voice of somebody at a desk comes from, and where the agent's goes. Its clock is the line's clock.
///
/// 8 kHz, frames of 20 ms.
package protocol CallerAudio: AnyObject, Sendable {
    /// Begins to deliver the caller's voice: 160 samples every 20 ms, from one thread, which `beat` must not keep.
    ///
    /// - Throws: ``DeviceError``, or `AudioError` of a file.
    func start(_ beat: @escaping @Sendable (_ frame: [Int16]) -> Void) throws

    /// Plays 160 samples after those before; any one thread, never waits.
    func play(_ frame: [Int16])

    /// The agent has fallen silent and waits.
    func agentWaits()

    /// Whether there is nothing more to be said.
    var isOver: Bool { get }

    /// Ends both directions; returns when no further beat comes.
    func stop()

    var counters: DeviceCounters { get }
}

extension CallerAudio {
    package func agentWaits() {}
    package var isOver: Bool { false }
}

/// What went wrong with a device so far, and what the echo control makes of the room.
package struct DeviceCounters: Sendable, Equatable, Codable {
    /// Times a device ran over (microphone) or dry (loudspeaker).
    package var captureOverruns = 0
    package var playbackUnderruns = 0
    /// Times a device was lost and opened again.
    package var reopened = 0
    /// Samples of the agent that came too late to be played.
    package var droppedSamples = 0
    /// From loudspeaker to microphone, in ms; nil while unknown.
    package var echoDelay: Int?
    /// By how much the echo is lowered, in dB; nil without echo control.
    package var echoReduction: Double?

    package init() {}
}
