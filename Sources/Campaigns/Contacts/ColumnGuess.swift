/// Guesses what the columns of a file hold, from their names and from what stands in them.
package enum ColumnGuess {
    /// Names that people give to columns whose meaning has another name here.
    private static let names: [String: [String]] = [
        "phone": [
            "phone_no", "phone_number", "telephone_number", "mobile_number", "mobile_phone", "cell", "cell_phone",
            "msisdn",
            "telefon", "telefonnummer", "rufnummer", "handy", "mobil", "mobilnummer", "telefono", "telephone_no",
        ],
        "time_zone": ["timezone", "tz", "zeitzone"],
        "consent_date": ["consent_given", "consented_at", "consent_at"],
    ]

    /// The fields of the columns, as `COLUMN:FIELD` for those whose own name does not say it already.
    ///
    /// - Parameters:
    ///   - rows: the first ones. Where no name is that of a telephone number, the column is taken that holds valid numbers in
    ///     most of them, and in no less than half.
    ///   - country: of numbers without a country code, ISO 3166-1.
    package static func pairs(header: [String], rows: [[String]], country: String) -> [String] {
        let own = header.map(ContactReader.name)
        var taken = Set(own)
        var pairs: [Int: String] = [:]
        for (field, synonyms) in names.sorted(by: { $0.key < $1.key }) where !taken.contains(field) {
            if field == "phone", !taken.isDisjoint(with: ContactReader.numberNames) { continue }
            guard let index = synonyms.lazy.compactMap({ own.firstIndex(of: $0) }).first else { continue }
            pairs[index] = field
            taken.insert(field)
        }
        if taken.isDisjoint(with: ContactReader.numberNames), !pairs.values.contains("phone"),
            let index = numbers(in: rows, columns: own.count, country: country), !own[index].isEmpty
        {
            pairs[index] = "phone"
        }
        return pairs.sorted { $0.key < $1.key }.map { "\(header[$0.key]):\($0.value)" }
    }

    private static func numbers(in rows: [[String]], columns: Int, country: String) -> Int? {
        let whole = rows.filter { $0.count == columns }
        let counts = (0..<columns).map { index in
            whole.count { (try? PhoneNumber($0[index], country: country)) != nil }
        }
        guard let most = counts.max(), most > 0, most * 2 >= whole.count else { return nil }
        return counts.firstIndex(of: most)
    }
}
