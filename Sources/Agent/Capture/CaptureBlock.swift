/// A ready-made way to ask for a value of several parts, or of one that is easily misheard: what is asked, how the answer is
/// heard and checked, how it is read back and put right.
package struct CaptureBlock: Sendable, Equatable {
    package enum Kind: String, Sendable, CaseIterable {
        case name
        case dateOfBirth = "date_of_birth"
        case address, phone, email, card
    }

    package var kind: Kind
    /// What must be known, of the kinds that have parts; in the order in which it is asked for.
    package var parts: [Part]
    /// Answers that cannot be and those that lead nowhere in a row, or read-backs refused, before the agent escalates, 1...10.
    package var tries: Int
    /// Whether the value is read back and needs the caller's yes.
    package var readsBack: Bool
    /// Of a date of birth, in years.
    package var ages: ClosedRange<Int>
    /// How figures of dates, postcodes and telephone numbers are read.
    package var region: SpokenRegion

    package enum Part: String, Sendable, CaseIterable {
        case house, street, unit, town, region, postcode
        case number, expiry
        case securityCode = "security_code"
    }

    static let addressParts: [Part] = [.house, .street, .unit, .town, .region, .postcode]
    static let cardParts: [Part] = [.number, .expiry, .securityCode]

    init(_ kind: Kind, region: SpokenRegion = .us) {
        self.kind = kind
        self.region = region
        tries = 3
        readsBack = true
        ages = 0...120
        parts =
            switch kind {
            case .address: [.house, .street, .town, .postcode]
            case .card: Self.cardParts
            case .name, .dateOfBirth, .phone, .email: []
            }
    }

    /// The value is for a tool alone.
    package var isWithheld: Bool { kind == .card }

    /// Members of the value that no template but a tool's argument may name.
    static let secrets: Set<String> = ["number", "expiry", "security_code"]

    func makeForm(today: CivilDate, names: NameLists) -> any CaptureForm {
        switch kind {
        case .name: NameForm(names: names)
        case .dateOfBirth: BirthForm(today: today, ages: ages, region: region)
        case .address: AddressForm(required: parts, region: region)
        case .phone: PhoneForm(region: region)
        case .email: EmailForm()
        case .card: CardForm(required: parts, today: today)
        }
    }

    /// What callers call it: "no, the address is wrong".
    var called: Set<String> {
        switch kind {
        case .name: ["name"]
        case .dateOfBirth: ["birthday", "birth"]
        case .address: ["address"]
        case .phone: ["phone", "number", "telephone"]
        case .email: ["email", "mail"]
        case .card: ["card"]
        }
    }

    /// The question, for authors who do not write their own.
    var ask: String {
        switch kind {
        case .name: "What is your name, please?"
        case .dateOfBirth: "What is your date of birth?"
        case .address: "What is your address?"
        case .phone: "What is your phone number? You can also type it."
        case .email: "What is your e-mail address? Please spell it."
        case .card: "What is the card number? You can say it or type it on your telephone."
        }
    }

    /// What one can say, for whoever was not understood.
    var hint: String {
        switch kind {
        case .name: "Please say your first and last name, or spell it, letter by letter."
        case .dateOfBirth:
            region == .gb
                ? "Please say the day, the month and the year, such as the third of May nineteen eighty five, or type eight digits, the day first."
                : "Please say the month, the day and the year, such as May third nineteen eighty five, or type eight digits, the month first."
        case .address: "Please say the house number and the street, then the town and the postcode."
        case .phone: "Please say the number digit by digit, or type it and press the hash key."
        case .email: "Please spell it, such as m a r i a at example dot com."
        case .card: "Please say the digits one by one, or type them and press the hash key."
        }
    }
}

/// Whose habits figures are read by.
package enum SpokenRegion: String, Sendable, CaseIterable {
    /// The month before the day; postcodes of five digits.
    case us = "US"
    /// The day before the month; postcodes of letters and digits.
    case gb = "GB"
}
