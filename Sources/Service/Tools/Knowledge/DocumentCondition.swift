import Foundation

/// What must be so of a document before it is changed, as a request's headers have it (RFC 9110, section 13.1). A value.
enum DocumentCondition: Sendable, Equatable {
    case always
    /// It is there, with whatever contents.
    case isThere
    /// It is there, with one of these contents.
    case has(Set<String>)
    /// There is none of its name.
    case isAbsent

    /// - Parameters:
    ///   - match: `If-Match`.
    ///   - noneMatch: `If-None-Match`, of which `*` alone means anything for a change.
    init(match: String?, noneMatch: String?) {
        if let match {
            self = match == "*" ? .isThere : .has(Self.tags(match))
        } else if noneMatch == "*" {
            self = .isAbsent
        } else {
            self = .always
        }
    }

    /// - Parameter hash: of what is there; nil where nothing is.
    func holds(for hash: String?) -> Bool {
        switch self {
        case .always: true
        case .isThere: hash != nil
        case .has(let hashes): hash.map(hashes.contains) ?? false
        case .isAbsent: hash == nil
        }
    }

    /// Strong ones only: a weak one never fits what is compared for a change.
    private static func tags(_ list: String) -> Set<String> {
        let tags = list.split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) }
        return Set(
            tags.filter { $0.count >= 2 && $0.hasPrefix("\"") && $0.hasSuffix("\"") }
                .map { String($0.dropFirst().dropLast()) })
    }
}
