/// An act of which nobody knows what came of it, as it was kept for the process that goes on: in place of what was masked in its
/// arguments stands a dot for each digit, or word.
struct MaskedAct: Sendable {
    /// As it stands in what is kept.
    static let dot: Character = "•"

    private let name: String
    private let arguments: JSONValue
    let key: String

    /// Nil where nothing was masked: then the act is known by its arguments.
    init?(_ call: ModelToolCall, key: String) {
        guard let arguments = call.arguments, arguments.text.contains(Self.dot) else { return nil }
        (name, self.arguments, self.key) = (call.name, arguments, key)
    }

    /// Whether it may be this act that is asked for again. Rather one too many is taken for it: an act that was done may not be
    /// done twice.
    func isMet(by call: ModelToolCall) -> Bool {
        guard call.name == name, let asked = call.arguments else { return false }
        return Self.fits(asked, arguments)
    }

    private static func fits(_ asked: JSONValue, _ kept: JSONValue) -> Bool {
        switch (asked, kept) {
        case (.object(let own), .object(let other)):
            return own.count == other.count
                && own.allSatisfy { member in other[member.key].map { fits(member.value, $0) } == true }
        case (.array(let own), .array(let other)):
            return own.count == other.count && zip(own, other).allSatisfy { fits($0, $1) }
        case (.string(let text), .string(let masked)): return fits(Array(text), Array(masked))
        // A number that is masked is kept as a text.
        case (.integer, .string(let masked)), (.number, .string(let masked)):
            return fits(Array(asked.text), Array(masked))
        default: return asked == kept
        }
    }

    /// Whether the text is the masked one, with something in place of every row of dots.
    private static func fits(_ text: [Character], _ masked: [Character]) -> Bool {
        var (position, place) = (0, 0)
        /// The last dot, and how far the text behind it is taken for what it stands for.
        var last: (place: Int, end: Int)?
        while position < text.count {
            if place < masked.count, masked[place] == dot {
                last = (place, position + 1)
                position += 1
                place += 1
            } else if place < masked.count, masked[place] == text[position] {
                position += 1
                place += 1
            } else if let before = last {
                last = (before.place, before.end + 1)
                position = before.end + 1
                place = before.place + 1
            } else {
                return false
            }
        }
        return place == masked.count
    }
}
