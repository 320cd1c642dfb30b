/// Text with values in it: "{date|weekday} at {time}".
package struct Template: Sendable, Hashable {
    /// How a value is said.
    package enum Filter: String, Sendable, CaseIterable {
        /// By its look: a date as a date, a time as a time, a list with "or".
        case spoken
        case date, weekday, time, digits, number, raw
        /// A date with its year.
        case fullDate = "full_date"
        /// A list with "and".
        case all
        /// How many.
        case count
    }

    package struct Reference: Sendable, Hashable {
        /// `booked.date` as `["booked", "date"]`.
        package var path: [String]
        package var filter: Filter
    }

    enum Segment: Sendable, Hashable {
        case text(String)
        case reference(Reference)
    }

    /// Why a text is no template.
    struct Fault: Error {
        /// Unicode scalars from the beginning.
        var offset: Int
        var reason: String
    }

    let segments: [Segment]
    let source: String

    init(_ source: String) throws(Fault) {
        var segments: [Segment] = []
        var text = ""
        var rest = source[...]
        while let character = rest.popFirst() {
            let offset = source.unicodeScalars.distance(from: source.startIndex, to: rest.startIndex) - 1
            if character == "}" {
                throw Fault(offset: offset, reason: "a } without {; write {name} to insert a value")
            }
            guard character == "{" else {
                text.append(character)
                continue
            }
            guard let end = rest.firstIndex(of: "}") else {
                throw Fault(offset: offset, reason: "a { without }; write {name} to insert a value")
            }
            let parts = rest[..<end].split(separator: "|", omittingEmptySubsequences: false).map(String.init)
            let path = parts[0].split(separator: ".", omittingEmptySubsequences: false).map(String.init)
            guard parts.count <= 2, path.allSatisfy({ !$0.isEmpty && $0.allSatisfy(\.isNamePart) }) else {
                throw Fault(
                    offset: offset,
                    reason: "{\(rest[..<end])} is no value; write {name}, {name.member} or {name|filter}")
            }
            let filter = parts.count == 2 ? Filter(rawValue: parts[1]) : .spoken
            guard let filter else {
                let known = Filter.allCases.map(\.rawValue).joined(separator: ", ")
                throw Fault(offset: offset, reason: "unknown filter \(parts[1]); known are: \(known)")
            }
            if !text.isEmpty { segments.append(.text(text)) }
            text = ""
            segments.append(.reference(Reference(path: path, filter: filter)))
            rest = rest[rest.index(after: end)...]
        }
        if !text.isEmpty { segments.append(.text(text)) }
        self.segments = segments
        self.source = source
    }

    /// Text without values.
    init(plain text: String) {
        segments = [.text(text)]
        source = text
    }

    var references: [Reference] {
        segments.compactMap { if case .reference(let reference) = $0 { reference } else { nil } }
    }

    /// The text with each value said as its filter asks; a value that is not known is left out.
    ///
    /// - Parameter language: in which values are said.
    func render(in language: SpokenLanguage = .english, _ value: (_ path: [String]) -> JSONValue?) -> String {
        segments.map { segment in
            switch segment {
            case .text(let text): text
            case .reference(let reference):
                Self.speak(value(reference.path) ?? .null, as: reference.filter, in: language)
            }
        }.joined()
    }

    /// For arguments of tools: the value itself when the template is nothing but one, else the text with raw values.
    func argument(_ value: (_ path: [String]) -> JSONValue?) -> JSONValue {
        if segments.count == 1, case .reference(let reference) = segments[0] {
            return value(reference.path) ?? .null
        }
        return .string(
            segments.map { segment in
                switch segment {
                case .text(let text): text
                case .reference(let reference): Self.speak(value(reference.path) ?? .null, as: .raw)
                }
            }.joined())
    }

    static func speak(_ value: JSONValue, as filter: Filter, in language: SpokenLanguage = .english) -> String {
        switch filter {
        case .count: return language.number(value.array?.count ?? value.object?.count ?? 0)
        case .all, .spoken:
            if let elements = value.array {
                let spoken = elements.map { speak($0, as: .spoken, in: language) }
                return language.list(spoken, isChoice: filter != .all)
            }
        default: break
        }
        switch value {
        case .null: return ""
        case .bool(let truth): return language.truth(truth)
        case .integer(let number): return filter == .raw ? String(number) : language.number(number)
        case .number(let number): return filter == .raw ? JSONValue.number(number).text : language.number(number)
        case .string(let text): return speak(text, as: filter, in: language)
        case .array: return value.text
        // What a capture block makes of several parts can be said in one piece.
        case .object(let members): return members["line"]?.string ?? value.text
        }
    }

    private static func speak(_ text: String, as filter: Filter, in language: SpokenLanguage) -> String {
        if filter == .raw { return text }
        if filter == .digits { return language.digits(text) }
        if let date = CivilDate(iso: text) {
            switch filter {
            case .weekday: return language.weekday(date)
            case .fullDate: return language.fullDate(date)
            default: return language.date(date)
            }
        }
        if let time = ClockTime(text: text) { return language.time(time) }
        if filter == .number, let number = Double(text) { return language.number(number) }
        if text.count >= 5, text.allSatisfy(\.isNumber) { return language.digits(text) }
        return text
    }
}

extension Character {
    var isNamePart: Bool { isLetter || isNumber || self == "_" }
}
