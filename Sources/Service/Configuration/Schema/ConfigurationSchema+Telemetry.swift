extension ConfigurationSchema {
    static let telemetry = ConfigurationSection(
        name: "telemetry",
        documentation:
            "OpenTelemetry traces of calls, over OTLP/HTTP: docs/telemetry.md. They hold no words and no numbers.",
        keys: [
            Key(
                "telemetry.otlp.url", optional: \.telemetry.url, .url(["https", "http"]),
                fallback: "none: nothing is traced", example: "http://127.0.0.1:4318",
                "The collector's OTLP/HTTP receiver; /v1/traces is added."),
            Key(
                "telemetry.otlp.headers", optional: \.telemetry.headers, .headerFields,
                example: "${OTLP_HEADERS}",
                "Sent with each request, such as what the collector knows us by: name=value, with commas between."),
            Key(
                "telemetry.otlp.allow_addresses", \.telemetry.allowedAddresses, .addresses,
                fallback: "none: the public internet only", example: "10.1.0.0/16, 127.0.0.1",
                "Private addresses that the collector may be at. All others are refused, whatever its name resolves to."
            ),
            Key(
                "telemetry.otlp.sample_ratio", \.telemetry.sampleRatio, .number(0...1),
                "The part of calls that are traced, whole or not at all; all nodes choose the same ones."),
            Key(
                "telemetry.otlp.timeout", \.telemetry.timeout, .duration(.seconds(1) ... .seconds(60)),
                "How long one request may take."),
            Key(
                "telemetry.service_name", \.telemetry.serviceName, .name,
                "What this service is called in the traces."),
        ])
}
