import Networking
import Telephony

/// Which question of those to a caller who waits a webhook answers, in its address.
enum QueueRound {
    private static let name = "round"

    static func query(_ round: Int) -> String { "\(name)=\(round)" }

    /// Nil when it does not say.
    static func read(_ request: HTTPRequest) -> Int? {
        (try? FormBody(decoding: request.query.utf8))?[name].flatMap { Int($0) }
    }
}
