import Crypto
import Emulators
import Foundation

/// As which carrier the sandbox speaks, with the account that the configuration has there.
struct SandboxStand {
    let dialect: any SandboxDialect
    var account: String?
    var secret: String?
    let callsPerSecond: Double
    private let carrier: ParleyConfiguration.CallingCarrier

    /// Telnyx signs with a key of which a service knows the public half: the sandbox's own, the same every time.
    private static let telnyxKey = Result {
        try Curve25519.Signing.PrivateKey(rawRepresentation: SHA256.hash(data: Data("parley sandbox".utf8)))
    }

    /// The public half, as a configuration names it.
    static let telnyxPublicKey = try? telnyxKey.get().publicKey.rawRepresentation.base64EncodedString()

    /// - Throws: what the configuration lacks for the carrier to be stood in for.
    init(_ configuration: ParleyConfiguration) throws {
        let carriers = configuration.carriers
        carrier = configuration.campaigns.carrier
        switch carrier {
        case .twilio:
            dialect = CompatibleSandbox.twilio
            (account, secret) = (carriers.twilio.accountSID, carriers.twilio.authToken?.value)
            callsPerSecond = carriers.twilio.callsPerSecond
        case .signalWire:
            dialect = CompatibleSandbox.signalWire(signingKey: carriers.signalWireSigningKey?.value ?? "")
            (account, secret) = (carriers.signalWire.account, carriers.signalWire.secret?.value)
            callsPerSecond = carriers.signalWire.callsPerSecond
        case .telnyx:
            dialect = CompatibleSandbox.telnyx(
                application: carriers.telnyx.application ?? "", key: try Self.telnyxKey.get())
            (account, secret) = (carriers.telnyx.account, carriers.telnyx.secret?.value)
            callsPerSecond = carriers.telnyx.callsPerSecond
        case .plivo:
            dialect = PlivoSandbox()
            (account, secret) = (carriers.plivo.account, carriers.plivoAuthToken?.value)
            callsPerSecond = carriers.plivo.callsPerSecond
        case .vonage:
            guard let application = carriers.vonage.application, let file = carriers.vonage.keyFile else {
                throw DemoError(
                    reason: "the sandbox stands in for Vonage only with carriers.vonage.application_id and private_key")
            }
            dialect = try VonageSandbox(
                application: application, privateKey: try String(contentsOfFile: file, encoding: .utf8),
                signatureSecret: carriers.vonageSignatureSecret?.value ?? "")
            callsPerSecond = carriers.vonage.callsPerSecond
        }
    }

    /// What a configuration must say to reach it.
    func settings(at url: String) -> [String] {
        var lines = ["carriers.\(carrier.rawValue).url: \(url)"]
        if case .telnyx = carrier, let key = Self.telnyxPublicKey {
            lines.append("carriers.telnyx.public_key: \(key)")
        }
        return lines
    }
}
