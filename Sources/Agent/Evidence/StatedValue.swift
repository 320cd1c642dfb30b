/// Something a text states that can be looked up: a figure, a day, a time, a number to call, a name.
struct StatedValue: Sendable, Equatable {
    enum Kind: Sendable, Equatable {
        /// In thousandths; the currency where one was named, and other readings of the same words ("forty two fifty").
        case number(Int, currency: String?, or: [Int] = [])
        case percent(Int)
        /// A day of a year that may have been named.
        case day(month: Int, day: Int, year: Int?)
        case weekday(Int)
        /// Minutes since midnight; not exact where morning and afternoon were not told apart.
        case time(Int, isExact: Bool)
        case phone(String)
        /// Lower-case words that are written like a name.
        case name([String])
    }

    var kind: Kind
    /// As it was said.
    var text: String
    /// Said of something like it: "about forty".
    var isApproximate = false
    /// A small number that states nothing: "two questions", "one moment".
    var isCasual = false
}
