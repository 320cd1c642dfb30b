/// The check digit of payment cards and of many other numbers (ISO/IEC 7812-1, Annex B).
package enum Luhn {
    /// Whether the last of `digits` is the check digit of those before it; never for what holds anything but digits.
    package static func holds(_ digits: some StringProtocol) -> Bool {
        var sum = 0
        for (place, byte) in digits.utf8.reversed().enumerated() {
            guard (48...57).contains(byte) else { return false }
            let weighed = Int(byte - 48) << (place & 1)
            sum += weighed > 9 ? weighed - 9 : weighed
        }
        return !digits.isEmpty && sum % 10 == 0
    }
}
