/// Makes Parley's own ids of calls: `c` and 16 characters without look-alikes, 80 random bits.
package enum CallID {
    private static let alphabet = Array("0123456789abcdefghjkmnpqrstvwxyz")

    /// Whether `text` has the form of an id.
    static func isOne(_ text: String) -> Bool {
        text.count == 17 && text.first == "c" && text.dropFirst().allSatisfy(alphabet.contains)
    }

    package static func new() -> String {
        var generator = SystemRandomNumberGenerator()
        return "c" + String((0..<16).map { _ in alphabet.randomElement(using: &generator) ?? "0" })
    }
}
