import Foundation

/// JSON as the API speaks it: dates in ISO 8601, keys sorted so that equal values are equal text, one line.
enum APIJSON {
    static var encoder: JSONEncoder {
        let encoder = JSONEncoder()
        encoder.dateEncodingStrategy = .iso8601
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return encoder
    }

    static func encode(_ value: some Encodable) -> Data {
        // What is encoded here are our own plain values; the only one JSON cannot hold is a number that is none.
        (try? encoder.encode(value)) ?? Data("null".utf8)
    }
}
