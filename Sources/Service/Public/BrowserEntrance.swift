import Networking
import Telephony

/// Where callers in a browser connect: `/browser/media`. The token that an invitation gave is in the socket's first message.
struct BrowserEntrance: ListenerService {
    static let path = "/browser/media"

    let host: CallHost

    func respond(to request: HTTPRequest) async -> HTTPResponse {
        request.path == Self.path ? .status(426) : .nothingHere
    }

    func upgrade(_ request: HTTPRequest, on loop: EventLoop) -> WebSocketUpgrade {
        guard request.path == Self.path, let dialect = MediaDialects.named("browser") else {
            return .refuse(.nothingHere)
        }
        return .accept(host.openMedia(dialect, on: loop), subprotocol: nil)
    }
}
