import Logging

/// Keeps personal data and secrets out of the log: by the names of metadata keys, and by the form of what is in them.
struct LogRedaction: Sendable {
    /// Whether values under keys with a `pii` segment are written out. Secrets never are.
    let showsPersonalData: Bool
    /// Of everything, also of what is shown.
    var mask = PersonalDataMask()

    /// Shown in place of a value.
    static let placeholder = Secret.placeholder

    private static let secretSegments: Set<Substring> = [
        "secret", "password", "passwd", "token", "apikey", "authorization", "credential", "credentials", "cookie",
    ]

    func isHidden(_ key: String) -> Bool {
        let segments = key.lowercased().split { ".-_ ".contains($0) }
        if !showsPersonalData, segments.contains("pii") { return true }
        if segments.contains(where: Self.secretSegments.contains) { return true }
        return zip(segments, segments.dropFirst()).contains { $0 == "api" && $1 == "key" }
    }

    /// The metadata with hidden values replaced, below nested keys too.
    func apply(to metadata: Logger.Metadata) -> Logger.Metadata {
        var shown = metadata
        for (key, value) in metadata { shown[key] = isHidden(key) ? "\(Self.placeholder)" : apply(to: value) }
        return shown
    }

    private func apply(to value: Logger.MetadataValue) -> Logger.MetadataValue {
        switch value {
        case .dictionary(let values): .dictionary(apply(to: values))
        case .array(let values): .array(values.map(apply))
        case .string(let text): .string(mask.mask(text))
        case .stringConvertible(let value): apply(to: value)
        }
    }

    /// Numbers stay numbers: they count something.
    private func apply(to value: any CustomStringConvertible & Sendable) -> Logger.MetadataValue {
        if value is any Numeric || value is Bool { return .stringConvertible(value) }
        let text = value.description
        let masked = mask.mask(text)
        return masked == text ? .stringConvertible(value) : .string(masked)
    }
}
