import Foundation
import Networking

/// How often passwords may be tried, and how many are checked at a time. A value.
///
/// Wrong ones count against the name at the address that they came from, so that a stranger keeps nobody else out; far more
/// of them against the name wherever they come from, and against the address whatever the name.
struct SignInGuard: Sendable {
    /// Of one name from one address.
    static let strict = SignInTries.Terms(free: 5, firstWait: 2, longestWait: 900)
    /// Of one name from all addresses together. Whoever has many addresses holds a name up for no longer than this.
    static let byName = SignInTries.Terms(free: 100, firstWait: 2, longestWait: 30)
    /// Of all names from one address.
    static let byAddress = SignInTries.Terms(free: 50, firstWait: 2, longestWait: 300)
    /// Checks at a time, those that wait too: each takes 16 MB and a good part of a second of a core that calls need.
    static let atOnce = 4
    /// Of them, for one address.
    static let atOnceByAddress = 2
    /// Keys that are remembered of each kind; the one that was tried longest ago makes room.
    static let names = 10_000

    private var pairTries = SignInTries(SignInGuard.strict, most: SignInGuard.names)
    private var nameTries = SignInTries(SignInGuard.byName, most: SignInGuard.names)
    private var addressTries = SignInTries(SignInGuard.byAddress, most: SignInGuard.names)
    private var underWay = 0
    private var underWayByAddress: [String: Int] = [:]

    /// What an address counts as: an IPv6 host has 2^64 of them, and picks another one at will. Nil on this machine, for
    /// behind a proxy here all callers come from it.
    static func origin(_ address: String?) -> String? {
        guard let address = address.flatMap({ IPAddress($0) })?.unmapped else { return address }
        guard !LoopbackAddress.isLoopback("\(address)") else { return nil }
        guard address.bytes.count == 16 else { return "\(address)" }
        return address.bytes.prefix(8).map { String($0, radix: 16) }.joined(separator: ":")
    }

    /// Asks to check a password. Whoever is let in says what came of it by ``finish(_:from:wasRight:at:)``.
    ///
    /// - Parameter origin: see ``origin(_:)``; nil is bounded by the name alone.
    /// - Returns: seconds to wait instead; nil when it may be checked now.
    mutating func begin(_ name: String, from origin: String? = nil, at now: Date) -> Int? {
        let waits = [
            pairTries.wait(Self.pair(name, origin), at: now), nameTries.wait(name, at: now),
            origin.flatMap { addressTries.wait($0, at: now) },
        ]
        if let wait = waits.compactMap(\.self).max() { return wait }
        guard underWay < Self.atOnce else { return 1 }
        if let origin {
            guard underWayByAddress[origin, default: 0] < Self.atOnceByAddress else { return 1 }
            underWayByAddress[origin, default: 0] += 1
        }
        underWay += 1
        return nil
    }

    /// - Parameter wasRight: nil where it could not be checked, which is not held against anybody.
    mutating func finish(_ name: String, from origin: String? = nil, wasRight: Bool?, at now: Date) {
        underWay -= 1
        if let origin {
            let left = underWayByAddress[origin, default: 0] - 1
            underWayByAddress[origin] = left > 0 ? left : nil
        }
        guard let wasRight else { return }
        guard !wasRight else {
            // Not the address: whoever has an account could try all other names in between.
            pairTries.forget(Self.pair(name, origin))
            nameTries.forget(name)
            return
        }
        pairTries.wasWrong(Self.pair(name, origin), at: now)
        nameTries.wasWrong(name, at: now)
        if let origin { addressTries.wasWrong(origin, at: now) }
    }

    /// No name has a space in it.
    private static func pair(_ name: String, _ origin: String?) -> String { "\(name) \(origin ?? "")" }
}
