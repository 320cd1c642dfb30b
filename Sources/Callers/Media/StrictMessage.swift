import Foundation

/// A message of a service as an object of JSON, of which every field has to be known.
struct StrictMessage {
    private let fields: [String: Any]
    private let place: String

    init(_ message: Span<UInt8>) throws {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(message.count)
        for index in message.indices { bytes.append(message[index]) }
        guard let fields = try? JSONSerialization.jsonObject(with: Data(bytes)) as? [String: Any] else {
            throw CarrierMediaFault("a message is no object of JSON")
        }
        self.init(fields, "a message")
    }

    private init(_ fields: [String: Any], _ place: String) {
        self.fields = fields
        self.place = place
    }

    func allow(only names: Set<String>) throws {
        guard let stranger = fields.keys.sorted().first(where: { !names.contains($0) }) else { return }
        throw CarrierMediaFault("\(place) has a field \"\(stranger)\" that the dialect does not have")
    }

    func text(_ name: String) throws -> String {
        guard let text = fields[name] as? String, !text.isEmpty else {
            throw CarrierMediaFault("\(place) has no \"\(name)\", or it is no text")
        }
        return text
    }

    func number(_ name: String) throws -> Int {
        guard let number = fields[name] as? Int else {
            throw CarrierMediaFault("\(place) has no \"\(name)\", or it is no number")
        }
        return number
    }

    func object(_ name: String) throws -> StrictMessage {
        guard let object = fields[name] as? [String: Any] else {
            throw CarrierMediaFault("\(place) has no \"\(name)\", or it is no object")
        }
        return StrictMessage(object, "\"\(name)\"")
    }

    /// - Parameter least: bytes of 20 ms; 1 for a codec whose packets say their length themselves.
    func audio(_ name: String, least: Int = 160) throws -> [UInt8] {
        guard let audio = Data(base64Encoded: try text(name)) else {
            throw CarrierMediaFault("\"\(name)\" is not base64")
        }
        guard audio.count >= least else { throw CarrierMediaFault("a message holds less than 20 ms of audio") }
        return Array(audio)
    }
}
