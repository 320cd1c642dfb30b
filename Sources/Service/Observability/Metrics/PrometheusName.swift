/// The name of a metric or a label as the exposition format allows it.
struct PrometheusName: Sendable, Hashable {
    let text: String

    /// A metric's name: letters, digits, `_` and `:`; every other character becomes `_`.
    ///
    /// - Parameter suffix: what the kind of metric ends in; added when missing.
    init(_ label: String, suffix: String = "") {
        let text = Self.cleaned(label, andColon: true)
        self.text = text.hasSuffix(suffix) ? text : text + suffix
    }

    /// A label's name. Those that the format keeps for itself (`le`, `quantile`, `__…`) get a prefix.
    init(dimension: String) {
        let text = Self.cleaned(dimension, andColon: false)
        let isReserved = text == "le" || text == "quantile" || text.hasPrefix("__")
        self.text = isReserved ? "label_" + text : text
    }

    private static func cleaned(_ text: String, andColon: Bool) -> String {
        let cleaned = String(
            text.unicodeScalars.map { scalar -> Character in
                let isAllowed =
                    scalar.isASCII
                    && (scalar.properties.isAlphabetic || scalar.properties.numericType != nil || scalar == "_"
                        || andColon && scalar == ":")
                return isAllowed ? Character(scalar) : "_"
            })
        guard let first = cleaned.first else { return "_" }
        return first.isNumber ? "_" + cleaned : cleaned
    }
}
