/// Finds the parts of a postal address, in any order, by what marks them: a street by its kind of street, a flat by the word for
/// it, a postcode by its form, a state by its name; a town is what stands where a town stands.
struct AddressGrammar {
    let words: [String]
    let region: SpokenRegion
    /// What was asked for: it decides what words are that nothing marks.
    let asked: CaptureBlock.Part?
    /// Something of the address is known, so that the question was for that part and no other.
    var isBegun = false

    struct Found: Equatable {
        var parts: [CaptureBlock.Part: String] = [:]
        /// A part that nothing but the question for it told.
        var isGuess = false
    }

    static let streetKinds: Set<String> = [
        "street", "road", "avenue", "lane", "drive", "court", "place", "boulevard", "close", "terrace", "square",
        "crescent", "gardens", "highway", "parkway", "row", "mews", "grove", "walk", "circle", "way", "hill", "rise",
        "parade", "alley", "st", "rd", "ave", "blvd", "dr", "ln",
    ]
    private static let spelledKinds = [
        "st": "street", "rd": "road", "ave": "avenue", "blvd": "boulevard", "dr": "drive", "ln": "lane",
    ]
    private static let unitKinds: Set<String> = ["apartment", "apt", "flat", "unit", "suite", "room"]
    private static let directions: Set<String> = ["north", "south", "east", "west"]
    private static let postcodeWords: Set<String> = ["zip", "postcode", "postal", "post"]
    private static let townWords: Set<String> = ["town", "city"]
    private static let fillers = CaptureWords.fillers.union([
        "code", "street's", "house", "number", "state", "county", "called", "to", "for", "from", "a", "an", "no",
        "wrong",
        "with", "then", "also",
    ])
    static let states: [String] = [
        "alabama", "alaska", "arizona", "arkansas", "california", "colorado", "connecticut", "delaware", "florida",
        "georgia", "hawaii", "idaho", "illinois", "indiana", "iowa", "kansas", "kentucky", "louisiana", "maine",
        "maryland", "massachusetts", "michigan", "minnesota", "mississippi", "missouri", "montana", "nebraska",
        "nevada",
        "new hampshire", "new jersey", "new mexico", "new york", "north carolina", "north dakota", "ohio", "oklahoma",
        "oregon", "pennsylvania", "rhode island", "south carolina", "south dakota", "tennessee", "texas", "utah",
        "vermont", "virginia", "washington", "west virginia", "wisconsin", "wyoming", "district of columbia",
    ]

    /// What is in the words; a part that is not there is not named.
    func parts() -> Found {
        var found = Found()
        var used = Set<Int>()
        func take(_ part: CaptureBlock.Part, _ value: String, _ range: Range<Int>) {
            found.parts[part] = value
            used.formUnion(range)
        }
        if let (value, range) = postcode() { take(.postcode, value, range) }
        if let (value, range) = unit(not: used) { take(.unit, value, range) }
        var streetEnd: Int?
        if let street = street(not: used) {
            take(.street, street.name, street.range)
            streetEnd = street.range.upperBound
            if let (value, range) = house(before: street.range.lowerBound, not: used) { take(.house, value, range) }
        }
        if region == .us, let (value, range) = state(not: used) { take(.region, value, range) }
        if region == .gb,
            let county = words.indices.first(where: { !used.contains($0) && words[$0].hasSuffix("shire") })
        {
            take(.region, words[county].capitalizedFirst, county..<county + 1)
        }
        rest(used, streetEnd: streetEnd, &found)
        return found
    }

    // MARK: Parts that are marked

    private func postcode() -> (String, Range<Int>)? {
        let announced = words.indices.first { Self.postcodeWords.contains(words[$0]) }
        let starts = announced.map { [Int](($0 + 1)..<max($0 + 1, words.count)) } ?? Array(words.indices)
        for start in starts {
            switch region {
            case .us:
                guard announced != nil || start == 0 || !isFigure(words[start - 1]) else { continue }
                // One figure after the other, to the end of them: "one twenty three" is a house.
                var digits = ""
                var index = start
                while index < words.count, let digit = digit(index) {
                    digits += digit
                    index += 1
                }
                let match = DigitGrammar(words: words).match(at: start)
                if digits.count != 5, digits.count != 9, announced != nil || asked == .postcode, let match {
                    (digits, index) = (match.digits, start + match.length)
                }
                guard digits.count == 5 || digits.count == 9, announced != nil || !isHouse(start..<index) else {
                    continue
                }
                let text = digits.count == 5 ? digits : "\(digits.prefix(5))-\(digits.suffix(4))"
                return (text, (announced ?? start)..<index)
            case .gb:
                guard start == 0 || words[start - 1].count > 1 || announced != nil else { continue }
                let spelled = CaptureWords.spelling(words, from: start)
                guard spelled.length > 0, let text = Self.britishPostcode(spelled.text) else { continue }
                return (text, (announced ?? start)..<start + spelled.length)
            }
        }
        return nil
    }

