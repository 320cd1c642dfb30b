/// Which of our numbers a callee sees: one of their own area, else of their own country; of those that are as near, the one
/// that has called least. People answer numbers from around the corner sooner. Pure.
///
/// Only numbers of the campaign are ever shown: they are registered with the carrier, and whoever calls back reaches us.
package struct LocalPresence: Sendable {
    /// Larger is nearer.
    private struct Nearness: Comparable {
        /// 2 for the same area, 1 for the same country.
        var level = 0
        /// Digits in common within a country.
        var digits = 0

        static func < (a: Self, b: Self) -> Bool { (a.level, a.digits) < (b.level, b.digits) }
    }

    private struct Origin: Sendable {
        var e164: String
        /// Nil for a number that is in no plan; it is near to nobody.
        var parsed: PhoneNumber?
    }

    private let origins: [Origin]

    /// - Parameter numbers: E.164.
    package init(_ numbers: [String]) {
        // A number that begins with + needs no country: ZZ is none.
        origins = numbers.map { Origin(e164: $0, parsed: try? PhoneNumber($0, country: "ZZ")) }
    }

    /// - Parameters:
    ///   - callee: nil where the number is not known, or in no plan.
    ///   - limit: calls that a number may have made.
    ///   - calls: how many a number has made.
    /// - Returns: nil when each has made as many as it may.
    package func choose(for callee: PhoneNumber?, limit: Int, calls: (String) -> Int) -> String? {
        var best: (number: String, nearness: Nearness, calls: Int)?
        for origin in origins {
            let made = calls(origin.e164)
            guard made < limit else { continue }
            let nearness = Self.nearness(origin.parsed, callee)
            if let best, (nearness, -made) <= (best.nearness, -best.calls) { continue }
            best = (origin.e164, nearness, made)
        }
        return best?.number
    }

    private static func nearness(_ origin: PhoneNumber?, _ callee: PhoneNumber?) -> Nearness {
        guard let origin, let callee, origin.country == callee.country else { return Nearness() }
        if !origin.areaCode.isEmpty, origin.areaCode == callee.areaCode { return Nearness(level: 2) }
        // In the +1 plan areas whose codes look alike are far from each other; elsewhere a digit more is often a place nearer.
        guard !callee.e164.hasPrefix("+1") else { return Nearness(level: 1) }
        return Nearness(level: 1, digits: zip(origin.e164, callee.e164).prefix { $0 == $1 }.count)
    }
}
