package import Telephony

/// The other end of a ``VirtualCall``: the carrier, with the caller behind it. Positions are samples since the media
/// started.
package protocol VirtualCarrier: AnyObject {
    /// 20 ms have passed: plays as much of the agent's audio.
    ///
    /// - Returns: what has arrived from there by `now`.
    func beat(at now: Int) -> [VirtualArrival]

    /// What the other end has to wait for, between two beats; time does not go on meanwhile.
    func settle() async

    /// Takes audio of the agent, µ-law.
    func play(_ audio: Span<UInt8>, at now: Int)

    /// Takes a mark; it comes back when what was sent before it has been played.
    func mark(_ mark: PlayoutMark, at now: Int)

    /// Drops what was not played.
    func clear(at now: Int)

    /// Takes keys that the agent presses. The line brings them as a carrier's message does: at once, and without a sound.
    func press(_ keys: String, at now: Int)

    /// The call is over.
    func closed(reason: String, at now: Int)
}

extension VirtualCarrier {
    package func settle() async {}

    /// Nobody at the other end listens for keys.
    package func press(_ keys: String, at now: Int) {}
}

/// What arrives from a carrier in virtual time.
package enum VirtualArrival: Sendable, Equatable {
    /// 20 ms of the caller, µ-law, with the carrier's stamp in ms.
    case audio([UInt8], timestamp: Int)
    case key(Character)
    case mark(PlayoutMark)
    /// The caller has hung up.
    case stopped
}
