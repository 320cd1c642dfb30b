/// The names that vendors let tools have.
enum ToolName {
    /// Letters, digits, `_` and `-`, and the characters of `more`.
    static func isValid(_ name: String, longest: Int, more: String = "") -> Bool {
        (1...longest).contains(name.utf8.count)
            && name.unicodeScalars.allSatisfy {
                switch $0 {
                case "a"..."z", "A"..."Z", "0"..."9", "_", "-": true
                default: more.unicodeScalars.contains($0)
                }
            }
    }
}
