/// Why a socket is no more.
package enum WebSocketCloseReason: Sendable, Equatable, CustomStringConvertible {
    /// We closed it.
    case local(code: UInt16, reason: String)
    /// The peer closed it; 1005 if it gave no code (RFC 6455 §7.1.5).
    case peer(code: UInt16, reason: String)
    /// It never opened, or broke.
    case failure(NetworkError)

    /// RFC 6455 §7.4; 1006 if there was no closing handshake.
    package var code: UInt16 {
        switch self {
        case .local(let code, _), .peer(let code, _): code
        case .failure: 1006
        }
    }

    /// How the description of ``peer(code:reason:)`` begins; the code follows in parentheses.
    package static let byPeer = "closed by the peer"
    /// How that of ``local(code:reason:)`` does.
    package static let byUs = "closed by us"

    package var description: String {
        switch self {
        case .local(let code, let reason): "\(Self.byUs) (\(code)\(reason.isEmpty ? "" : " \(reason)"))"
        case .peer(let code, let reason): "\(Self.byPeer) (\(code)\(reason.isEmpty ? "" : " \(reason)"))"
        case .failure(let error): error.description
        }
    }
}
