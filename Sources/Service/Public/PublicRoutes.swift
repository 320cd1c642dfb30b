import Foundation
import Logging
import Networking
import Telephony

/// The public plane: every carrier has the paths below its own name, `/NAME/…`, and there is nothing else.
final class PublicRoutes: ListenerService {
    private let entrances: [String: any ListenerService]

    /// - Parameter entrances: by the first part of the path.
    init(_ entrances: [String: any ListenerService]) { self.entrances = entrances }

    func respond(to request: HTTPRequest) async -> HTTPResponse {
        guard let entrance = entrance(of: request) else { return .nothingHere }
        return await entrance.respond(to: request)
    }

    func upgrade(_ request: HTTPRequest, on loop: EventLoop) -> WebSocketUpgrade {
        guard let entrance = entrance(of: request) else { return .refuse(.nothingHere) }
        return entrance.upgrade(request, on: loop)
    }

    private func entrance(of request: HTTPRequest) -> (any ListenerService)? {
        request.path.split(separator: "/", maxSplits: 1).first.flatMap { entrances[String($0)] }
    }
}

extension HTTPResponse {
    static let nothingHere = HTTPResponse.text("There is nothing here.\n", status: 404)
}

extension PublicRoutes {
    /// The entrances that the configuration asks for.
    static func make(
        _ configuration: ParleyConfiguration, baseURL: String, nodeURL: String, host: CallHost, takeovers: Takeovers,
        tokens: CallTokenAuthority, logger: Logger
    ) -> PublicRoutes {
        var entrances: [String: any ListenerService] = [
            "browser": BrowserEntrance(host: host), "operator": OperatorEntrance(takeovers: takeovers),
        ]
        host.webhookRefusals.watch("browser")
        if let dialect = MediaDialects.named("twilio") {
            host.webhookRefusals.watch("twilio")
            entrances["twilio"] = TwilioWebhooks(
                trust: .init(configuration), account: configuration.carriers.twilio.accountSID, baseURL: baseURL,
                nodeURL: nodeURL, tokens: tokens, desk: host.desk,
                inbound: host.inbound,
                openMedia: { host.openMedia(dialect, on: $0) }, runner: host.runner,
                people: host.people, resumer: host.resumer, refusals: host.webhookRefusals,
                now: { .seconds(Date().timeIntervalSince1970) }, logger: logger)
        }
        let carriers = configuration.carriers
        let checksProof = configuration.public.auth == .signature
        let asking: [any WebhookCarrier] = [
            TelnyxCarrier(
                signature: carriers.telnyxPublicKey.flatMap { TelnyxSignature(publicKey: $0) },
                codec: carriers.telnyxCodec),
            PlivoCarrier(signature: carriers.plivoAuthToken.map { PlivoSignature(authToken: $0.value) }),
            VonageCarrier(signature: carriers.vonageSignatureSecret.map { VonageSignature(secret: $0.value) }),
            SignalWireCarrier(signature: carriers.signalWireSigningKey.map { TwilioSignature(authToken: $0.value) }),
        ]
        for carrier in asking {
            guard let dialect = MediaDialects.named(carrier.name) else { continue }
            host.webhookRefusals.watch(carrier.name)
            entrances[carrier.name] = WebhookEntrance(
                carrier, dialect: dialect, checksProof: checksProof, baseURL: baseURL, nodeURL: nodeURL,
                tokens: tokens, host: host,
                now: { .seconds(Date().timeIntervalSince1970) }, logger: logger)
        }
        let connecting = [
            ("exotel", carriers.exotelToken), ("jambonz", carriers.jambonzToken),
            ("asterisk", carriers.asteriskToken), ("genesys", carriers.genesysToken),
            ("audiofork", carriers.audioForkToken), ("audiostream", carriers.audioStreamToken),
        ]
        for (name, token) in connecting where token != nil || !checksProof {
            guard let dialect = MediaDialects.named(name) else { continue }
            host.webhookRefusals.watch(name)
            var entrance = TokenEntrance(
                dialect: dialect, token: checksProof ? token?.value : nil, host: host, logger: logger)
            if name == "genesys", checksProof, let secret = carriers.genesysClientSecret {
                entrance.signatureFault = Self.audioHookProof(AudioHookSignature(clientSecret: secret.value))
            }
            entrances[name] = entrance
        }
        if carriers.audioSocket.port != nil {
            host.webhookRefusals.watch("audiosocket")
            entrances["audiosocket"] = AudioSocketInvitations(
                token: checksProof ? carriers.audioSocket.token?.value : nil, host: host,
                now: { .seconds(Date().timeIntervalSince1970) }, logger: logger)
        }
        return PublicRoutes(entrances)
    }

    /// Believes each nonce once.
    private static func audioHookProof(_ signature: AudioHookSignature?) -> @Sendable (HTTPRequest) -> WebhookFault? {
        let used = Lock(ReplayGuard(lifetime: .seconds(60)))
        return { request in
            let now = Duration.seconds(Date().timeIntervalSince1970)
            let target = request.path + (request.query.isEmpty ? "" : "?\(request.query)")
            guard let signature else { return .unset }
            guard request[header: "signature"] != nil, request[header: "signature-input"] != nil else {
                return .missing
            }
            let verdict = signature.verdict(
                target: target, authority: request[header: "host"] ?? "", now: now, header: { request[header: $0] })
            switch verdict {
            case .valid(let nonce): return used.withLock { $0.use(nonce, now: now) } ? nil : .stale
            case .stale: return .stale
            case .invalid: return .mismatch
            }
        }
    }
}
