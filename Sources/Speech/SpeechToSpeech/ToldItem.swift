/// What a vendor is told of the conversation, and where in its own memory it is put.
struct ToldItem: Sendable, Equatable {
    enum Kind: Sendable, Equatable {
        case facts(String)
        case caller(String)
        case agent(String)
        case call(RealtimeToolCall)
        case result(call: String, content: String)
    }

    /// Where in the conversation an item of ours is put.
    struct Place: Sendable, Equatable {
        /// Our name for it.
        let id: String
        /// The item that it follows, `root` for none; nil puts it at the end.
        var after: String?
    }

    let kind: Kind
    let place: Place
}
