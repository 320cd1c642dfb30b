package import Networking

/// Why a line is no more, in the words that a call's events and its row have of it, and what these words mean.
package enum LineEnd {
    private static let broke = "the line broke"
    /// Codes of whoever leaves as they should (RFC 6455 § 7.4.1): it is over, they go away, and none at all.
    private static let orderly = [1000, 1001, 1005]

    package static func words(_ reason: WebSocketCloseReason) -> String {
        switch reason {
        case .failure: "\(broke): \(reason)"
        case .local, .peer: "\(reason)"
        }
    }

    /// Whether whoever was on the line ended it: the carrier said so or, as several do, just closed.
    package static func isHangUp(_ words: String) -> Bool {
        words == CallSession.peerHungUp
            || orderly.contains { words.hasPrefix("\(WebSocketCloseReason.byPeer) (\($0)") }
    }

    /// Whether it ended without anybody's wish: it broke, or one side could not go on with the other.
    package static func isFault(_ words: String) -> Bool {
        [broke, WebSocketCloseReason.byPeer, WebSocketCloseReason.byUs].contains { words.hasPrefix($0) }
            && !isHangUp(words)
    }
}
