import Logging
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
    let logger: Logger
    /// What else the request has to prove: what is wrong with that, nil for nothing.
    var signatureFault: @Sendable (HTTPRequest) -> WebhookFault? = { _ in nil }

    func respond(to request: HTTPRequest) async -> HTTPResponse {
        request.path == "/\(dialect.name)/\(Self.path)" ? .status(426) : .nothingHere
    }

    func upgrade(_ request: HTTPRequest, on loop: EventLoop) -> WebSocketUpgrade {
        guard request.path == "/\(dialect.name)/\(Self.path)" else { return .refuse(.nothingHere) }
        var parameters = (try? FormBody(decoding: request.query.utf8))?.parameters ?? [:]
        if let token, !Self.shows(token, request, parameters) {
            let fault = Self.fault(of: request, parameters)
            note(fault, Self.tokenReason(of: fault, dialect.name))
            return .refuse(.text("The token is missing or wrong: carriers.\(dialect.name).token\n", status: 401))
        }
        if let fault = signatureFault(request) {
            note(fault, Self.reason(of: fault))
            return .refuse(.text("The signature is missing, wrong or too old.\n", status: 401))
        }
        parameters["token"] = nil
        return .accept(
            host.openMedia(dialect, parameters: parameters, isProven: true, on: loop),
            subprotocol: dialect.agreed(with: request))
    }

    /// Nothing of what was shown is logged: it may be the secret with a slip of the hand.
    private func note(_ fault: WebhookFault, _ reason: String) {
        host.webhookRefusals.add(fault, of: dialect.name)
        logger.warning("media stream refused", metadata: ["carrier": "\(dialect.name)", "reason": "\(reason)"])
    }

    private static func reason(of fault: WebhookFault) -> String {
        switch fault {
        case .missing: "there is no signature"
        case .stale: "the signature is too old, ahead of time, or was used before"
        case .unset: "the signature cannot be checked"
        case .mismatch, .account: "the signature does not match"
        }
    }

    /// Whether a request shows the secret.
    ///
    /// - Parameter parameters: what its address or its form carried.
    static func shows(_ token: String, _ request: HTTPRequest, _ parameters: [String: String]) -> Bool {
        // Each is compared, whatever the others yield.
        shown(request, parameters).map { $0.map { ConstantTime.areEqual($0, token) } ?? false }.contains(true)
    }

    /// What is wrong with a request that does not show the secret: it shows another one, or none.
    static func fault(of request: HTTPRequest, _ parameters: [String: String]) -> WebhookFault {
        shown(request, parameters).contains { $0?.isEmpty == false } ? .mismatch : .missing
    }

    /// The same in words, for the log.
    static func tokenReason(of fault: WebhookFault, _ carrier: String) -> String {
        fault == .missing
            ? "there is no token, bearer, password or x-api-key" : "the token is not carriers.\(carrier).token"
    }

    private static func shown(_ request: HTTPRequest, _ parameters: [String: String]) -> [String?] {
        [parameters["token"], bearer(request), password(request), request[header: "x-api-key"]]
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
