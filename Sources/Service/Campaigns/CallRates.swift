import Networking
import Telephony

/// The rates of all accounts, so that whoever places calls with one of them keeps to the same.
final class CallRates: Sendable {
    private let rates = Lock<[String: CallRate]>([:])

    /// The one of an account; made where it is asked for first.
    func rate(of account: CallingAccount) -> CallRate {
        rates.withLock { rates in
            if let rate = rates[account.dialect.name] { return rate }
            let rate = CallRate(callsPerSecond: account.callsPerSecond)
            rates[account.dialect.name] = rate
            return rate
        }
    }
}
