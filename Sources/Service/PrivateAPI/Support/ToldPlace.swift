/// The place among the events of all calls that a reader of one call knows of: an event of that call tells it, and from time to
/// time one without data does, so that who comes back after a quiet stretch is not told of losses that were other calls' events.
struct ToldPlace {
    /// Beats for which a reader may be behind.
    static let patience = 20

    private var number: Int
    /// For so many beats the reader has been behind.
    private var beats = 0

    init(_ number: Int) { self.number = number }

    /// An event was told, with its number.
    mutating func told(_ event: Int) { number = event }

    /// A beat has passed.
    ///
    /// - Parameter place: up to which the events of all calls were read.
    /// - Returns: whether it has to be told now; then it counts as told.
    mutating func isDue(at place: Int) -> Bool {
        beats = place == number ? 0 : beats + 1
        guard beats >= Self.patience else { return false }
        (number, beats) = (place, 0)
        return true
    }
}
