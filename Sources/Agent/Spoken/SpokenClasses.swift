/// The spoken forms of values, for recognizers: the same forms that the grammars read. Repeated forms weigh more.
enum SpokenClasses {
    /// `date` and the classes it is made of.
    static let dates: [String: [String]] = [
        "weekday": DateGrammar.weekdays.flatMap { day in
            Array(repeating: day, count: ["saturday", "sunday"].contains(day) ? 1 : 3)
        },
        "month": DateGrammar.months,
        "day_of_month": (1...31).map(NumberWords.speakOrdinal),
        "date": weigh([
            ("{weekday}", 10), ("next {weekday}", 6), ("this {weekday}", 3), ("tomorrow", 5), ("today", 2),
            ("the day after tomorrow", 2), ("day after tomorrow", 1), ("the {day_of_month}", 3),
            ("the {day_of_month} of {month}", 5), ("{month} {day_of_month}", 4), ("{month} the {day_of_month}", 3),
            ("{day_of_month} of {month}", 1), ("{weekday} the {day_of_month}", 4),
            ("{weekday} the {day_of_month} of {month}", 3), ("{weekday} {month} {day_of_month}", 2),
            ("{weekday} {month} the {day_of_month}", 1), ("{weekday} next week", 3), ("next week {weekday}", 1),
            ("next week on {weekday}", 2), ("this coming {weekday}", 2), ("coming {weekday}", 1), ("in a week", 2),
            ("in two weeks", 3), ("in three weeks", 2), ("in a couple of weeks", 1), ("in two days", 1),
            ("in three days", 1), ("in ten days", 1), ("a week from today", 1),
            ("a week from {weekday}", 1), ("two weeks from today", 1), ("in a week's time", 1),
        ]),
    ]

    /// `time` and the classes it is made of; hours of the opening time weigh more.
    static func times(opens: ClockTime, closes: ClockTime) -> [String: [String]] {
        let hours = (1...12).flatMap { hour -> [String] in
            let isOpen = [hour % 12, hour % 12 + 12].contains { $0 >= opens.hour && $0 < closes.hour }
            return Array(repeating: NumberWords.speak(hour), count: isOpen ? 3 : 1)
        }
        return [
            "hour": hours,
            "minutes": weigh([
                ("thirty", 6), ("fifteen", 4), ("forty five", 4), ("ten", 2), ("twenty", 3), ("forty", 2), ("fifty", 2),
                ("twenty five", 1), ("thirty five", 1), ("fifty five", 1), ("oh five", 1),
            ]),
            "part_of_day": weigh([
                ("a m", 3), ("p m", 3), ("in the morning", 4), ("in the afternoon", 4), ("in the evening", 1),
            ]),
            "time": weigh([
                ("{hour}", 6), ("{hour} o'clock", 8), ("half past {hour}", 8), ("{hour} {minutes}", 8),
                ("quarter past {hour}", 3), ("a quarter past {hour}", 2), ("quarter to {hour}", 3),
                ("a quarter to {hour}", 2), ("{hour} {part_of_day}", 6), ("{hour} {minutes} {part_of_day}", 3),
                ("{hour} o'clock {part_of_day}", 3), ("half past {hour} {part_of_day}", 3), ("noon", 2), ("midday", 1),
                ("ten past {hour}", 1), ("twenty past {hour}", 1), ("five past {hour}", 1), ("ten to {hour}", 1),
                ("twenty to {hour}", 1), ("five to {hour}", 1), ("twenty five past {hour}", 1),
            ]),
        ]
    }

