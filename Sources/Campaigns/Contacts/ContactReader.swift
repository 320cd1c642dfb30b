import Foundation
package import Store

/// Makes contacts of the rows of a file, whose first row names the columns.
///
/// Columns with a meaning: the number (`phone`, `number`, `telephone`, `mobile`, `phone_number`, or the one named),
/// `state` (two letters, of the address), `time_zone`, and `consent` (`express`, `written` or nothing) with
/// `consent_date`, `consent_expires` and `consent_source`. Every other column is a variable of the agent.
package struct ContactReader: Sendable {
    package struct Options: Sendable {
        /// Of numbers without a country code, ISO 3166-1.
        package var country: String
        /// The business that consent is given to.
        package var seller: String
        /// The column of the number; nil looks for a usual name.
        package var numberColumn: String?
        /// What other columns are taken for than their names say.
        package var mapping: ColumnMapping

        package init(
            country: String, seller: String, numberColumn: String? = nil, mapping: ColumnMapping = ColumnMapping()
        ) {
            self.country = country
            self.seller = seller
            self.numberColumn = numberColumn
            self.mapping = mapping
        }
    }

    /// Why a row makes no contact.
    package struct Rejection: Error, Sendable, Equatable {
        package var reason: String
    }

    static let numberNames = ["phone", "number", "telephone", "mobile", "phone_number", "tel"]
    private static let known: Set = [
        "state", "time_zone", "consent", "consent_date", "consent_expires", "consent_source",
    ]
    /// Characters of one variable.
    static let valueLimit = 500

    private let options: Options
    /// The field that each column is read as; nil for one that is left out.
    package let fields: [String?]
    private let numberIndex: Int

    /// - Parameter header: the first row.
    package init(header: [String], file: String, options: Options) throws(CampaignError) {
        self.options = options
        let own = header.map(Self.name)
        let missing = options.mapping.missing(among: own)
        guard missing.isEmpty else {
            throw CampaignError(
                .badFile, "\(file):1",
                "has no column \(missing.map { "`\($0)`" }.joined(separator: ", ")), which is mapped; its columns are \(own.joined(separator: ", "))"
            )
        }
        let names = own.map { options.mapping.field(of: $0) ?? $0 }
        for (index, name) in names.enumerated() {
            guard !own[index].isEmpty else {
                throw CampaignError(.badFile, "\(file):1", "column \(index + 1) has no name")
            }
            if !name.isEmpty, let first = names.firstIndex(of: name), first < index {
                throw CampaignError(
                    .badFile, "\(file):1",
                    "column `\(name)` is there twice (\(first + 1) and \(index + 1)); rename one, or map it to something else"
                )
            }
        }
        let wanted =
            options.mapping.namesNumber
            ? ["phone"] : options.numberColumn.map { [Self.name($0)] } ?? Self.numberNames
        guard let found = wanted.lazy.compactMap({ names.firstIndex(of: $0) }).first else {
            throw CampaignError(
                .badFile, "\(file):1",
                "no column holds the telephone number: looked for \(wanted.joined(separator: ", ")) among \(own.joined(separator: ", ")); name it with --number-column, or map it: COLUMN:phone"
            )
        }
        numberIndex = found
        fields = names.enumerated().map { $0 == found ? "phone" : $1.isEmpty ? nil : $1 }
    }

    /// A column's name as variables are written: lower case, words joined by `_`.
    static func name(_ text: String) -> String {
        text.lowercased().split { !$0.isLetter && !$0.isNumber }.joined(separator: "_")
    }

    /// The contact of a row.
    package func contact(line: Int, fields values: [String]) throws(Rejection) -> NewContact {
        guard values.count == fields.count else {
            throw Rejection(reason: "has \(values.count) fields, the first row \(fields.count)")
        }
        let text = values[numberIndex].trimmingCharacters(in: .whitespaces)
        guard !text.isEmpty else { throw Rejection(reason: "has no telephone number") }
        let number: PhoneNumber
        do { number = try PhoneNumber(text, country: options.country) } catch {
            throw Rejection(reason: "`\(text.prefix(30))` \(error.rawValue)")
        }
        var contact = NewContact(number: number.e164, line: line)
        var consent: [String: String] = [:]
        for (index, name) in fields.enumerated() where index != numberIndex {
            let value = values[index].trimmingCharacters(in: .whitespaces)
            guard let name, !value.isEmpty else { continue }
            guard value.count <= Self.valueLimit else {
                throw Rejection(reason: "`\(name)` is longer than \(Self.valueLimit) characters")
            }
            switch name {
            case "state":
                let state = value.uppercased()
                guard state.count == 2, state.allSatisfy({ $0.isASCII && $0.isLetter }) else {
                    throw Rejection(reason: "`state` is `\(value.prefix(20))`; write two letters, such as FL")
                }
                contact.region = state
            case "time_zone":
                guard TimeZone(identifier: value) != nil else {
                    throw Rejection(
                        reason: "there is no time zone `\(value.prefix(40))`; write one such as America/Denver")
                }
                contact.timeZone = value
            case _ where Self.known.contains(name): consent[name] = value
            default: contact.variables[name] = value
            }
        }
        contact.consent = try self.consent(consent, number: number.e164)
        return contact
    }

    private func consent(_ values: [String: String], number: String) throws(Rejection) -> ConsentRecord? {
        guard let word = values["consent"]?.lowercased(), word != "none" else { return nil }
        guard let kind = ConsentRecord.Kind(rawValue: word) else {
            throw Rejection(reason: "`consent` is `\(word.prefix(20))`; write express, written or nothing")
        }
        guard let date = values["consent_date"], let given = CalendarDay(date) else {
            throw Rejection(reason: "`consent_date` must say when it was given, YYYY-MM-DD")
        }
        guard let source = values["consent_source"] else {
            throw Rejection(reason: "`consent_source` must say where the proof is")
        }
        var expires: Date?
        if let text = values["consent_expires"] {
            guard let day = CalendarDay(text) else {
                throw Rejection(reason: "`consent_expires` is no day, YYYY-MM-DD")
            }
            expires = Date(timeIntervalSince1970: Double(day.epochDay) * 86_400)
        }
        return ConsentRecord(
            number: number, seller: options.seller, kind: kind, source: source,
            givenAt: Date(timeIntervalSince1970: Double(given.epochDay) * 86_400), expiresAt: expires)
    }
}
