/// Keys that belong together: until a terminator, a length or a pause. A value; time is an argument.
package struct KeyGroup: Sendable, Equatable {
    package struct Rules: Sendable, Equatable {
        /// Ends a number and is no part of it.
        package var terminator: Character? = "#"
        /// A number of this many keys is complete; nil waits for terminator or pause.
        package var length: Int?
        /// The pause after a key that ends a number, in samples at 8 kHz.
        package var pause: Int
        /// Whether keys are gathered; otherwise each is complete by itself.
        package var gathers: Bool

        package init(terminator: Character? = "#", length: Int? = nil, pause: Int, gathers: Bool) {
            self.terminator = terminator
            self.length = length
            self.pause = pause
            self.gathers = gathers
        }
    }

    package enum Outcome: Sendable, Equatable {
        /// These keys are an answer; empty when only the terminator was pressed.
        case complete(String)
        /// More may come, until this position.
        case waiting(until: Int)
    }

    /// More keys than this are complete whatever the rules say.
    package static let limit = 64

    package private(set) var keys = ""

    package init() {}

    package mutating func press(_ key: Character, at position: Int, _ rules: Rules) -> Outcome {
        if key == rules.terminator { return .complete(take()) }
        keys.append(key)
        guard rules.gathers, keys.count < min(rules.length ?? .max, Self.limit) else { return .complete(take()) }
        return .waiting(until: position + rules.pause)
    }

    /// The pause has passed.
    package mutating func take() -> String {
        defer { keys = "" }
        return keys
    }
}
