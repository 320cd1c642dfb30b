import Foundation
import Store

extension ParleyConfiguration.Prices {
    /// What a call used, with what it costs; nil when it used nothing of others.
    ///
    /// - Parameters:
    ///   - carrier: whose line it was on; it counts only where its line has a price.
    ///   - length: of the call.
    func cost(of usage: [(provider: String, unit: UsageUnit, quantity: Int)], carrier: String, length: Duration)
        -> CallCost?
    {
        var items = usage.map { provider, unit, quantity in
            CallCost.Item(
                provider: provider, unit: unit.rawValue, quantity: quantity,
                amount: providers[provider]?.price(of: unit).map { Self.amount(quantity, unit, $0) })
        }
        if let price = lines[carrier] {
            let quantity = Int(length / .milliseconds(1))
            items.append(
                CallCost.Item(
                    provider: carrier, unit: UsageUnit.line.rawValue, quantity: quantity,
                    amount: Self.amount(quantity, .line, price)))
        }
        return items.isEmpty ? nil : CallCost(currency: currency, items: items)
    }

    /// To a hundred-millionth of the currency's unit: what one token costs is not lost, and sums are exact.
    private static func amount(_ quantity: Int, _ unit: UsageUnit, _ price: Decimal) -> Decimal {
        var exact = Decimal(quantity) * price / unit.perPrice
        var rounded = Decimal()
        unsafe NSDecimalRound(&rounded, &exact, 8, .plain)
        return rounded
    }
}

extension ParleyConfiguration.Price {
    /// For a minute, or a million; nil where there is none.
    func price(of unit: UsageUnit) -> Decimal? {
        switch unit {
        case .audio: minute
        case .characters: millionCharacters
        case .inputTokens: millionInputTokens
        case .cachedTokens: millionCachedTokens ?? millionInputTokens
        case .outputTokens: millionOutputTokens
        case .audioInputTokens: millionAudioInputTokens ?? millionInputTokens
        case .audioOutputTokens: millionAudioOutputTokens ?? millionOutputTokens
        case .line: nil
        }
    }
}
