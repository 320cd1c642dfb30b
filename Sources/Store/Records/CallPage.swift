/// One page of the list of calls.
package struct CallPage: Sendable, Equatable {
    /// Newest first.
    package var calls: [CallRecord]
    /// Where the next page begins; `nil` after the last one.
    package var next: CallCursor?
    /// Where the words that were searched for were said: the first turns of each call, by call and time.
    package var hits: [CallHit]

    package init(calls: [CallRecord], next: CallCursor?, hits: [CallHit] = []) {
        self.calls = calls
        self.next = next
        self.hits = hits
    }
}
