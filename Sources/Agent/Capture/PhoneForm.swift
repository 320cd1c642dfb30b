/// Hears a telephone number, in as many pieces as it is said in.
struct PhoneForm: CaptureForm {
    private let region: SpokenRegion
    private let length: ClosedRange<Int>
    private var digits = ""

    init(region: SpokenRegion, length: ClosedRange<Int> = 7...15) {
        (self.region, self.length) = (region, length)
    }

    var isEmpty: Bool { digits.isEmpty }

    var expectation: (kind: Expectation.Kind, longestKeys: Int?) { (.digits, length.upperBound) }

    var question: String? {
        guard digits.count < length.lowerBound else { return nil }
        return isEmpty ? "" : "I have \(SpokenForms.digits(digits)). What comes after that?"
    }

    var readBack: String { "That is \(SpokenForms.digits(digits)). Is that right?" }

    var value: JSONValue { .string(digits) }

    mutating func take(_ words: [String], isReadBack: Bool) -> CaptureHearing {
        let (kept, refused) = CaptureWords.correction(words, length: CaptureWords.figureLength)
        let said = Self.digits(in: kept)
        guard !said.isEmpty else { return .nothing }
        if let wrong = refused.first.map(Self.digits(in:)), !wrong.isEmpty {
            guard let place = digits.firstRange(of: wrong) else { return .nothing }
            return take(digits.replacingCharacters(in: place, with: said), isNew: true)
        }
        return take(said, isNew: said.count >= length.lowerBound || digits.count >= length.lowerBound && said.count > 4)
    }

    mutating func take(keys: String) -> CaptureHearing {
        let said = keys.filter(\.isNumber)
        return said.isEmpty ? .nothing : take(said, isNew: said.count >= length.lowerBound || question == nil)
    }

    mutating func forget(named words: [String]) { digits = "" }

    private mutating func take(_ said: String, isNew: Bool) -> CaptureHearing {
        let whole = isNew ? said : digits + said
        guard whole.count <= length.upperBound else {
            digits = ""
            return .invalid("That is more than a phone number has.")
        }
        digits = whole
        return .understood
    }

    static func digits(in words: [String]) -> String {
        var digits = ""
        var index = 0
        while index < words.count {
            if let match = DigitGrammar(words: words).match(at: index) {
                digits += match.digits
                index += match.length
            } else {
                index += 1
            }
        }
        return digits
    }
}

extension String {
    fileprivate func replacingCharacters(in range: Range<Index>, with text: String) -> String {
        self[..<range.lowerBound] + text + self[range.upperBound...]
    }
}
