/// A telephone number under all the spellings in which rows may hold it.
package struct PersonNumber: Sendable, Equatable {
    /// `+`, the country's code and the number.
    package let e164: String
    /// As columns hold it: with and without `+`, and as it is dialled within its country and from others.
    let spellings: [String]

    /// - Parameters:
    ///   - e164: `+` and digits.
    ///   - national: its digits without the country's code, where rows that lack one mean numbers of that country; nil where that
    ///     is not known, since elsewhere the same digits are somebody else.
    package init(e164: String, national: String? = nil) {
        self.e164 = e164
        let digits = String(e164.drop { $0 == "+" })
        var spellings = [e164, digits, "00" + digits, "011" + digits]
        // What is shorter may be somebody else's number, too.
        if let national, national.count >= 7, national != digits {
            spellings += [national, "0" + national]
        }
        self.spellings = Array(Set(spellings)).sorted()
    }

    /// No number: of a scope that goes by calls alone.
    static let none = PersonNumber()

    private init() {
        e164 = ""
        spellings = []
    }

    /// What a text that tells of this number holds; shorter forms would be found in other numbers.
    var unmistakable: [String] { e164.isEmpty ? [] : [String(e164.drop { $0 == "+" })] }
}
