/// What a payment card's number tells by itself.
enum CardNumber {
    struct Scheme: Equatable {
        var name: String
        /// Digits of its numbers.
        var lengths: ClosedRange<Int>
        var securityDigits = 3
    }

    /// By the first digits; the ranges of ISO/IEC 7812 as the schemes publish them.
    private static let ranges: [(digits: Int, range: ClosedRange<Int>, scheme: Scheme)] = [
        (4, 2221...2720, Scheme(name: "Mastercard", lengths: 16...16)),
        (4, 3528...3589, Scheme(name: "JCB", lengths: 16...16)),
        (4, 6011...6011, Scheme(name: "Discover", lengths: 16...16)),
        (3, 300...305, Scheme(name: "Diners Club", lengths: 14...14)),
        (3, 644...649, Scheme(name: "Discover", lengths: 16...16)),
        (2, 34...34, Scheme(name: "American Express", lengths: 15...15, securityDigits: 4)),
        (2, 37...37, Scheme(name: "American Express", lengths: 15...15, securityDigits: 4)),
        (2, 36...36, Scheme(name: "Diners Club", lengths: 14...14)),
        (2, 38...39, Scheme(name: "Diners Club", lengths: 14...14)),
        (2, 51...55, Scheme(name: "Mastercard", lengths: 16...16)),
        (2, 65...65, Scheme(name: "Discover", lengths: 16...16)),
        (2, 62...62, Scheme(name: "UnionPay", lengths: 16...19)),
        (2, 50...50, Scheme(name: "Maestro", lengths: 12...19)),
        (2, 56...59, Scheme(name: "Maestro", lengths: 12...19)),
        (2, 67...67, Scheme(name: "Maestro", lengths: 12...19)),
        (1, 4...4, Scheme(name: "Visa", lengths: 16...16)),
    ]

    /// Nil where no scheme's numbers begin like this, or too little is known.
    static func scheme(of number: String) -> Scheme? {
        ranges.first { entry in
            number.count >= entry.digits && Int(number.prefix(entry.digits)).map(entry.range.contains) == true
        }?.scheme
    }
}
