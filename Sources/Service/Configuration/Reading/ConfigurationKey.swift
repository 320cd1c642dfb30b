/// The declaration of one key: where it is, what it means, what it may be, and which property holds it.
struct ConfigurationKey<Root: Sendable>: Sendable {
    /// The dotted path below `Root`: `public.port`.
    let name: String
    let type: String
    let range: String
    /// What the reference gives as default where the property's initial value cannot say it.
    let fallback: String?
    /// A value to show in the reference where there is no default.
    let example: String?
    let documentation: String
    let isSecret: Bool
    let isList: Bool
    /// Parses and stores; false when the text is not allowed.
    let write: @Sendable (_ text: String, inout Root) -> Bool
    /// The stored value as text; nil when there is none.
    let read: @Sendable (Root) -> String?

    /// A key that always has a value.
    init<Value>(
        _ name: String, _ property: any WritableKeyPath<Root, Value> & Sendable, _ kind: ValueKind<Value>,
        fallback: String? = nil, example: String? = nil, _ documentation: String
    ) {
        self.name = name
        self.type = kind.type
        self.range = kind.range
        self.fallback = fallback
        self.example = example
        self.documentation = documentation
        self.isSecret = kind.isSecret
        self.isList = kind.isList
        self.write = { text, root in
            guard let value = kind.parse(text) else { return false }
            root[keyPath: property] = value
            return true
        }
        self.read = { kind.format($0[keyPath: property]) }
    }

    /// A key that may be absent.
    init<Value>(
        _ name: String, optional property: any WritableKeyPath<Root, Value?> & Sendable, _ kind: ValueKind<Value>,
        fallback: String = "none", example: String, _ documentation: String
    ) {
        self.name = name
        self.type = kind.type
        self.range = kind.range
        self.fallback = fallback
        self.example = example
        self.documentation = documentation
        self.isSecret = kind.isSecret
        self.isList = kind.isList
        self.write = { text, root in
            // An environment variable set to nothing takes the value away.
            if text.isEmpty {
                root[keyPath: property] = nil
                return true
            }
            guard let value = kind.parse(text) else { return false }
            root[keyPath: property] = value
            return true
        }
        self.read = { $0[keyPath: property].map(kind.format) }
    }

    /// What may be written, for the one who wrote something else.
    var allowed: String { "\(type), \(range)" }
}
