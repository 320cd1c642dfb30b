/// Hears a postal address: its parts in any order, over several turns.
struct AddressForm: CaptureForm {
    private let required: [CaptureBlock.Part]
    private let region: SpokenRegion
    private var parts: [CaptureBlock.Part: String] = [:]

    init(required: [CaptureBlock.Part], region: SpokenRegion) { (self.required, self.region) = (required, region) }

    var isEmpty: Bool { parts.isEmpty }

    var expectation: (kind: Expectation.Kind, longestKeys: Int?) {
        missing == .postcode && region == .us ? (.digits, 5) : (.open, nil)
    }

    private var missing: CaptureBlock.Part? { required.first { parts[$0] == nil } }

    var question: String? {
        guard let missing else { return nil }
        guard !parts.isEmpty else { return "" }
        let have = CaptureBlock.addressParts.filter { parts[$0] != nil }.map { "the \(name($0))" }
        return "I have \(SpokenForms.list(have, conjunction: "and")), and \(question(for: missing))"
    }

    private func name(_ part: CaptureBlock.Part) -> String {
        switch part {
        case .house: "house number"
        case .unit: parts[.unit]?.split(separator: " ").first.map { $0.lowercased() } ?? "apartment"
        case .region: region == .us ? "state" : "county"
        case .postcode: region == .us ? "zip code" : "postcode"
        default: part.rawValue
        }
    }

    private func question(for part: CaptureBlock.Part) -> String {
        part == .house ? "what is the house number?" : "which \(name(part))?"
    }

    var readBack: String { "That is \(spoken). Is that right?" }

    /// In the order of an envelope, with figures that an ear can check.
    private var spoken: String {
        var pieces: [String] = []
        let street = [parts[.house].map(Self.figures), parts[.street]].compactMap(\.self)
        if !street.isEmpty { pieces.append(street.joined(separator: " ")) }
        if let unit = parts[.unit] {
            let halves = unit.split(separator: " ")
            pieces.append("\(halves.first?.lowercased() ?? "") \(Self.figures(String(halves.last ?? "")))")
        }
        pieces += [parts[.town], parts[.region]].compactMap(\.self)
        if let code = parts[.postcode] { pieces.append(CaptureWords.spell(code.filter { $0 != " " && $0 != "-" })) }
        return pieces.joined(separator: ", ")
    }

    private static func figures(_ text: String) -> String {
        let digits = text.prefix { $0.isNumber }
        let letters = text.dropFirst(digits.count).map { " \($0)" }.joined()
        guard let value = Int(digits) else { return text }
        return (digits.count <= 2 ? NumberWords.speak(value) : NumberWords.speakDigits(String(digits))) + letters
    }

    var value: JSONValue {
        var members: [String: JSONValue] = [:]
        for (part, text) in parts { members[part.rawValue] = .string(text) }
        members["line"] = .string(line)
        return .object(members)
    }

    /// As it is written: "12 Elm Street, Apartment 4, Springfield, Illinois 62704".
    private var line: String {
        let street = [parts[.house], parts[.street]].compactMap(\.self).joined(separator: " ")
        let area = [parts[.region], parts[.postcode]].compactMap(\.self).joined(separator: " ")
        return [street, parts[.unit] ?? "", parts[.town] ?? "", area].filter { !$0.isEmpty }.joined(separator: ", ")
    }

    mutating func take(_ words: [String], isReadBack: Bool) -> CaptureHearing {
        let (kept, refused) = CaptureWords.correction(words, length: Self.refusedLength)
        for wrong in refused { if let hearing = replace(wrong, by: kept) { return hearing } }
        let found = AddressGrammar(words: kept, region: region, asked: missing, isBegun: !parts.isEmpty).parts()
        let known = parts
        parts.merge(found.parts) { _, new in new }
        // What was known already is no answer.
        guard parts != known else { return .nothing }
        return found.isGuess ? .guessed : .understood
    }

    /// A figure; a street with its kind; of two names the first.
    private static func refusedLength(_ words: [String], _ start: Int) -> Int {
        guard start < words.count, DigitGrammar(words: words).match(at: start) == nil else {
            return CaptureWords.figureLength(words, start)
        }
        let rest = words[start...].prefix { $0 != "but" && $0 != "it's" }
        if let kind = rest.firstIndex(where: AddressGrammar.streetKinds.contains) { return kind + 1 - start }
        return rest.endIndex == words.count ? max(1, rest.count / 2) : rest.count
    }

    /// "Not fifteen, fifty", "not Elm, Oak": in the part that holds what was refused.
    private mutating func replace(_ wrong: [String], by right: [String]) -> CaptureHearing? {
        let (wrongNumber, rightNumber) = (PhoneForm.digits(in: wrong), PhoneForm.digits(in: right))
        if !wrongNumber.isEmpty, !rightNumber.isEmpty {
            for part in [CaptureBlock.Part.house, .unit, .postcode] {
                guard let text = parts[part], let place = text.firstRange(of: wrongNumber) else { continue }
                parts[part] = text[..<place.lowerBound] + rightNumber + text[place.upperBound...]
                return .understood
            }
        }
        let old = AddressGrammar.named(wrong)
        let new = AddressGrammar.named(right.filter { !CaptureWords.fillers.contains($0) })
        guard !old.isEmpty, !new.isEmpty else { return nil }
        for part in [CaptureBlock.Part.street, .town, .region] {
            guard let text = parts[part], let place = text.firstRange(of: old) else { continue }
            parts[part] =
                new.split(separator: " ").count > 1 && part == .street
                    && AddressGrammar.streetKinds.contains(right.last ?? "")
                ? new : text[..<place.lowerBound] + new + text[place.upperBound...]
            return .understood
        }
        return nil
    }

    mutating func take(keys: String) -> CaptureHearing {
        guard missing == .postcode, region == .us else { return .nothing }
        guard keys.count == 5 else { return .invalid("A zip code has five digits.") }
        parts[.postcode] = keys
        return .understood
    }

    mutating func forget(named words: [String]) {
        let names: [(String, CaptureBlock.Part)] = [
            ("house", .house), ("number", .house), ("street", .street), ("road", .street), ("town", .town),
            ("city", .town),
            ("state", .region), ("county", .region), ("postcode", .postcode), ("zip", .postcode), ("postal", .postcode),
            ("apartment", .unit), ("flat", .unit), ("unit", .unit),
        ]
        let named = names.filter { words.contains($0.0) }.map(\.1)
        if named.isEmpty { parts = [:] }
        for part in named { parts[part] = nil }
    }
}
