/// Something that is done with calls when they are over: a row a call in a table, and a lease decides which node does it.
///
/// Every such table has `call_id`, `state`, `wanted_at`, `not_before`, `leased_until`, `fence`, `attempts`, `requests` and
/// `requested_at`.
struct CallWork: Sendable {
    let table: String
    /// The column that says whose requests to a model in a day are counted together.
    let budget: String
    /// For errors.
    let operation: String

    static let scorecards = CallWork(table: "scorecards", budget: "card", operation: "score a call")
    static let analyses = CallWork(table: "call_analyses", budget: "agent", operation: "write a call down")
}
