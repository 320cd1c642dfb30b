package import Foundation

extension ParleyConfiguration {
    /// What the operator pays others. There are no prices built in: they change.
    package struct Prices: Sendable, Equatable {
        /// ISO 4217; of all prices.
        package var currency: String?
        /// A minute on a carrier's line, by the carrier's name.
        package var lines: [String: Decimal] = [:]
        /// By the provider's name under `providers`.
        package var providers: [String: Price] = [:]

        package var isEmpty: Bool { lines.isEmpty && providers.isEmpty }
    }

    /// What one provider is paid.
    package struct Price: Sendable, Equatable {
        package var minute: Decimal?
        package var millionCharacters: Decimal?
        package var millionInputTokens: Decimal?
        package var millionCachedTokens: Decimal?
        package var millionOutputTokens: Decimal?
        package var millionAudioInputTokens: Decimal?
        package var millionAudioOutputTokens: Decimal?

        package init() {}
    }
}
