/// The times and bounds of one vendor's conversations.
package struct RealtimeSettings: Sendable, Equatable {
    /// From the request to the open socket.
    package var connectDeadline: Duration = .seconds(3)
    /// How long an answer that is whole waits for the caller's words, which the tools it calls are judged by.
    package var wordsDeadline: Duration = .seconds(2)
    /// How long the vendor may take to end a response that was cancelled.
    package var cancellationDeadline: Duration = .seconds(3)
    /// The vendor ends old connections; between two turns they are renewed before.
    package var renewalAge: Duration
    /// Audio of one reply that may wait, in samples; a response that brings more is cancelled.
    package var longestReply = 180 * 8000

    package init(renewalAge: Duration) { self.renewalAge = renewalAge }
}
