extension Character {
    /// `0` to `9`; `isNumber` admits the digits of other scripts, which `Int` does not read.
    var isASCIIDigit: Bool { ("0"..."9").contains(self) }
}
