import CallSession
import Foundation
import Logging
import Networking
import Telephony

/// Where a dialplan asks for the UUID of a call that it is about to send to ``AudioSocketEntrance``:
/// `POST /audiosocket/invitation` with `token`, and `from`, `to` and `agent` if it likes.
///
/// The UUID is random, keeps a place for one call, and is good for one connection.
struct AudioSocketInvitations: ListenerService {
    static let path = "/audiosocket/invitation"

    /// Nil on loopback without authentication.
    let token: String?
    let host: CallHost
    /// Time since 1970.
    let now: @Sendable () -> Duration
    let logger: Logger

    func respond(to request: HTTPRequest) async -> HTTPResponse {
        guard request.path == Self.path else { return .nothingHere }
        guard ["GET", "POST"].contains(request.method) else { return .methodNotAllowed(allowed: ["GET", "POST"]) }
        let query = (try? FormBody(decoding: request.query.utf8))?.parameters ?? [:]
        let form = (try? FormBody(decoding: request.body))?.parameters ?? [:]
        let given = query.merging(form) { $1 }
        if let token, !TokenEntrance.shows(token, request, given) {
            let fault = TokenEntrance.fault(of: request, given)
            host.webhookRefusals.add(fault, of: "audiosocket")
            logger.warning(
                "invitation refused",
                metadata: [
                    "carrier": "audiosocket", "reason": "\(TokenEntrance.tokenReason(of: fault, "audiosocket"))",
                ])
            return .text("The token is missing or wrong: carriers.audiosocket.token\n", status: 401)
        }
        let to = given["to"] ?? ""
        let (id, time) = (UUID().uuidString.lowercased(), now())
        let agent: String
        if let named = given["agent"] {
            agent = named
        } else {
            let found = host.inbound.agent(of: id, over: "audiosocket", from: given["from"] ?? "", to: to, now: time)
            switch found {
            case .success(let name): agent = name
            case .failure(let unanswered):
                return .text("No agent answers this call: \(unanswered.reason.rawValue)\n", status: 503)
            }
        }
        guard host.hasAgent(agent) else { return .text("There is no agent called \"\(agent)\".\n", status: 404) }
        let call = CallDesk.Expected(
            callID: CallID.new(), agent: agent, from: given["from"] ?? "", to: to, expires: time)
        let key = CallHost.invitation(id, of: "audiosocket")
        if let refusal = host.desk.expect(carrierCallID: key, call, now: time) {
            logger.warning(
                "call refused", metadata: ["carrier": "audiosocket", "reason": "\(refusal.rawValue)"])
            return .text("No call is taken now: \(refusal.rawValue)\n", status: 503)
        }
        // Without a line's end, so that a dialplan can use it as it is.
        return .text(id, status: 200)
    }

    func upgrade(_ request: HTTPRequest, on loop: EventLoop) -> WebSocketUpgrade { .refuse(.nothingHere) }
}

/// Who connects to the AudioSocket port: peers of the list, each with the UUID of an invitation.
struct AudioSocketEntrance: StreamService {
    let peers: [AddressBlock]
    let host: CallHost
    let logger: Logger

    func accept(from remoteAddress: String, on loop: EventLoop) -> (any StreamHandler)? {
        guard let address = IPAddress(remoteAddress)?.unmapped, peers.contains(where: { $0.contains(address) }) else {
            host.webhookRefusals.add(.mismatch, of: "audiosocket")
            logger.warning(
                "media stream refused",
                metadata: [
                    "carrier": "audiosocket", "reason": "\(remoteAddress) is not in carriers.audiosocket.peers",
                ])
            return nil
        }
        guard let dialect = MediaDialects.named("audiosocket"), let framing = dialect.capabilities.framing else {
            return nil
        }
        return MediaStreamConnection(host.openMedia(dialect, isInvited: true, on: loop), framing: framing)
    }
}
