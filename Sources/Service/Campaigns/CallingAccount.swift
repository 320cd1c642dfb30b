import Foundation
import Networking
import Telephony

/// The account that calls are placed with: which carrier's, and how that one is asked.
struct CallingAccount {
    let dialect: any CallControlDialect
    /// Where it is asked.
    let url: String
    var callsPerSecond: Double

    /// Nil where the configuration lacks what ``missing(in:of:)`` names.
    ///
    /// - Parameter carrier: nil for the one that carries campaigns.
    /// - Throws: what is wrong with a key that must be read from a file.
    init?(_ configuration: ParleyConfiguration, of carrier: ParleyConfiguration.CallingCarrier? = nil) throws {
        let carriers = configuration.carriers
        switch carrier ?? configuration.campaigns.carrier {
        case .twilio:
            guard let account = carriers.twilio.accountSID, let token = carriers.twilio.authToken else { return nil }
            (url, callsPerSecond) = (carriers.twilio.url, carriers.twilio.callsPerSecond)
            dialect = CompatibleCallControl.twilio(url: url, account: account, authToken: token.value)
        case .signalWire:
            let own = carriers.signalWire
            guard let project = own.account, let token = own.secret, let space = own.url else { return nil }
            (url, callsPerSecond) = (space, own.callsPerSecond)
            dialect = CompatibleCallControl.signalWire(url: space, project: project, token: token.value)
        case .telnyx:
            let own = carriers.telnyx
            guard let account = own.account, let key = own.secret, let application = own.application,
                let address = own.url
            else { return nil }
            guard
                carriers.telnyxPublicKey != SandboxStand.telnyxPublicKey
                    || LoopbackAddress.isLoopback(URLComponents(string: address)?.host ?? "")
            else {
                throw SandboxKeyError()
            }
            (url, callsPerSecond) = (address, own.callsPerSecond)
            dialect = CompatibleCallControl.telnyx(
                url: address, account: account, apiKey: key.value, application: application)
        case .plivo:
            let own = carriers.plivo
            guard let id = own.account, let token = carriers.plivoAuthToken, let address = own.url else { return nil }
            (url, callsPerSecond) = (address, own.callsPerSecond)
            dialect = PlivoCallControl(url: address, authID: id, authToken: token.value)
        case .vonage:
            let own = carriers.vonage
            guard let application = own.application, let file = own.keyFile, let address = own.url else { return nil }
            (url, callsPerSecond) = (address, own.callsPerSecond)
            dialect = VonageCallControl(
                url: address, token: try VonageToken(application: application, pem: Self.pem(file)))
        }
    }

    private static func pem(_ file: String) throws -> String {
        do { return try String(contentsOfFile: file, encoding: .utf8) } catch {
            throw VonageToken.Fault(
                description: "carriers.vonage.private_key: \(file) cannot be read: \(error.localizedDescription)")
        }
    }

    /// Keys of the configuration that are not given and must be, for calls to be placed.
    ///
    /// - Parameter carrier: nil for the one that carries campaigns.
    static func missing(
        in configuration: ParleyConfiguration, of carrier: ParleyConfiguration.CallingCarrier? = nil
    ) -> [String] {
        let carriers = configuration.carriers
        let carrier = carrier ?? configuration.campaigns.carrier
        // News that cannot be proven are not believed.
        let isUnproven = configuration.public.auth == .none
        let needs: [(key: String, isGiven: Bool)] =
            switch carrier {
            case .twilio:
                [
                    ("account_sid", carriers.twilio.accountSID != nil),
                    ("auth_token", carriers.twilio.authToken != nil),
                ]
            case .signalWire:
                [
                    ("project_id", carriers.signalWire.account != nil),
                    ("api_token", carriers.signalWire.secret != nil), ("url", carriers.signalWire.url != nil),
                    ("signing_key", isUnproven || carriers.signalWireSigningKey != nil),
                ]
            case .telnyx:
                [
                    ("account_sid", carriers.telnyx.account != nil), ("api_key", carriers.telnyx.secret != nil),
                    ("application_sid", carriers.telnyx.application != nil),
                    ("public_key", isUnproven || carriers.telnyxPublicKey != nil),
                ]
            case .plivo:
                [("auth_id", carriers.plivo.account != nil), ("auth_token", carriers.plivoAuthToken != nil)]
            case .vonage:
                [
                    ("application_id", carriers.vonage.application != nil),
                    ("private_key", carriers.vonage.keyFile != nil),
                    ("signature_secret", isUnproven || carriers.vonageSignatureSecret != nil),
                ]
            }
        return needs.filter { !$0.isGiven }.map { "carriers.\(carrier.rawValue).\($0.key)" }
    }
}
