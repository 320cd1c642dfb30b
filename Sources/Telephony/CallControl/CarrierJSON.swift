import Foundation

/// JSON as carriers take and give it.
package enum CarrierJSON {
    static func bytes(_ value: some Encodable) -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        // Texts, numbers and lists of them always encode.
        return (try? encoder.encode(value)).map(Array.init) ?? []
    }

    static func value<Value: Decodable>(_ type: Value.Type, in body: [UInt8]) -> Value? {
        try? JSONDecoder().decode(type, from: Data(body))
    }
}
