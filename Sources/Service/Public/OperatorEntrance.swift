import Foundation
import Networking
import Telephony

/// Where operators connect who take a call over: `/operator/media`, in the browser dialect. The token that the API gave is
/// in the socket's first message.
struct OperatorEntrance: ListenerService {
    static let path = "/operator/media"

    let takeovers: Takeovers

    func respond(to request: HTTPRequest) async -> HTTPResponse {
        request.path == Self.path ? .status(426) : .nothingHere
    }

    func upgrade(_ request: HTTPRequest, on loop: EventLoop) -> WebSocketUpgrade {
        guard request.path == Self.path, let dialect = MediaDialects.named("browser") else {
            return .refuse(.nothingHere)
        }
        return .accept(
            OperatorConnection(line: dialect.makeLine(), takeovers: takeovers, loop: loop), subprotocol: nil)
    }
}
