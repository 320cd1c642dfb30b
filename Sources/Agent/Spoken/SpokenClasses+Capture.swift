/// What callers say to capture blocks, for recognizers.
extension SpokenClasses {
    /// Sentences that answer a block, by classes.
    static func answers(to block: CaptureBlock) -> [String] {
        switch block.kind {
        case .dateOfBirth:
            [
                "{birth_date}", "{birth_date}", "{birth_date}", "it's {birth_date}", "i was born on {birth_date}",
                "{birth_year}",
            ]
        case .address:
            [
                "{house} {street}", "{house} {street}", "{house} {street} {unit}", "it's {house} {street}", "{street}",
                "{unit}", "{zip}", "the zip code is {zip}", "no {street}", "not {house} {house}",
            ]
        case .card:
            [
                "{card_group} {card_group} {card_group} {card_group}", "{card_group} {card_group}", "{card_group}",
                "{card_expiry}", "{card_expiry}", "{digit} {digit} {digit}",
            ]
        case .name, .phone, .email: []
        }
    }

    /// The classes that ``answers(to:)`` names.
    static func captured(by block: CaptureBlock) -> [String: [String]] {
        switch block.kind {
        case .dateOfBirth:
            var classes = dates.filter { ["month", "day_of_month"].contains($0.key) }
            classes["birth_year"] =
                (20...99).map { "nineteen \(NumberWords.speak($0))" }
                + (1...9).map { "nineteen oh \(NumberWords.speak($0))" }
                + (0...9).map { $0 == 0 ? "two thousand" : "two thousand and \(NumberWords.speak($0))" }
                + (10...29).map { "twenty \(NumberWords.speak($0))" } + (30...99).map(NumberWords.speak)
            classes["birth_date"] =
                block.region == .gb
                ? [
                    "the {day_of_month} of {month} {birth_year}", "{day_of_month} of {month} {birth_year}",
                    "{day_of_month} {month} {birth_year}", "{month} the {day_of_month} {birth_year}",
                ]
                : [
                    "{month} {day_of_month} {birth_year}", "{month} the {day_of_month} {birth_year}",
                    "the {day_of_month} of {month} {birth_year}", "{day_of_month} of {month} {birth_year}",
                ]
            return classes
        case .address:
            return [
                "digit": digits["digit"] ?? [],
                "house": (1...99).map(NumberWords.speak) + [
                    "{digit} {digit} {digit}", "{digit} {digit} {digit} {digit}",
                ],
                "street_name": streets,
                "street_kind": ["street", "street", "road", "avenue", "lane", "drive", "court"],
                "street": ["{street_name} {street_kind}"],
                "unit": ["apartment {digit}", "flat {digit}", "unit {digit}", "apartment {digit} {digit}"],
                "zip": ["{digit} {digit} {digit} {digit} {digit}"],
            ]
        case .card:
            return [
                "digit": digits["digit"] ?? [], "month": DateGrammar.months,
                "card_group": ["{digit} {digit} {digit} {digit}"],
                "card_expiry": [
                    "{month} twenty {card_year}", "{month} {card_year}", "oh {digit} {card_year}",
                    "{digit} {card_year}",
                ],
                "card_year": (20...49).map(NumberWords.speak),
            ]
        case .name, .phone, .email: return [:]
        }
    }

    /// Names that streets have most often, in the United States and in Britain.
    private static let streets = [
        "main", "oak", "elm", "park", "pine", "maple", "cedar", "washington", "lake", "hill", "walnut", "spring",
        "north",
        "ridge", "church", "willow", "mill", "sunset", "railroad", "jackson", "west", "south", "river", "lincoln",
        "high",
        "station", "victoria", "green", "manor", "kings", "queens", "new", "school", "grange", "albert", "york",
        "george",
        "first", "second", "third", "fourth", "fifth",
    ]
}
