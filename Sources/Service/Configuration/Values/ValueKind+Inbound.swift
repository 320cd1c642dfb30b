import Campaigns
import Foundation

extension ValueKind where Value == [String] {
    /// - Parameter orNone: whether there may be no item at all.
    private static func list(
        _ range: String, orNone: Bool = false, _ isAllowed: @escaping @Sendable (String) -> Bool
    ) -> Self {
        ValueKind(
            type: "list", range: range + ", with commas between",
            parse: { text in
                if orNone, text.isEmpty { return [] }
                let items = text.split(separator: ",", omittingEmptySubsequences: false)
                    .map { $0.trimmingCharacters(in: .whitespaces) }
                return items.allSatisfy(isAllowed) ? items : nil
            },
            format: { $0.joined(separator: ", ") }, isList: true)
    }

    /// Called numbers.
    static func calledNumbers(orNone: Bool = false) -> Self {
        list("+ and 7 to 15 digits, or a sip: address", orNone: orNone) { ValueKind<String>.telephone.parse($0) != nil }
    }

    /// Callers, or how their numbers begin.
    static var callers: Self {
        list("+ and 7 to 15 digits, or + and 1 to 14 digits and * for all numbers that begin so") { text in
            guard text.hasPrefix("+"), text.hasSuffix("*") else {
                return ValueKind<String>.telephone.parse(text) != nil
            }
            let digits = text.dropFirst().dropLast()
            return (1...14).contains(digits.count) && digits.allSatisfy { $0.isASCII && $0.isNumber }
        }
    }

    /// Regions of `holidays.csv`.
    static var regions: Self {
        list("regions such as US or DE-BY", orNone: true) { text in
            (2...8).contains(text.count)
                && text.allSatisfy { $0.isASCII && ($0.isUppercase || $0.isNumber || $0 == "-") }
        }
    }
}

extension ValueKind where Value == OpeningHours {
    static var openingHours: Self {
        ValueKind(
            type: "hours", range: "days and times such as mon-fri 09:00-12:00 13:00-17:00, sat 10:00-14:00",
            parse: { OpeningHours($0) }, format: { $0.description }, isList: true)
    }
}

extension ValueKind where Value == ClosedDays {
    static var closedDays: Self {
        ValueKind(
            type: "list", range: "days YYYY-MM-DD, or MM-DD for every year, with commas between",
            parse: { text in
                ClosedDays(
                    text.split(separator: ",", omittingEmptySubsequences: false)
                        .map { $0.trimmingCharacters(in: .whitespaces) })
            },
            format: { $0.texts.joined(separator: ", ") }, isList: true)
    }
}

extension ValueKind where Value == String {
    /// A language as carriers call it.
    static var languageTag: Self {
        .text("a language such as en-US, de-DE or es") { text in
            (2...12).contains(text.count) && text.first?.isLetter == true
                && text.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-") }
        }
    }
}
