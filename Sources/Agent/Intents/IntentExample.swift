/// One sentence that means one intent.
package struct IntentExample: Sendable, Hashable {
    package var intent: String
    /// Essential words, values as classes: `book me for <date>`.
    package var words: [String]

    /// Words in meaningless order: no sentence that anything can be near to.
    var isMadeUp = false

    package init(intent: String, words: [String]) {
        self.intent = intent
        self.words = words
    }
}
