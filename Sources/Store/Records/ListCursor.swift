package import Foundation

/// A place in a list that is told in pages. Opaque to whoever carries it from page to page.
package struct ListCursor: Sendable, Equatable, LosslessStringConvertible {
    /// What the list is in order by: milliseconds since 1970, a number, or zero where it is the id alone.
    let number: Int
    /// Tells apart what has the same number.
    let id: String

    package init(number: Int = 0, id: String) {
        self.number = number
        self.id = id
    }

    package init(at moment: Date, id: String) { self.init(number: moment.storedMilliseconds, id: id) }

    /// Reads what ``description`` wrote; `nil` for anything else.
    package init?(_ description: String) {
        let parts = description.split(separator: "~", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2, let number = Int(parts[0]), (1...200).contains(parts[1].utf8.count),
            parts[1].utf8.allSatisfy({ (0x21...0x7E).contains($0) })
        else { return nil }
        self.init(number: number, id: String(parts[1]))
    }

    package var description: String { "\(number)~\(id)" }

    /// Before all that is in order from the largest number down, and of one number by id.
    static let newest = ListCursor(number: .max, id: "")
    /// Before all that is in order from the smallest number up.
    static let oldest = ListCursor(number: .min, id: "")

    /// How many of a list are given at one time: a page, and one more that tells whether another follows.
    static func most(_ limit: Int) -> Int { min(max(limit, 1), 1001) }
}
