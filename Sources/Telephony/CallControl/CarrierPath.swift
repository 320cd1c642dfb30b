import Foundation

/// Parts of a carrier's address.
enum CarrierPath {
    /// Telnyx' ids hold colons, which it wants escaped.
    static func escaped(_ id: String) -> String {
        id.addingPercentEncoding(withAllowedCharacters: .alphanumerics.union(CharacterSet(charactersIn: "-._~"))) ?? id
    }
}
