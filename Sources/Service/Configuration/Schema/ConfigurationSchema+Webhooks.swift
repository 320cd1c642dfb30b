extension ConfigurationSchema {
    /// Where the endpoints are, each under a name that the operator chooses.
    static let webhookEndpoints = ["webhooks", "endpoints"]

    static let webhooks = ConfigurationSection(
        name: "webhooks",
        documentation: "Telling other programs what happens, over HTTP and signed: docs/webhooks.md.",
        keys: [
            Key(
                "webhooks.allow_addresses", \.webhooks.allowedAddresses, .addresses,
                fallback: "none: the public internet only", example: "10.1.0.0/16, 127.0.0.1",
                "Private addresses that endpoints may be at. All others are refused, whatever a name resolves to."),
            Key(
                "webhooks.concurrency", \.webhooks.concurrency, .integer(1...256),
                "Requests under way at a time, a quarter of them to one endpoint."),
            Key(
                "webhooks.first_retry", \.webhooks.firstRetry, .duration(.seconds(1) ... .seconds(600)),
                "How long after a failure it is tried again; doubles with each failure, and varies by a fifth."),
            Key(
                "webhooks.longest_retry", \.webhooks.longestRetry, .duration(.seconds(1) ... .seconds(86_400)),
                "What the doubling ends at. Not shorter than first_retry."),
            Key(
                "webhooks.give_up_after", \.webhooks.giveUpAfter, .duration(.seconds(60) ... .seconds(604_800)),
                "How long after the event it is given up. It can be sent again by hand for as long as it is kept."),
            Key(
                "webhooks.retention_days", \.webhooks.retentionDays, .integer(1...3650),
                "Finished deliveries are kept for so long; those of a call go with the call at the latest."),
        ])

    /// The keys of one endpoint, below its name.
    static let webhookKeys: [ConfigurationKey<ParleyConfiguration.Webhooks.Endpoint>] = [
        ConfigurationKey(
            "url", \.url, .endpoint, fallback: "none, required", example: "https://crm.example.com/hooks/parley",
            "Where events are posted to. Redirects are not followed."),
        ConfigurationKey(
            "secret", optional: \.secret, .webhookSecret, fallback: "none, required", example: "${CRM_WEBHOOK_SECRET}",
            "Signs what is sent, after Standard Webhooks."),
        ConfigurationKey(
            "previous_secret", optional: \.previousSecret, .webhookSecret, example: "${CRM_WEBHOOK_SECRET_BEFORE}",
            "Signs it as well, while a receiver is moved from one secret to the next."),
        ConfigurationKey(
            "events", \.events, .events, fallback: "all", example: "call.ended, review.requested",
            "The events that are told."),
        ConfigurationKey(
            "enabled", \.isEnabled, .boolean, "Whether anything is sent; what happens while it is off is never told."),
        ConfigurationKey(
            "timeout", \.timeout, .duration(.seconds(1) ... .seconds(60)), "How long one attempt may take."),
        ConfigurationKey(
            "personal_data", \.showsPersonalData, .boolean,
            "Whether what people said, what was noted of it, and telephone numbers are told."),
    ]
}
