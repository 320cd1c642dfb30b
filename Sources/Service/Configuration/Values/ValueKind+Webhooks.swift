import Foundation

extension ValueKind where Value == String {
    /// Where events are sent: with a path and a query if need be.
    static var endpoint: Self {
        .text("https://… or http://… without user or fragment") { text in
            guard let parts = URLComponents(string: text), let scheme = parts.scheme?.lowercased() else { return false }
            return ["https", "http"].contains(scheme) && parts.host?.isEmpty == false && parts.user == nil
                && parts.password == nil && parts.fragment == nil && text.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F }
        }
    }
}

extension ValueKind where Value == Secret {
    /// A key of Standard Webhooks.
    static var webhookSecret: Self {
        ValueKind(
            type: "secret",
            range:
                "whsec_ and 24 to 64 bytes in base64, as `parley webhooks secret` makes one, or ${NAME} for the value "
                + "of an environment variable",
            parse: { text in WebhookSignature.key(of: text) == nil ? nil : Secret(text) },
            format: { _ in Secret.placeholder }, isSecret: true)
    }
}

extension ValueKind where Value == ParleyConfiguration.Webhooks.EventNames {
    static var events: Self {
        let known = WebhookEvent.subscribable.map(\.rawValue)
        return ValueKind(
            type: "list of words", range: "of \(known.joined(separator: ", "))",
            parse: { text in
                let names = text.split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) }
                let events = names.compactMap(WebhookEvent.init).filter { $0 != .test }
                guard !events.isEmpty, events.count == names.count, Set(names).count == names.count else { return nil }
                return ParleyConfiguration.Webhooks.EventNames(events)
            },
            format: { $0.events.map(\.rawValue).joined(separator: ", ") }, isList: true)
    }
}
