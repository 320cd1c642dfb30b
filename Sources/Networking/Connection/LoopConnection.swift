/// A connection as its loop sees it. Loop's thread only.
protocol LoopConnection: AnyObject {
    /// Called every quarter of a second. `now` in ms on uv's clock.
    func checkDeadlines(now: UInt64)

    /// The loop is ending: close as politely as a moment allows.
    func beginShutdown()
}
