/// A condition of a step: "room.temperature >= target and name is known".
struct FlowCondition: Sendable, Equatable {
    enum Operand: Sendable, Equatable {
        case path([String])
        case literal(JSONValue)
    }

    enum Test: Sendable, Equatable {
        case compare(Operand, Comparison, Operand)
        /// Has a value that is not empty.
        case known(Operand)
        /// Has no value, or an empty one.
        case unknown(Operand)
    }

    enum Comparison: String, Sendable, CaseIterable {
        case equal = "=="
        case notEqual = "!="
        case less = "<"
        case lessOrEqual = "<="
        case greater = ">"
        case greaterOrEqual = ">="
        case among = "in"
    }

    struct Fault: Error {
        var reason: String
    }

    let tests: [Test]

    /// Tests joined by "and": `a == b`, `a < 5`, `a in list.of.tool`, `a is known`, `a is unknown`.
    init(_ source: String) throws(Fault) {
        var tests: [Test] = []
        var current: [String] = []
        for word in source.split(separator: " ").map(String.init) + ["and"] {
            if word != "and" {
                current.append(word)
                continue
            }
            guard current.count == 3 else {
                throw Fault(
                    reason:
                        "\"\(current.joined(separator: " "))\" is no condition; write `a == b` (or != < <= > >= in), `a is known` or `a is unknown`, joined by `and`, with spaces between"
                )
            }
            let left = Self.operand(current[0])
            if current[1] == "is", current[2] == "known" || current[2] == "empty" || current[2] == "unknown" {
                tests.append(current[2] == "known" ? .known(left) : .unknown(left))
            } else if let comparison = Comparison(rawValue: current[1]) {
                tests.append(.compare(left, comparison, Self.operand(current[2])))
            } else {
                let known = Comparison.allCases.map(\.rawValue).joined(separator: " ")
                throw Fault(
                    reason: "unknown comparison \(current[1]); known are: \(known) and `is known`, `is unknown`")
            }
            current = []
        }
        self.tests = tests
    }

    /// The paths it reads.
    var paths: [[String]] {
        tests.flatMap { test -> [Operand] in
            switch test {
            case .compare(let left, _, let right): [left, right]
            case .known(let operand), .unknown(let operand): [operand]
            }
        }.compactMap { if case .path(let path) = $0 { path } else { nil } }
    }

    func holds(_ value: (_ path: [String]) -> JSONValue?) -> Bool {
        func resolve(_ operand: Operand) -> JSONValue {
            switch operand {
            case .path(let path): value(path) ?? .null
            case .literal(let literal): literal
            }
        }
        return tests.allSatisfy { test in
            switch test {
            case .known(let operand): !resolve(operand).isEmpty
            case .unknown(let operand): resolve(operand).isEmpty
            case .compare(let left, let comparison, let right):
                Self.compare(resolve(left), comparison, resolve(right))
            }
        }
    }

    private static func operand(_ word: String) -> Operand {
        if let number = Int(word) { return .literal(.integer(number)) }
        if let number = Double(word) { return .literal(.number(number)) }
        if word == "true" || word == "false" { return .literal(.bool(word == "true")) }
        if word.count >= 2, word.hasPrefix("'"), word.hasSuffix("'") {
            return .literal(.string(String(word.dropFirst().dropLast())))
        }
        return .path(word.split(separator: ".", omittingEmptySubsequences: false).map(String.init))
    }

    private static func compare(_ left: JSONValue, _ comparison: Comparison, _ right: JSONValue) -> Bool {
        switch comparison {
        case .equal: left.isSame(as: right)
        case .notEqual: !left.isSame(as: right)
        case .among: right.array?.contains { $0.isSame(as: left) } ?? false
        case .less: order(left, right).map { $0 < 0 } ?? false
        case .lessOrEqual: order(left, right).map { $0 <= 0 } ?? false
        case .greater: order(left, right).map { $0 > 0 } ?? false
        case .greaterOrEqual: order(left, right).map { $0 >= 0 } ?? false
        }
    }

    /// Numbers by value, texts (so ISO dates and times) by their characters; nil for what has no order.
    private static func order(_ left: JSONValue, _ right: JSONValue) -> Int? {
        if let a = left.double, let b = right.double { return a < b ? -1 : a > b ? 1 : 0 }
        if let a = left.string, let b = right.string { return a < b ? -1 : a > b ? 1 : 0 }
        return nil
    }
}

extension JSONValue {
    /// Equal, where 70 and 70.0 are the same number.
    func isSame(as other: JSONValue) -> Bool {
        if let a = double, let b = other.double { return a == b }
        return self == other
    }

    fileprivate var isEmpty: Bool {
        switch self {
        case .null: true
        case .string(let text): text.isEmpty
        case .array(let elements): elements.isEmpty
        case .object(let members): members.isEmpty
        default: false
        }
    }
}
