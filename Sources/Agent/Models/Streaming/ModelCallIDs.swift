/// The ids of tool calls as one request writes them.
///
/// Ids of other providers, or ours, may come twice in a conversation or hold characters that a provider refuses. Such a
/// one gets a new name, the same in every later request, because messages are only appended.
struct ModelCallIDs: Sendable {
    private var used: Set<String> = []
    private var current: [String: (wire: String, name: String)] = [:]

    /// Notes a call and returns its id on the wire.
    mutating func open(_ call: ModelToolCall) -> String {
        var wire = call.id
        var number = used.count + 1
        while used.contains(wire) || !Self.isPlain(wire) {
            wire = "call_n\(number)"
            number += 1
        }
        used.insert(wire)
        current[call.id] = (wire, call.name)
        return wire
    }

    /// The latest call with this id: its id on the wire, and the tool's name.
    func call(_ id: String) -> (wire: String, name: String)? { current[id] }

    private static func isPlain(_ id: String) -> Bool {
        (1...64).contains(id.utf8.count)
            && id.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"):
                    true
                default: false
                }
            }
    }
}
