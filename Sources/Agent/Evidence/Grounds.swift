/// What an agent may state in a call: everything that its prompt, tools, documents and the caller have said, by value.
package struct Grounds: Sendable, Equatable {
    /// In thousandths → the currencies it was named in; an empty set is a figure without one.
    private var numbers: [Int: Set<String>] = [:]
    private var percents: Set<Int> = []
    /// Month and day → years; empty where none was named.
    private var days: [Int: Set<Int>] = [:]
    private var weekdays: Set<Int> = []
    private var times: Set<Int> = []
    /// On a clock of twelve hours.
    private var clock: Set<Int> = []
    private var phones: Set<String> = []
    /// Hashes of all words, lower-case: a prompt's names are many, and each call has a copy.
    private var words: Set<Int> = []

    package init() {}

    /// Longer texts are looked at this far. [characters]
    static let longest = 32_768

    mutating func add(_ text: String, today: CivilDate) {
        let text = text.count > Self.longest ? String(text.prefix(Self.longest)) : text
        for value in StatedValues.all(in: text, today: today) { add(value) }
        for word in text.lowercased().split(whereSeparator: { !$0.isLetter && $0 != "'" && $0 != "\u{2019}" }) {
            let plain = String(word.replacing("\u{2019}", with: "'"))
            words.insert(plain.hashValue)
            if plain.hasSuffix("'s") { words.insert(String(plain.dropLast(2)).hashValue) }
        }
    }

    private mutating func add(_ value: StatedValue) {
        switch value.kind {
        case .number(let number, let currency, let others):
            for number in [number] + others {
                numbers[number, default: []].formUnion(currency.map { [$0] } ?? [])
                // A figure of no currency may be one of any.
                if currency == nil { numbers[number, default: []].insert("") }
            }
        case .percent(let number):
            percents.insert(number)
            numbers[number, default: []].insert("")
        case .day(let month, let day, let year):
            days[month * 100 + day, default: []].formUnion(year.map { [$0] } ?? [])
        case .weekday(let weekday): weekdays.insert(weekday)
        case .time(let minute, let isExact):
            if isExact { times.insert(minute) }
            clock.insert(minute % 720)
        case .phone(let digits): phones.insert(digits)
        case .name: break
        }
    }

    /// - Parameter today: decides the year of a day that was named without one.
    func supports(_ value: StatedValue, today: CivilDate) -> Bool {
        if value.isCasual { return true }
        switch value.kind {
        case .number(let number, let currency, let others):
            return ([number] + others).contains { supports($0, currency, isApproximate: value.isApproximate) }
        case .percent(let number): return percents.contains(number) || numbers[number]?.contains("") == true
        case .day(let month, let day, let year):
            guard let years = days[month * 100 + day] else { return false }
            return year == nil || years.isEmpty || years.contains(year ?? 0)
        case .weekday(let weekday):
            return weekdays.contains(weekday)
                || days.contains { known, years in
                    (years.isEmpty ? [Self.comingYear(of: known, after: today)] : years).contains { year in
                        CivilDate(year: year, month: known / 100, day: known % 100)?.weekday == weekday
                    }
                }
        case .time(let minute, let isExact):
            // The sources that told the half of the day decide it; where none did, either may be meant.
            if isExact, times.contains(where: { $0 % 720 == minute % 720 }) { return times.contains(minute) }
            return clock.contains(minute % 720)
        case .phone(let digits):
            return phones.contains { known in
                known.hasSuffix(digits) && digits.count >= 7 || digits.hasSuffix(known) && known.count >= 7
            }
        case .name(let parts): return parts.allSatisfy { words.contains($0.hashValue) }
        }
    }

    private static func comingYear(of day: Int, after today: CivilDate) -> Int {
        (today.month * 100 + today.day) <= day ? today.year : today.year + 1
    }

    /// Whether a figure can be a part of a total: a price, or what is too large to be a mere count.
    private func isPrice(_ number: Int, _ currencies: Set<String>) -> Bool {
        currencies.contains { !$0.isEmpty } || number >= 20_000 || number % 1000 != 0
    }

    private func supports(_ number: Int, _ currency: String?, isApproximate: Bool) -> Bool {
        func holds(_ currencies: Set<String>) -> Bool {
            currency.map { currencies.contains($0) || currencies.contains("") } ?? true
        }
        if let known = numbers[number], holds(known) { return true }
        // "Forty" of 39.99.
        if number % 1000 == 0, numbers.contains(where: { abs($0.key - number) <= 500 && holds($0.value) }) {
            return true
        }
        // "About forty" of 39.99.
        if isApproximate, numbers.contains(where: { abs($0.key - number) * 10 <= $0.key }) { return true }
        guard currency != nil else { return false }
        // The sum of two prices, and one price a supported number of times.
        return numbers.contains { price, currencies in
            guard price < number, price > 0, holds(currencies), isPrice(price, currencies) else { return false }
            if let other = numbers[number - price], holds(other), isPrice(number - price, other) { return true }
            return number % price == 0 && number / price <= 31 && numbers[number / price * 1000]?.contains("") == true
        }
    }
}