    /// "12345 Main Street", or an answer to the question for the house.
    private func isHouse(_ figures: Range<Int>) -> Bool {
        if isBegun, asked == .house, words.indices.allSatisfy({ figures.contains($0) || !isName($0) }) { return true }
        let name = words[figures.upperBound...].prefix { !isFigure($0) && !Self.fillers.contains($0) && $0.count > 1 }
        return name.prefix(5).dropFirst().contains(where: Self.streetKinds.contains)
            && Self.states.allSatisfy { $0 != name.first }
    }

    /// "SW1A 1AA" from its letters and figures: one or two letters, a figure, perhaps one more of either, a figure, two letters.
    static func britishPostcode(_ text: String) -> String? {
        let code = text.uppercased()
        guard (5...7).contains(code.count) else { return nil }
        let (outward, inward) = (code.dropLast(3), code.suffix(3))
        let area = outward.prefix { $0.isLetter }
        let district = outward.dropFirst(area.count)
        guard (1...2).contains(area.count), (1...2).contains(district.count), district.first?.isNumber == true,
            inward.first?.isNumber == true, inward.dropFirst().allSatisfy(\.isLetter)
        else { return nil }
        return "\(outward) \(inward)"
    }

    private func unit(not used: Set<Int>) -> (String, Range<Int>)? {
        guard let mark = words.indices.first(where: { Self.unitKinds.contains(words[$0]) && !used.contains($0) }) else {
            return nil
        }
        let start = mark + 1 < words.count && words[mark + 1] == "number" ? mark + 2 : mark + 1
        guard var (number, length) = number(at: start, most: 3) ?? letter(at: start) else { return nil }
        // "Flat three, twenty two Church Road": what stands before a name is its house.
        if let piece = NumberWords.belowHundred(words, at: start), piece.length < length, start + length < words.count,
            isName(start + length)
        {
            (number, length) = (String(piece.value), piece.length)
        }
        let kind = words[mark] == "apt" ? "apartment" : words[mark]
        return ("\(kind.capitalizedFirst) \(number)", mark..<start + length)
    }

    private func street(not used: Set<Int>) -> (name: String, range: Range<Int>)? {
        for kind in words.indices where Self.streetKinds.contains(words[kind]) && !used.contains(kind) && kind > 0 {
            var start = kind
            // "forty second street": the ordinal is the name.
            if kind >= 2, NumberWords.ordinal(words, at: kind - 2)?.length == 2 {
                start = kind - 2
            } else if NumberWords.ordinal(words, at: kind - 1) != nil {
                start = kind - 1
            } else {
                while start > 0, kind - start < 4, !used.contains(start - 1), !isFigure(words[start - 1]),
                    !Self.fillers.contains(words[start - 1]) || words[start - 1] == "saint",
                    words[start - 1].count > 1
                {
                    start -= 1
                }
            }
            while start > 0, Self.directions.contains(words[start - 1]), start < kind { start -= 1 }
            guard start < kind else { continue }
            let name = Self.named(Array(words[start..<kind]))
            let spelled = Self.spelledKinds[words[kind]] ?? words[kind]
            return ("\(name) \(spelled.capitalizedFirst)", start..<kind + 1)
        }
        return nil
    }

    private func house(before end: Int, not used: Set<Int>) -> (String, Range<Int>)? {
        var start = end
        while start > 0, !used.contains(start - 1),
            isFigure(words[start - 1]) || isHouseLetter(start - 1, before: end)
                || start > 1 && words[start - 1] == "and" && words[start - 2] == "hundred"
        {
            start -= 1
        }
        guard start < end, let (text, length) = number(at: start, most: 6), length == end - start else { return nil }
        return (text, start..<end)
    }

    private func isHouseLetter(_ index: Int, before end: Int) -> Bool {
        index == end - 1 && index > 0 && words[index].count == 1 && words[index].first?.isLetter == true
            && isFigure(words[index - 1])
    }

