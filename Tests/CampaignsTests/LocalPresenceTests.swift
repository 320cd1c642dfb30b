import Foundation
import Testing

@testable import Campaigns

@Suite("The number that a callee sees")
struct LocalPresenceTests {
    private let start = Date(timeIntervalSince1970: 1_800_000_000)

    private func callee(_ number: String) throws -> PhoneNumber { try PhoneNumber(number, country: "US") }

    @Test(
        "is of the callee's area, else of their country, else any",
        arguments: [
            ("+13057365000", "+13057365001"), ("+12127365999", "+12127365001"), ("+493012345678", "+493012345670"),
            ("+4989123456", "+493012345670"),
        ])
    func nearest(number: String, seen: String) throws {
        let presence = LocalPresence(["+442079460018", "+12127365001", "+13057365001", "+493012345670"])
        let chosen = presence.choose(for: try callee(number), limit: 5) { _ in 0 }
        #expect(chosen == seen)
    }

    @Test("of a country that is none of ours it is the one that has called least; so it is where nothing is known")
    func anyNumber() throws {
        let presence = LocalPresence(["+442079460018", "+12127365001"])
        let calls = ["+442079460018": 3, "+12127365001": 2]
        let german = presence.choose(for: try callee("+493012345678"), limit: 5) { calls[$0] ?? 0 }
        #expect(german == "+12127365001")
        let unknown = presence.choose(for: nil, limit: 5) { calls[$0] ?? 0 }
        #expect(unknown == "+12127365001")
    }

    @Test("area codes are the numbering plan's: three digits in New York, none of a mobile number in Germany")
    func areaCodes() throws {
        #expect(try callee("+12127365000").areaCode == "212")
        #expect(try callee("+493012345678").areaCode == "30")
        #expect(try callee("+4915112345678").areaCode == "")
        #expect(try callee("+18002255288").areaCode == "")
    }

    @Test("numbers of the same area take turns, and one that is used up gives way to one that is farther")
    func turns() throws {
        var pool = CallerIDPool(["+12127365001", "+13057365001", "+12127365002"], callsPerDay: 2)
        let callee = try callee("+12127365000")
        var seen: [String] = []
        for call in 0..<8 {
            let now = start + Double(call)
            guard let number = pool.next(now, for: callee) else { break }
            pool.used(number, now)
            seen.append(number)
        }
        #expect(
            seen == [
                "+12127365001", "+12127365002", "+12127365001", "+12127365002", "+13057365001", "+13057365001",
            ])
        #expect(pool.next(start + 86_399, for: callee) == nil)
        #expect(pool.next(start + 86_401, for: callee) == "+12127365001")
    }

    @Test("every callee of an area that we have a number in sees it, within the number's limit")
    func bounded() throws {
        let presence = LocalPresence(["+12127365001", "+13057365001", "+14157365001"])
        var calls: [String: Int] = [:]
        for index in 0..<300 {
            let code = ["212", "305", "415"][index % 3]
            let chosen = presence.choose(for: try callee("+1\(code)736\(1000 + index)"), limit: 100) {
                calls[$0, default: 0]
            }
            let seen = try #require(chosen)
            #expect(seen.hasPrefix("+1\(code)"))
            calls[seen, default: 0] += 1
        }
        #expect(calls.values.allSatisfy { $0 == 100 })
        let none = presence.choose(for: try callee("+12127361000"), limit: 100) { calls[$0, default: 0] }
        #expect(none == nil)
    }
}
