import CallSession
import Logging
import Networking

/// Which call a conversation is on and at which of its turns, for the lines of its log. Any thread.
///
/// It is told at turns and asked when a line is written: nothing happens for a frame.
final class CallMark: Sendable {
    private let place: Lock<(callID: String, turn: Int)>

    init(callID: String) { place = Lock((callID: callID, turn: 0)) }

    /// From now on it is another call: its caller has come back.
    func become(callID: String) { place.withLock { $0 = (callID: callID, turn: 0) } }

    /// Follows the caller's turns.
    func see(_ event: CallEvent) {
        guard case .note(_, .callerTurn(let record)) = event else { return }
        place.withLock { $0.turn = record.turn }
    }

    /// What every line says. The turn is the caller's last one; 0 is the greeting.
    var facts: Logger.Metadata {
        let now = place.withLock { $0 }
        return ["call.id": "\(now.callID)", "turn": .stringConvertible(now.turn)]
    }

    /// `logger`, whose lines say which call and turn they are about.
    func logger(_ logger: Logger) -> Logger {
        var logger = logger
        logger.handler = CallLogHandler(base: logger.handler, mark: self)
        return logger
    }
}
