import CallSession
import Networking

/// The call that a conversation is held on: another one once its caller has come back. What is used and asked for from then on
/// is that one's. Any thread.
final class ServedCall: Sendable {
    private let current: Lock<(callID: String, meter: UsageMeter)>
    private let colleague = Lock<String?>(nil)
    /// What the lines of the log say of it.
    let mark: CallMark

    init(callID: String, meter: UsageMeter) {
        current = Lock((callID: callID, meter: meter))
        mark = CallMark(callID: callID)
    }

    var callID: String { current.withLock { $0.callID } }
    /// Counts what that call uses.
    var meter: UsageMeter { current.withLock { $0.meter } }

    /// The agent who has the conversation since it was handed over; nil while it is the first one's.
    var speaker: String? { colleague.withLock { $0 } }

    /// Follows who has the conversation.
    func see(_ event: CallEvent) {
        guard case .journal(_, _, .replyTakenOver(_, let agent)) = event else { return }
        colleague.withLock { $0 = agent }
    }

    func become(callID: String, meter: UsageMeter) {
        current.withLock { $0 = (callID: callID, meter: meter) }
        mark.become(callID: callID)
    }
}
