/// Hears a payment card: its number in groups, spoken or typed, its expiry and its security code.
///
/// Of all that it knows, it says the last four digits alone.
struct CardForm: CaptureForm {
    private let required: [CaptureBlock.Part]
    private let today: CivilDate
    private var number = ""
    /// The first day of the month in which it expires.
    private var expiry: CivilDate?
    private var code = ""

    init(required: [CaptureBlock.Part], today: CivilDate) { (self.required, self.today) = (required, today) }

    private static let expiryWords: Set<String> = [
        "expires", "expire", "expiry", "expiring", "expiration", "valid", "until", "through", "thru",
    ]
    private static let codeWords: Set<String> = ["security", "code", "cvc", "cvv", "verification"]
    /// No card is issued for longer.
    private static let longestValidity = 20

    private var isNumberWhole: Bool {
        guard let scheme = CardNumber.scheme(of: number) else { return false }
        return scheme.lengths.contains(number.count) && Luhn.holds(number)
    }

    private var missing: CaptureBlock.Part? {
        if !isNumberWhole { return .number }
        if required.contains(.expiry), expiry == nil { return .expiry }
        if required.contains(.securityCode), code.isEmpty { return .securityCode }
        return nil
    }

    private var securityDigits: Int { CardNumber.scheme(of: number)?.securityDigits ?? 3 }

    var isEmpty: Bool { number.isEmpty }

    var expectation: (kind: Expectation.Kind, longestKeys: Int?) {
        switch missing {
        case .expiry: (.digits, 4)
        case .securityCode: (.digits, securityDigits)
        default: (.digits, 19)
        }
    }

    var question: String? {
        switch missing {
        case nil: nil
        case .expiry: "Thank you. And when does it expire?"
        case .securityCode:
            "And the security code? These are the \(NumberWords.speak(securityDigits)) digits on the \(securityDigits == 4 ? "front" : "back")."
        default: number.isEmpty ? "" : "Yes, go on, please."
        }
    }

    private var lastFour: String { String(number.suffix(4)) }

    private var line: String { "card ending in \(NumberWords.speakDigits(lastFour))" }

    var readBack: String {
        "That is the \(CardNumber.scheme(of: number)?.name ?? "") \(line). Is that right?"
    }

    var value: JSONValue {
        [
            "line": .string(line), "last_four": .string(lastFour),
            "scheme": .string(CardNumber.scheme(of: number)?.name ?? ""),
        ]
    }

    var secret: JSONValue? {
        var members: [String: JSONValue] = ["number": .string(number)]
        if let expiry { members["expiry"] = .string(String(expiry.description.prefix(7))) }
        if !code.isEmpty { members["security_code"] = .string(code) }
        return .object(members)
    }

    mutating func take(_ words: [String], isReadBack: Bool) -> CaptureHearing {
        var hearing = CaptureHearing.nothing
        let codeStart = words.firstIndex(where: Self.codeWords.contains) ?? words.endIndex
        let expiryStart = words[..<codeStart].firstIndex(where: Self.expiryWords.contains) ?? codeStart
        var head = Array(words[..<expiryStart])
        var tail = Array(words[expiryStart..<codeStart])
        var end = Array(words[codeStart...])
        // "No, June twenty eight": a month and a figure are the expiry.
        if tail.isEmpty, let month = head.firstIndex(where: DateGrammar.months.contains) {
            (head, tail) = (Array(head[..<month]), Array(head[month...]))
        }
        // Without a word for it, an answer is to what was asked.
        if tail.isEmpty, end.isEmpty {
            switch missing {
            case .expiry: (head, tail) = ([], head)
            case .securityCode: (head, end) = ([], head)
            default: break
            }
        }
        let digits = PhoneForm.digits(in: head)
        // A whole number is not thrown away for a digit or two.
        if digits.count >= 4 || !digits.isEmpty && !isNumberWhole {
            hearing = take(number: digits)
            guard hearing == .understood else { return hearing }
        }
        if !tail.isEmpty, let result = take(expiry: tail) {
            hearing = result
            guard hearing == .understood else { return hearing }
        }
        let spokenCode = PhoneForm.digits(in: end)
        return spokenCode.isEmpty ? hearing : take(code: spokenCode)
    }

