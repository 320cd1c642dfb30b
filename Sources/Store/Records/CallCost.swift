package import Foundation

/// What a call used of others, and what that costs by the operator's own prices. Amounts are decimal: as text in JSON, never a
/// binary fraction.
package struct CallCost: Sendable, Equatable, Codable {
    /// So much of one thing of one vendor.
    package struct Item: Sendable, Equatable, Codable {
        /// The provider's name in the configuration, or the carrier's.
        package var provider: String
        /// `audio_ms`, `characters`, `input_tokens` …
        package var unit: String
        package var quantity: Int
        /// Nil where there is no price for it.
        @DecimalText package var amount: Decimal?

        package init(provider: String, unit: String, quantity: Int, amount: Decimal? = nil) {
            self.provider = provider
            self.unit = unit
            self.quantity = quantity
            self.amount = amount
        }
    }

    /// ISO 4217; nil where no prices are given.
    package var currency: String?
    package var items: [Item]
    /// Of the items that have a price; nil where none has.
    @DecimalText package private(set) var total: Decimal?

    package init(currency: String?, items: [Item]) {
        self.currency = currency
        self.items = items
        let amounts = items.compactMap(\.amount)
        total = amounts.isEmpty ? nil : amounts.reduce(0, +)
    }
}

/// A decimal number that is text in JSON.
@propertyWrapper
package struct DecimalText: Sendable, Equatable, Codable {
    package var wrappedValue: Decimal?

    package init(wrappedValue: Decimal?) { self.wrappedValue = wrappedValue }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        guard !container.decodeNil() else {
            wrappedValue = nil
            return
        }
        let text = try container.decode(String.self)
        guard let value = Decimal(string: text, locale: Locale(identifier: "en_US_POSIX")) else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "\"\(text)\" is no number")
        }
        wrappedValue = value
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        if let wrappedValue { try container.encode("\(wrappedValue)") } else { try container.encodeNil() }
    }
}

extension KeyedDecodingContainer {
    /// An amount that is not there is none.
    package func decode(_ type: DecimalText.Type, forKey key: Key) throws -> DecimalText {
        try decodeIfPresent(type, forKey: key) ?? DecimalText(wrappedValue: nil)
    }
}

extension KeyedEncodingContainer {
    /// No amount is not written.
    package mutating func encode(_ value: DecimalText, forKey key: Key) throws {
        if value.wrappedValue != nil { try encodeIfPresent(value, forKey: key) }
    }
}
