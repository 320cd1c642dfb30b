import Foundation

extension ValueKind where Value == String {
    /// Any text but none.
    static func text(_ range: String, _ isAllowed: @escaping @Sendable (String) -> Bool = { _ in true }) -> Self {
        ValueKind(
            type: "text", range: range,
            parse: { text in
                let hasContent = text.contains { !$0.isWhitespace }
                return hasContent && !text.contains("\0") && isAllowed(text) ? text : nil
            },
            format: { $0 })
    }

    /// A file or directory; relative ones are relative to the working directory.
    static var path: Self { .text("a path, relative to the working directory or absolute") }

    static var sentence: Self { .text("a sentence to be spoken, 500 characters at most") { $0.count <= 500 } }

    /// A name or address to listen on.
    static var host: Self {
        .text("an IP address or host name") { text in
            text.count <= 253 && text.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || ".:-_%".contains($0)) }
        }
    }

    /// The name of a provider or an agent.
    static var name: Self { .text("a name of lower-case letters, digits, - and _", ConfigurationName.isValid) }

    /// A telephone number or SIP address.
    static var telephone: Self {
        .text("+ and 7 to 15 digits, or a sip: address") { text in
            if text.hasPrefix("sip:") { return text.count > 4 && !text.contains(where: \.isWhitespace) }
            let digits = text.dropFirst()
            return text.hasPrefix("+") && (7...15).contains(digits.count)
                && digits.allSatisfy { $0.isASCII && $0.isNumber }
        }
    }

    /// A base URL with one of `schemes`; a slash at the end is dropped.
    static func url(_ schemes: [String]) -> Self {
        ValueKind(
            type: "URL",
            range: schemes.map { "\($0)://…" }.joined(separator: " or ") + " without user, query or fragment",
            parse: { text in
                guard let parts = URLComponents(string: text), let scheme = parts.scheme?.lowercased(),
                    schemes.contains(scheme), parts.host?.isEmpty == false, parts.user == nil, parts.password == nil,
                    parts.query == nil, parts.fragment == nil
                else { return nil }
                return String(text.reversed().drop { $0 == "/" }.reversed())
            },
            format: { $0 })
    }
}

extension ValueKind where Value == Secret {
    static var secret: Self {
        ValueKind(
            type: "secret", range: "any text, or ${NAME} for the value of an environment variable",
            parse: { text in text.contains { !$0.isWhitespace } ? Secret(text) : nil },
            format: { _ in Secret.placeholder }, isSecret: true)
    }
}

extension ValueKind where Value == [ParleyConfiguration.Speech.Engine] {
    /// A chain, in the order of preference.
    static var engines: Self {
        ValueKind(
            type: "list of words", range: "embedded and names of providers, 4 at most, separated by commas",
            parse: { text in
                let names = text.split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) }
                guard (1...4).contains(names.count), Set(names).count == names.count,
                    names.allSatisfy(ConfigurationName.isValid)
                else { return nil }
                return names.map { $0 == "embedded" ? .embedded : .provider($0) }
            },
            format: { $0.map(\.name).joined(separator: ", ") }, isList: true)
    }
}

extension ValueKind where Value == TimeZone {
    static var timeZone: Self {
        ValueKind(
            type: "text", range: "a time zone such as Europe/Berlin",
            parse: { TimeZone(identifier: $0) }, format: { $0.identifier })
    }
}
