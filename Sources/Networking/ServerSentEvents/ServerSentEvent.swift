/// One event of a `text/event-stream`.
package struct ServerSentEvent: Sendable, Equatable {
    /// `message` unless the stream names another.
    package var type: String
    /// Lines joined with a line feed.
    package var data: String
    /// The last id the stream gave, in this event or before.
    package var id: String

    package init(type: String = "message", data: String, id: String = "") {
        self.type = type
        self.data = data
        self.id = id
    }
}
