import Foundation
import Networking
import Store
import Telephony

/// The rates of all accounts, so that whoever places calls with one of them keeps to the same.
final class CallRates: Sendable {
    /// How long whoever places a call waits for the store.
    private static let patience = Duration.seconds(1)

    private let rates = Lock<[String: CallRate]>([:])
    private let others: (@Sendable (_ carrier: String, _ since: Date, _ withCampaigns: Bool) async -> [Date])?

    /// - Parameter others: when other nodes began calls at a carrier; nil where there are none.
    init(
        others: (@Sendable (_ carrier: String, _ since: Date, _ withCampaigns: Bool) async -> [Date])? = nil
    ) {
        self.others = others
    }

    /// Those of a node among others, if there can be any: what they have begun is in the store.
    ///
    /// - Parameter campaigns: the carrier of the campaigns' calls.
    convenience init(store: Store, node: String, campaigns: String) {
        guard store.isShared else {
            self.init()
            return
        }
        let others: @Sendable (String, Date, Bool) async -> [Date] = { carrier, since, withCampaigns in
            let times = await BriefWait.result(within: CallRates.patience) { () async -> [Date] in
                let people = (try? await store.personCallTimes(of: carrier, exceptOf: node, since: since)) ?? []
                guard withCampaigns, carrier == campaigns else { return people }
                return people + ((try? await store.intendedTimes(since: since)) ?? [])
            }
            // Where the store does not answer, each node keeps to the rate by itself.
            return times ?? []
        }
        self.init(others: others)
    }

    /// The one of an account; made where it is asked for first.
    func rate(of account: CallingAccount) -> CallRate {
        rates.withLock { rates in
            if let rate = rates[account.dialect.name] { return rate }
            let name = account.dialect.name
            var own: CallRate.Others?
            if let others { own = { since, withCampaigns in await others(name, since, withCampaigns) } }
            let rate = CallRate(callsPerSecond: account.callsPerSecond, others: own)
            rates[name] = rate
            return rate
        }
    }
}
