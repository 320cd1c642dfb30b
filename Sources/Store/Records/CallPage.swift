/// One page of the list of calls.
package struct CallPage: Sendable, Equatable {
    /// Newest first.
    package var calls: [CallRecord]
    /// Where the next page begins; `nil` after the last one.
    package var next: CallCursor?

    package init(calls: [CallRecord], next: CallCursor?) {
        self.calls = calls
        self.next = next
    }
}
