import Logging
import Networking
import Telephony

/// With whom people are called for callers who hold the line: every carrier that there is a whole account with.
struct PersonCarriers: Sendable {
    /// How each is asked, by its name.
    private var controls: [String: CallControl] = [:]
    /// How fast each begins calls, by its name; campaigns keep to the same.
    private var rates: [String: CallRate] = [:]
    /// What keeps each of the others, by its name.
    private var lacking: [String: String] = [:]
    /// The one that calls for callers whose own carrier is none of these.
    private let usual: String

    /// An account with a key that cannot be read is logged and left out: callers of other carriers are none the worse.
    init(_ configuration: ParleyConfiguration, client: HTTPClient, rates: CallRates, logger: Logger) {
        usual = configuration.campaigns.carrier.rawValue
        for carrier in ParleyConfiguration.CallingCarrier.allCases {
            let name = carrier.rawValue
            let missing = CallingAccount.missing(in: configuration, of: carrier)
            do {
                if missing.isEmpty, let account = try CallingAccount(configuration, of: carrier) {
                    controls[name] = CallControl(client: client, account.dialect)
                    self.rates[name] = rates.rate(of: account)
                } else {
                    lacking[name] = "not set: \(missing.joined(separator: ", "))"
                }
            } catch {
                lacking[name] = "\(error)"
                logger.warning(
                    "nobody is called over this carrier for callers who wait",
                    metadata: ["carrier": "\(name)", "reason": "\(error)"])
            }
        }
    }

    /// Who calls people for a caller: their own carrier where it can, else the one that carries campaigns; nil where
    /// neither can.
    ///
    /// - Parameter carrier: the caller's, by its name.
    func choice(for carrier: String) -> String? { [carrier, usual].first { controls[$0] != nil } }

    /// Nil where there is no account.
    subscript(carrier: String) -> CallControl? { controls[carrier] }

    /// How fast its account begins calls; nil where there is none.
    func rate(of carrier: String) -> CallRate? { rates[carrier] }

    /// What is to be set so that ``choice(for:)`` finds somebody.
    func objection(to carrier: String) -> String {
        let wanted = lacking[carrier] == nil ? [usual] : carrier == usual ? [carrier] : [carrier, usual]
        return wanted.map { "\($0): \(lacking[$0] ?? "it places no calls")" }.joined(separator: "; ")
    }
}
