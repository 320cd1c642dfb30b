/// A line of a scenario: words with pauses, `i'd like [pause 1.2] an appointment`, and a machine's `[beep]`.
enum SpokenLine {
    enum Part: Equatable {
        case words(String)
        case pause(Duration)
        case beep
    }

    enum Parsed: Equatable {
        case parts([Part])
        case fault(String)
    }

    static func parts(of text: String) -> Parsed {
        var parts: [Part] = []
        var rest = Substring(text)
        while let open = rest.firstIndex(of: "[") {
            let words = rest[..<open].trimmed
            if !words.isEmpty { parts.append(.words(words)) }
            guard let close = rest[open...].firstIndex(of: "]") else { return .fault("has a `[` without a `]`") }
            let inside = rest[rest.index(after: open)..<close].split(separator: " ")
            if inside == ["beep"] {
                parts.append(.beep)
                rest = rest[rest.index(after: close)...]
                continue
            }
            guard inside.count == 2, inside[0] == "pause", let seconds = Double(inside[1]),
                (0.05...30).contains(seconds)
            else {
                return .fault(
                    "has [\(inside.joined(separator: " "))]; only [pause SECONDS], 0.05 to 30, and [beep] are known")
            }
            parts.append(.pause(.milliseconds(Int64(seconds * 1000))))
            rest = rest[rest.index(after: close)...]
        }
        let words = rest.trimmed
        if !words.isEmpty { parts.append(.words(words)) }
        guard parts.contains(where: { if case .words = $0 { true } else { false } }) else {
            return .fault("holds no words")
        }
        return .parts(parts)
    }
}

extension Substring {
    fileprivate var trimmed: String { split(separator: " ").joined(separator: " ") }
}
