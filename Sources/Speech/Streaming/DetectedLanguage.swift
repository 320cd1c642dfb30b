import Foundation

/// A vendor's word for the language it heard, as BCP 47 writes it.
enum DetectedLanguage {
    /// - Returns: nil for what names no language: nothing, `multi`, `und`, garbage.
    static func tag(_ text: String?) -> String? {
        guard let text, text.utf8.count <= 35 else { return nil }
        let parts = text.split(omittingEmptySubsequences: false) { $0 == "-" || $0 == "_" }.map(String.init)
        guard let first = parts.first?.lowercased(), first.utf8.allSatisfy({ (0x61...0x7A).contains($0) }),
            parts.dropFirst().allSatisfy({ (1...8).contains($0.utf8.count) && $0.utf8.allSatisfy(isAlphanumeric) })
        else { return nil }
        let language: String
        switch first.utf8.count {
        case 2: language = first
        // Some vendors use ISO 639-3, BCP 47 the shorter code where there is one.
        case 3 where !["und", "mul", "mis", "zxx"].contains(first):
            language = Locale.LanguageCode(first).identifier(.alpha2) ?? first
        default: return nil
        }
        let rest = parts.dropFirst().map { $0.utf8.count == 2 ? $0.uppercased() : $0 }
        return ([language] + rest).joined(separator: "-")
    }

    /// The language that most of `words` are in; of equals the first.
    ///
    /// - Parameter words: a language, and how many words are in it.
    static func prevailing(_ words: [(language: String?, count: Double)]) -> String? {
        var counts: [(language: String, count: Double)] = []
        for case (let language?, let count) in words {
            if let index = counts.firstIndex(where: { $0.language == language }) {
                counts[index].count += count
            } else {
                counts.append((language, count))
            }
        }
        var best = counts.first
        for entry in counts where entry.count > best?.count ?? 0 { best = entry }
        return best?.language
    }

    private static func isAlphanumeric(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
        default: false
        }
    }
}
