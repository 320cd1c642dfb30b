/// A capture block alone, without a flow or a call: what it makes of the answers it is given.
package struct CaptureProbe {
    private var form: any CaptureForm

    /// - Parameters:
    ///   - today: the day that ages and expiries are counted from.
    ///   - firstNames: of those that need not be spelled, lower-case; likewise `lastNames`.
    package init(
        _ kind: CaptureBlock.Kind, region: SpokenRegion = .us, parts: [CaptureBlock.Part]? = nil,
        ages: ClosedRange<Int>? = nil, today: CivilDate, firstNames: [String] = [], lastNames: [String] = []
    ) {
        var block = CaptureBlock(kind, region: region)
        if let parts { block.parts = parts }
        if let ages { block.ages = ages }
        form = block.makeForm(today: today, names: NameLists(first: firstNames, last: lastNames))
    }

    /// Takes an answer.
    ///
    /// - Returns: what the caller hears if it cannot be.
    @discardableResult
    package mutating func say(_ text: String) -> String? {
        if case .invalid(let reason) = form.take(CaptureText.words(text), isReadBack: isComplete) {
            reason
        } else {
            nil
        }
    }

    /// As ``say(_:)``, typed.
    @discardableResult
    package mutating func type(_ keys: String) -> String? {
        if case .invalid(let reason) = form.take(keys: keys) { reason } else { nil }
    }

    package var isComplete: Bool { form.question == nil }
    /// Asks for what is missing; nil when nothing is, and empty where nothing is there.
    package var question: String? { form.question }
    package var readBack: String { form.readBack }
    /// The value as a tool is given it.
    package var value: JSONValue { form.secret ?? form.value }
}
