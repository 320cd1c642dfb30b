import Foundation

extension ValueKind where Value == ParleyConfiguration.Privacy.Masked {
    static var masked: Self {
        ValueKind(
            type: "list of words",
            range: "of \(PersonalData.allCases.map(\.rawValue).joined(separator: ", ")), or none",
            parse: { text in
                guard text != "none" else { return Value(kinds: []) }
                let names = text.split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) }
                let kinds = Set(names.compactMap(PersonalData.init))
                return kinds.isEmpty || kinds.count != names.count ? nil : Value(kinds: kinds)
            },
            format: { masked in
                let names = PersonalData.allCases.filter(masked.kinds.contains).map(\.rawValue)
                return names.isEmpty ? "none" : names.joined(separator: ", ")
            }, isList: true)
    }
}

extension ValueKind where Value == String {
    /// What ``MaskPattern`` takes.
    static var pattern: Self {
        .text(
            "a regular expression (ICU) of \(MaskPattern.longest) characters at most that does not fit an empty text"
        ) { MaskPattern(name: "", $0) != nil }
    }

    static var patternName: Self {
        .text("lower-case letters, digits, - and _") { ConfigurationName.isValid($0) }
    }
}
