/// Finds lengths of time: "half an hour", "an hour and a half", "two hours thirty minutes", "ten days".
///
/// The value is as in ISO 8601: `PT1H30M`, `P10D`, `P2W`.
struct DurationGrammar {
    let words: [String]

    struct Match: Equatable {
        var value: String
        var length: Int
    }

    /// In seconds; days and above are told apart, because a month has no length.
    private static let clock = [
        "second": 1, "seconds": 1, "minute": 60, "minutes": 60, "min": 60, "mins": 60, "hour": 3600, "hours": 3600,
    ]
    private static let calendar = [
        "day": "D", "days": "D", "week": "W", "weeks": "W", "month": "M", "months": "M", "year": "Y", "years": "Y",
    ]

    /// The duration that begins at `start`.
    func match(at start: Int) -> Match? {
        guard let first = part(at: start) else { return nil }
        switch first.unit {
        case .calendar(let letter):
            guard first.halves % 2 == 0 else { return nil }
            return Match(value: "P\(first.halves / 2)\(letter)", length: first.length)
        case .clock(let size):
            var seconds = first.halves * size / 2
            var end = start + first.length
            var smallest = size
            // "one hour and twenty minutes", "one hour thirty"
            while smallest > 1 {
                let tail = word(end) == "and" ? end + 1 : end
                if let next = part(at: tail), case .clock(let size) = next.unit, size < smallest {
                    seconds += next.halves * size / 2
                    (end, smallest) = (tail + next.length, size)
                } else if smallest == 3600, tail == end, let minutes = NumberWords.belowHundred(words, at: end),
                    (1..<60).contains(minutes.value), end + minutes.length == words.count
                {
                    seconds += minutes.value * 60
                    end += minutes.length
                    break
                } else {
                    break
                }
            }
            return Match(value: Self.text(seconds), length: end - start)
        }
    }

    private enum Unit { case clock(Int), calendar(String) }

    private func word(_ index: Int) -> String { words.indices.contains(index) ? words[index] : "" }

    private func unit(_ index: Int) -> Unit? {
        Self.clock[word(index)].map { .clock($0) } ?? Self.calendar[word(index)].map { .calendar($0) }
    }

    /// One number with its unit, counted in halves of the unit.
    private func part(at start: Int) -> (halves: Int, unit: Unit, length: Int)? {
        func article(_ index: Int) -> Bool { ["a", "an"].contains(word(index)) }
        if word(start) == "half" {
            let position = article(start + 1) ? start + 2 : start + 1
            return unit(position).map { (1, $0, position + 1 - start) }
        }
        var halves: Int
        var position: Int
        if word(start) == "a", word(start + 1) == "couple" {
            position = word(start + 2) == "of" ? start + 3 : start + 2
            halves = 4
        } else if word(start) == "quarter" || (word(start) == "a" && word(start + 1) == "quarter") {
            position = word(start) == "quarter" ? start + 1 : start + 2
            if word(position) == "of" { position += 1 }
            if article(position) { position += 1 }
            return word(position) == "hour" ? (30, .clock(60), position + 1 - start) : nil
        } else if word(start) == "three", word(start + 1) == "quarters" {
            position = word(start + 2) == "of" ? start + 3 : start + 2
            if article(position) { position += 1 }
            return word(position) == "hour" ? (90, .clock(60), position + 1 - start) : nil
        } else if article(start), unit(start + 1) != nil {
            (halves, position) = (2, start + 1)
        } else if let number = NumberWords.cardinal(words, at: start) {
            (halves, position) = (number.value * 2, start + number.length)
            if word(position) == "and", word(position + 1) == "a", word(position + 2) == "half" {
                halves += 1
                position += 3
            }
        } else {
            return nil
        }
        guard let unit = unit(position) else { return nil }
        position += 1
        if word(position) == "and", word(position + 1) == "a", word(position + 2) == "half" {
            halves += 1
            position += 3
        }
        return (halves, unit, position - start)
    }

    private static func text(_ seconds: Int) -> String {
        let (hours, minutes, rest) = (seconds / 3600, seconds / 60 % 60, seconds % 60)
        return "PT" + (hours > 0 ? "\(hours)H" : "") + (minutes > 0 ? "\(minutes)M" : "")
            + (rest > 0 || seconds == 0 ? "\(rest)S" : "")
    }
}
