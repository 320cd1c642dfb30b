import Networking
import Telephony

/// How the loop's own callbacks enter a call fifty times a second.
///
/// `assumeIsolated` would do, but makes two boxes on the heap for every call of it. What it does inside, a cast that takes
/// the isolation out of a function's type, is done here once for all calls.
extension CallSession {
    /// One message of the carrier. On the loop's thread.
    nonisolated func enter(received message: Span<UInt8>, _ kind: MediaMessageKind) {
        precondition(loop.isCurrent, "a call is entered on its loop")
        Self.receiving(self, message, kind)
    }

    /// The 20 ms beat. On the loop's thread.
    nonisolated func enterTick() {
        precondition(loop.isCurrent, "a call is entered on its loop")
        Self.ticking(self)
    }

    // SAFETY: an isolated parameter is passed like any other; `enter` has checked that this thread is the call's executor.
    private static let receiving = unsafe unsafeBitCast(
        { $0.received($1, $2) } as @Sendable (isolated CallSession, Span<UInt8>, MediaMessageKind) -> Void,
        to: (@Sendable (CallSession, Span<UInt8>, MediaMessageKind) -> Void).self)
    private static let ticking = unsafe unsafeBitCast(
        { $0.tick() } as @Sendable (isolated CallSession) -> Void, to: (@Sendable (CallSession) -> Void).self)
}
