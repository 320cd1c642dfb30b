import Foundation
import Telephony

extension ValueKind where Value == Decimal {
    /// An amount of money.
    static var price: Self {
        ValueKind(
            type: "price", range: "0 ... 999999999, with a point and 9 decimal places at most",
            parse: { text in
                guard text.wholeMatch(of: /[0-9]{1,9}(\.[0-9]{1,9})?/) != nil else { return nil }
                return Decimal(string: text, locale: Locale(identifier: "en_US_POSIX"))
            },
            format: { "\($0)" })
    }
}

extension ValueKind where Value == String {
    static var currency: Self {
        .text("three capital letters, as ISO 4217 has them") { $0.wholeMatch(of: /[A-Z]{3}/) != nil }
    }

    /// A carrier's name, as calls have it.
    static var carrier: Self {
        .text(MediaDialects.all.map(\.name).joined(separator: " | ")) { MediaDialects.named($0) != nil }
    }

    /// As ``ValueKind/price``, where texts are read.
    static var priceText: Self {
        let price = ValueKind<Decimal>.price
        return ValueKind(
            type: price.type, range: price.range, parse: { price.parse($0) == nil ? nil : $0 }, format: { $0 })
    }
}