    private func state(not used: Set<Int>) -> (String, Range<Int>)? {
        var best: (String, Range<Int>)?
        for state in Self.states {
            let name = state.split(separator: " ").map(String.init)
            guard words.count >= name.count else { continue }
            for start in 0...(words.count - name.count) where Array(words[start..<start + name.count]) == name {
                let range = start..<start + name.count
                guard used.isDisjoint(with: range), range.lowerBound >= best?.1.lowerBound ?? 0,
                    range.count >= best?.1.count ?? 0 || range.lowerBound > best?.1.lowerBound ?? 0
                else { continue }
                best = (Self.named(name), range)
            }
        }
        // Whoever is asked for the town and says "New York" says the town.
        if let best, asked == .town, best.1.count == words.count { return nil }
        return best
    }

    // MARK: Parts that nothing marks

    private func rest(_ used: Set<Int>, streetEnd: Int?, _ found: inout Found) {
        var runs: [Range<Int>] = []
        for index in words.indices where !used.contains(index) && isName(index) {
            if let last = runs.last, last.upperBound == index {
                runs[runs.count - 1] = last.lowerBound..<index + 1
            } else {
                runs.append(index..<index + 1)
            }
        }
        let marked = runs.first { run in
            run.lowerBound > 0
                && (["in", "of"].contains(words[run.lowerBound - 1])
                    || words[..<run.lowerBound].suffix(2).contains(where: Self.townWords.contains))
        }
        let afterStreet = streetEnd.flatMap { end in runs.first { $0.lowerBound >= end } }
        if let town = marked ?? afterStreet, found.parts[.town] == nil {
            found.parts[.town] = Self.named(Array(words[town]))
            return
        }
        let figure = words.indices.first { !used.contains($0) && isFigure(words[$0]) }.flatMap { start in
            number(at: start, most: 6).map { (value: $0.text, range: start..<start + $0.length) }
        }
        switch asked {
        case .house where found.parts.isEmpty:
            found.parts[.house] = figure?.value
            // "Twelve Broadway": a street without a kind.
            if let figure, let name = runs.first, name.lowerBound == figure.range.upperBound {
                found.parts[.street] = Self.named(Array(words[name]))
            }
        case .street where found.parts.isEmpty, .town where found.parts[.town] == nil,
            .region where found.parts.isEmpty:
            guard let asked, let name = runs.first, name.count <= 4 else { return }
            found.isGuess = found.parts.isEmpty
            found.parts[asked] = Self.named(Array(words[name]))
        default:
            if found.parts.isEmpty, let figure, words.count - figure.range.count <= 2 {
                found.parts[.house] = figure.value
            }
        }
    }

    private func isName(_ index: Int) -> Bool {
        let word = words[index]
        return word.count > 1 && !isFigure(word) && !Self.fillers.contains(word) && !Self.unitKinds.contains(word)
            && !Self.townWords.contains(word) && !Self.postcodeWords.contains(word)
            && word.allSatisfy { $0.isLetter || $0 == "'" }
    }

    // MARK: Figures

    private func isFigure(_ word: String) -> Bool {
        NumberWords.unit(word) != nil || NumberWords.ten(word) != nil
            || ["oh", "hundred", "thousand", "double", "triple"].contains(word)
    }

    private func digit(_ index: Int) -> String? {
        if words[index] == "oh" { return "0" }
        return NumberWords.unit(words[index]).flatMap { $0 < 10 ? String($0) : nil }
    }

    /// "twelve", "one twenty three", "one hundred and five", "twelve b".
    private func number(at start: Int, most: Int) -> (text: String, length: Int)? {
        guard start < words.count, isFigure(words[start]) else { return nil }
        var text: String
        var length: Int
        if let whole = NumberWords.cardinal(words, at: start), whole.length > 1,
            words[start..<start + whole.length].contains(where: { ["hundred", "thousand"].contains($0) })
        {
            (text, length) = (String(whole.value), whole.length)
        } else if let match = DigitGrammar(words: words).match(at: start) {
            (text, length) = (match.digits, match.length)
        } else {
            return nil
        }
        guard text.count <= most else { return nil }
        if let (letter, count) = letter(at: start + length) {
            text += letter
            length += count
        }
        return (text, length)
    }

    private func letter(at index: Int) -> (text: String, length: Int)? {
        guard index < words.count, words[index].count == 1, words[index].first?.isLetter == true,
            words[index] != "i" || index + 1 == words.count
        else { return nil }
        // "a" before a name is an article.
        if words[index] == "a", index + 1 < words.count, index > 0, !isFigure(words[index - 1]) { return nil }
        return (words[index].uppercased(), 1)
    }

    static func named(_ words: [String]) -> String { words.map(\.capitalizedFirst).joined(separator: " ") }
}
