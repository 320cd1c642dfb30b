import Networking
import Telephony

/// Media sockets of carriers that ask nothing beforehand: `/NAME/media`. Whoever connects shows the secret that both sides
/// were configured with, as `?token=`, as a bearer token, as the password of basic authentication, or as `x-api-key`.
struct TokenEntrance: ListenerService {
    private static let path = "media"

    let dialect: MediaDialects
    /// Nil on loopback without authentication.
    let token: String?
    let host: CallHost
    /// What else the request has to prove.
    var isSigned: @Sendable (HTTPRequest) -> Bool = { _ in true }

    func respond(to request: HTTPRequest) async -> HTTPResponse {
        request.path == "/\(dialect.name)/\(Self.path)" ? .status(426) : .nothingHere
    }

    func upgrade(_ request: HTTPRequest, on loop: EventLoop) -> WebSocketUpgrade {
        guard request.path == "/\(dialect.name)/\(Self.path)" else { return .refuse(.nothingHere) }
        var parameters = (try? FormBody(decoding: request.query.utf8))?.parameters ?? [:]
        if let token, !Self.shows(token, request, parameters) {
            return .refuse(.text("The token is missing or wrong: carriers.\(dialect.name).token\n", status: 401))
        }
        guard isSigned(request) else {
            return .refuse(.text("The signature is missing, wrong or too old.\n", status: 401))
        }
        parameters["token"] = nil
        return .accept(
            host.openMedia(dialect, parameters: parameters, isProven: true, on: loop),
            subprotocol: dialect.agreed(with: request))
    }

    /// Whether a request shows the secret.
    ///
    /// - Parameter parameters: what its address or its form carried.
    static func shows(_ token: String, _ request: HTTPRequest, _ parameters: [String: String]) -> Bool {
        let shown = [parameters["token"], bearer(request), password(request), request[header: "x-api-key"]]
        // Each is compared, whatever the others yield.
        return shown.map { $0.map { ConstantTime.areEqual($0, token) } ?? false }.contains(true)
    }

    private static func bearer(_ request: HTTPRequest) -> String? { credentials("bearer ", request) }

    private static func password(_ request: HTTPRequest) -> String? {
        credentials("basic ", request).flatMap { BasicCredentials($0)?.password }
    }

    private static func credentials(_ scheme: String, _ request: HTTPRequest) -> String? {
        guard let value = request[header: "authorization"], value.lowercased().hasPrefix(scheme) else { return nil }
        return String(value.dropFirst(scheme.count))
    }
}
