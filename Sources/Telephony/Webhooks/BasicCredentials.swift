/// What follows `Basic` in an `Authorization` header (RFC 7617).
package struct BasicCredentials: Sendable, Equatable {
    package var user: String
    package var password: String

    /// Nil for what is not base64 of a name, a colon and a password.
    package init?(_ text: String) {
        guard let bytes = Base64.bytes(of: text), let colon = bytes.firstIndex(of: UInt8(ascii: ":")) else {
            return nil
        }
        user = String(decoding: bytes[..<colon], as: UTF8.self)
        password = String(decoding: bytes[(colon + 1)...], as: UTF8.self)
    }
}
