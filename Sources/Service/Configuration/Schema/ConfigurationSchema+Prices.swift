extension ConfigurationSchema {
    static let prices = ConfigurationSection(
        name: "prices",
        documentation:
            "What you pay others, so that every call says what it cost (docs/costs.md). There are no prices built in.",
        keys: [
            Key(
                "prices.currency", optional: \.prices.currency, .currency, example: "USD",
                "The currency of all prices; required where there are any.")
        ])

    /// Where the prices of providers are.
    static let providerPrices = ["prices", "providers"]

    /// The map of carrier to the price of a minute.
    static let linePrices = ["prices", "lines"]

    /// The keys of the prices of one provider, below its name.
    static let priceKeys: [ConfigurationKey<ParleyConfiguration.Price>] = [
        ConfigurationKey(
            "minute", optional: \.minute, .price, example: "0.0077", "A minute of audio that a recognizer is sent."),
        ConfigurationKey(
            "million_characters", optional: \.millionCharacters, .price, example: "50",
            "A million characters that a voice says; phrases said before cost nothing."),
        ConfigurationKey(
            "million_input_tokens", optional: \.millionInputTokens, .price, example: "0.40",
            "A million tokens that a model is given."),
        ConfigurationKey(
            "million_cached_tokens", optional: \.millionCachedTokens, .price, fallback: "as other input",
            example: "0.10", "A million of those that the vendor had in its cache."),
        ConfigurationKey(
            "million_output_tokens", optional: \.millionOutputTokens, .price, example: "1.60",
            "A million tokens that a model writes."),
        ConfigurationKey(
            "million_audio_input_tokens", optional: \.millionAudioInputTokens, .price, fallback: "as other input",
            example: "32", "A million tokens of sound that a model hears."),
        ConfigurationKey(
            "million_audio_output_tokens", optional: \.millionAudioOutputTokens, .price, fallback: "as other output",
            example: "64", "A million tokens of sound that a model speaks."),
    ]
}
