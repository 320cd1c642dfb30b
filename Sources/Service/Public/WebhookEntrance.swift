import CallSession
import Foundation
import Logging
import Networking
import Telephony

/// One carrier's part of the public plane: its webhooks and its media sockets.
///
/// | Path | |
/// |---|---|
/// | `POST /NAME/voice` | what to do with a call: bridge it to a media socket whose address is good once |
/// | `POST /NAME/after-stream` | what to do now that the socket is closed |
/// | `POST /NAME/status` | how a call fares; noted |
/// | `/NAME/media/CALL/TOKEN` | the media socket |
///
/// Every webhook proves itself by its signature. A webhook that is sent again changes nothing.
final class WebhookEntrance: ListenerService {
    private let carrier: any WebhookCarrier
    private let dialect: MediaDialects
    private let checksProof: Bool
    /// The public base address without a slash at the end.
    private let baseURL: String
    private let tokens: CallTokenAuthority
    private let host: CallHost
    private let agentForNumber: @Sendable (String) -> String
    private let now: @Sendable () -> Duration
    private let logger: Logger

    /// - Parameters:
    ///   - checksProof: false only on loopback, for load drivers.
    ///   - now: time since 1970.
    init(
        _ carrier: any WebhookCarrier, dialect: MediaDialects, checksProof: Bool, baseURL: String,
        tokens: CallTokenAuthority, host: CallHost, agentForNumber: @escaping @Sendable (String) -> String,
        now: @escaping @Sendable () -> Duration, logger: Logger
    ) {
        self.carrier = carrier
        self.dialect = dialect
        self.checksProof = checksProof
        self.baseURL = baseURL
        self.tokens = tokens
        self.host = host
        self.agentForNumber = agentForNumber
        self.now = now
        self.logger = logger
    }

    func respond(to request: HTTPRequest) async -> HTTPResponse {
        let base = "/\(carrier.name)/"
        guard request.path.hasPrefix(base) else { return .nothingHere }
        let action = request.path.dropFirst(base.count)
        guard ["voice", "after-stream", "status"].contains(action) else { return .nothingHere }
        guard request.method == "POST" else { return .methodNotAllowed(allowed: ["POST"]) }
        let time = now()
        let query = request.query.isEmpty ? "" : "?\(request.query)"
        if checksProof,
            case .refused(let reason, let answer) = carrier.proof(
                of: request, url: baseURL + request.path + query, now: time)
        {
            logger.warning("webhook refused", metadata: ["path": "\(request.path)", "reason": "\(reason)"])
            return .text(answer + "\n", status: 403)
        }
        guard let call = carrier.call(in: request), !call.id.isEmpty else {
            return .text("The request does not say which call it is about.\n", status: 400)
        }
        switch action {
        case "voice": return voice(call, at: time)
        case "after-stream":
            return call.streamEnded
                ? carrier.answer(host.desk.takeAfterwards(carrierCallID: call.id, now: time))
                : HTTPResponse(status: 204)
        default:
            logger.info("call status", metadata: ["carrier": "\(carrier.name)", "carrier.call": "\(call.id)"])
            return HTTPResponse(status: 204)
        }
    }

    private func voice(_ call: WebhookCall, at time: Duration) -> HTTPResponse {
        let expected = CallDesk.Expected(
            callID: CallID.new(), agent: agentForNumber(call.to), from: call.from, to: call.to, expires: time)
        if let refusal = host.desk.expect(carrierCallID: call.id, expected, now: time) {
            logger.warning(
                "call refused",
                metadata: [
                    "carrier": "\(carrier.name)", "carrier.call": "\(call.id)", "reason": "\(refusal.rawValue)",
                ])
            return carrier.refuse()
        }
        let address = MediaAddress(call: call.id, token: tokens.issue(callID: call.id, now: time))
        return carrier.connect(
            "ws\(baseURL.dropFirst(4))/\(carrier.name)/media/\(address.path)",
            afterwards: "\(baseURL)/\(carrier.name)/after-stream")
    }

    func upgrade(_ request: HTTPRequest, on loop: EventLoop) -> WebSocketUpgrade {
        let base = "/\(carrier.name)/media"
        guard request.path == base || request.path.hasPrefix(base + "/") else { return .refuse(.nothingHere) }
        let address = MediaAddress(path: request.path.dropFirst(base.count + 1))
        // The token in the address counts once the stream has said which call it is.
        var parameters = (try? FormBody(decoding: request.query.utf8))?.parameters ?? [:]
        parameters["call"] = address?.call
        parameters["token"] = address?.token
        return .accept(
            host.openMedia(dialect, parameters: parameters, on: loop), subprotocol: dialect.agreed(with: request))
    }
}

/// Which call a media socket is for, and the token that proves it: the last two parts of its path.
struct MediaAddress: Equatable {
    var call: String
    var token: String

    init(call: String, token: String) {
        self.call = call
        self.token = token
    }

    init?(path: some StringProtocol) {
        let parts = path.split(separator: "/")
        guard parts.count == 2, let call = String(parts[0]).removingPercentEncoding,
            let token = String(parts[1]).removingPercentEncoding
        else { return nil }
        self.init(call: call, token: token)
    }

    var path: String { Self.escaped(call) + "/" + Self.escaped(token) }

    private static func escaped(_ text: String) -> String {
        let digits = Array("0123456789ABCDEF".utf8)
        var bytes: [UInt8] = []
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"):
                bytes.append(byte)
            default: bytes += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 0x0F)]]
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}

extension MediaDialects {
    /// The dialect's subprotocol, if the peer offers it.
    func agreed(with request: HTTPRequest) -> String? {
        capabilities.subprotocol.flatMap { request.subprotocols.contains($0) ? $0 : nil }
    }
}

extension FormBody {
    /// The fields by name; of several values of a name the first.
    var parameters: [String: String] {
        Dictionary(fields.map { ($0.name, $0.value) }) { first, _ in first }
    }
}