    mutating func take(keys: String) -> CaptureHearing {
        let digits = keys.filter(\.isNumber)
        guard !digits.isEmpty else { return .nothing }
        switch missing {
        case .expiry:
            guard digits.count == 4, let month = Int(digits.prefix(2)), let year = Int(digits.suffix(2)) else {
                return .invalid("Please type two digits for the month and two for the year.")
            }
            return take(month: month, year: 2000 + year)
        case .securityCode: return take(code: digits)
        default: return take(number: digits)
        }
    }

    mutating func forget(named words: [String]) {
        if words.contains(where: Self.codeWords.contains) {
            code = ""
        } else if words.contains(where: Self.expiryWords.contains) || words.contains("date") {
            expiry = nil
        } else {
            (number, expiry, code) = ("", nil, "")
        }
    }

    mutating func forgetAfterUse() { code = "" }

    private mutating func take(number digits: String) -> CaptureHearing {
        // A whole number stands for itself; a group follows what is there.
        let isAnew = isNumberWhole || CardNumber.scheme(of: digits)?.lengths.contains(digits.count) == true
        let whole = isAnew ? digits : number + digits
        guard whole.count < 4 || CardNumber.scheme(of: whole) != nil else {
            number = ""
            return .invalid("No card's number begins like that.")
        }
        let longest = CardNumber.scheme(of: whole)?.lengths.upperBound ?? 19
        if whole.count > longest || whole.count == longest && !Luhn.holds(whole) {
            number = ""
            return .invalid(
                whole.count > longest
                    ? "That is more digits than such a card has." : "One of these digits cannot be right.")
        }
        number = whole
        return .understood
    }

    private mutating func take(code digits: String) -> CaptureHearing {
        guard digits.count == securityDigits else {
            return .invalid("The security code of this card has \(NumberWords.speak(securityDigits)) digits.")
        }
        code = digits
        return .understood
    }

    /// "May twenty twenty seven", "oh five twenty seven", "one oh two seven", "five slash twenty twenty seven": a month by its
    /// name, or all digits in a row, of which the year has two or four.
    private mutating func take(expiry words: [String]) -> CaptureHearing? {
        var month: Int?
        var digits = ""
        var index = 0
        while index < words.count {
            if let named = DateGrammar.months.firstIndex(of: words[index]), month == nil {
                (month, digits) = (named + 1, "")
                index += 1
            } else if let day = NumberWords.ordinal(words, at: index) {
                index += day.length
            } else if words[index] == "oh" || words[index] == "o" {
                digits += "0"
                index += 1
            } else if index + 1 < words.count, words[index + 1] == "thousand",
                let year = NumberWords.cardinal(words, at: index)
            {
                digits += String(year.value)
                index += year.length
            } else if let number = NumberWords.belowHundred(words, at: index) {
                digits += String(number.value)
                index += number.length
            } else {
                index += 1
            }
        }
        if let month {
            guard digits.count == 2 || digits.count == 4 else { return .nothing }
            return take(month: month, year: Self.year(digits))
        }
        guard !digits.isEmpty else { return nil }
        guard (3...6).contains(digits.count) else { return .nothing }
        let year = digits.suffix(digits.count <= 4 ? 2 : 4)
        return take(month: Int(digits.dropLast(year.count)) ?? 0, year: Self.year(year))
    }

    private static func year(_ digits: some StringProtocol) -> Int {
        (Int(digits) ?? 0) + (digits.count == 2 ? 2000 : 0)
    }

    private mutating func take(month: Int, year: Int) -> CaptureHearing {
        guard (1...12).contains(month), let day = CivilDate(year: year, month: month, day: 1) else {
            return .invalid("There is no such month.")
        }
        guard (year, month) >= (today.year, today.month) else {
            return .invalid("A card that was valid until then has expired.")
        }
        guard year <= today.year + Self.longestValidity else { return .invalid("No card is valid for that long.") }
        expiry = day
        return .understood
    }
}