    /// `phone` and the classes it is made of.
    static let digits: [String: [String]] = {
        let digit = "{digit}"
        func run(_ count: Int) -> String { Array(repeating: digit, count: count).joined(separator: " ") }
        return [
            "digit": weigh([
                ("zero", 2), ("oh", 3), ("one", 4), ("two", 4), ("three", 4), ("four", 4), ("five", 4), ("six", 4),
                ("seven", 4), ("eight", 4), ("nine", 4),
            ]),
            "phone": weigh([
                (run(7), 6), (run(10), 6), (run(8), 1), (run(9), 1), (run(11), 3),
                ("\(run(3)) double {digit} \(run(2))", 1), ("double {digit} \(run(5))", 1),
                ("\(run(5)) double {digit}", 1), ("\(run(6)) double {digit} \(run(2))", 1),
                ("\(run(3)) \(run(3)) double {digit} double {digit}", 1), ("triple {digit} \(run(4))", 1),
            ]),
        ]
    }()

    /// `money` and the classes it is made of.
    static let money: [String: [String]] = [
        "money_amount": (1...100).map(NumberWords.speak) + ["{money_hundreds} hundred", "{money_hundreds} thousand"],
        "money_hundreds": (1...9).map(NumberWords.speak),
        "money_currency": ["dollars", "dollars", "euros", "pounds"],
        "money": weigh([
            ("{money_amount} {money_currency}", 8), ("{money_amount} {money_currency} and {money_amount} cents", 1),
            ("{money_amount} cents", 1),
        ]),
    ]

    /// `duration` and the classes it is made of.
    static let durations: [String: [String]] = [
        "duration_count": (2...60).map(NumberWords.speak),
        "duration": weigh([
            ("{duration_count} minutes", 6), ("half an hour", 4), ("an hour", 4), ("an hour and a half", 2),
            ("{duration_count} hours", 3),
            ("{duration_count} days", 3), ("a week", 2), ("{duration_count} weeks", 2), ("a month", 1),
            ("{duration_count} months", 1),
            ("a quarter of an hour", 1), ("{duration_count} hours and {duration_count} minutes", 1), ("a day", 1),
        ]),
    ]

    /// `email`, spelled or in words, and the classes it is made of.
    static let email: [String: [String]] = [
        "email_letter": "abcdefghijklmnopqrstuvwxyz".map(String.init),
        "email_local": weigh([
            ("{email_letter} {email_letter} {email_letter} {email_letter}", 2),
            ("{email_letter} {email_letter} {email_letter} {email_letter} {email_letter}", 2),
            ("{email_letter} {email_letter} {email_letter} {email_letter} {email_letter} {email_letter}", 2),
            ("{email_letter} dot {email_letter} {email_letter} {email_letter}", 1),
            (
                "{email_letter} {email_letter} {email_letter} dot {email_letter} {email_letter} {email_letter} {email_letter}",
                1
            ),
        ]),
        "email_domain": [
            "gmail", "yahoo", "outlook", "hotmail", "web", "example", "{email_letter} {email_letter} {email_letter}",
        ],
        "email": weigh([
            ("{email_local} at {email_domain} dot com", 6), ("{email_local} at {email_domain} dot net", 1),
            ("{email_local} at {email_domain} dot org", 1),
        ]),
    ]

    /// `number` over a range; beyond two thousand values it is composed of its words.
    static func numbers(from low: Int, to high: Int) -> [String: [String]] {
        if high - low <= 2000 { return ["number": (low...max(low, high)).map(NumberWords.speak)] }
        let small = (0...99).map(NumberWords.speak)
        return [
            "below_hundred": small,
            "number": weigh([
                ("{below_hundred}", 4), ("{below_hundred} hundred", 1),
                ("{below_hundred} hundred and {below_hundred}", 1),
                ("{below_hundred} thousand", 1), ("{below_hundred} thousand {below_hundred} hundred", 1),
                ("{below_hundred} thousand and {below_hundred}", 1),
            ]),
        ]
    }

    /// The more frequent first third of a list twice.
    static func weighted(_ names: [String]) -> [String] {
        names + names.prefix(names.count / 3)
    }

    private static func weigh(_ forms: [(form: String, weight: Int)]) -> [String] {
        forms.flatMap { Array(repeating: $0.form, count: $0.weight) }
    }
}
