extension ValueKind where Value == Secret {
    /// Headers with what a collector asks for.
    static var headerFields: Self {
        ValueKind(
            type: "secret",
            range:
                "name=value with commas between, values percent-encoded, or ${NAME} for the value of an environment variable",
            parse: { ParleyConfiguration.Telemetry.fields($0) == nil ? nil : Secret($0) },
            format: { _ in Secret.placeholder }, isSecret: true)
    }
}
