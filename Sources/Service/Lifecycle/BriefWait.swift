/// Waits for work that may take too long.
enum BriefWait {
    /// What the work gives; nil where it takes longer than `limit`. Then it goes on by itself, and nobody hears of it.
    static func result<Value: Sendable>(
        within limit: Duration, of work: @escaping @Sendable () async -> Value
    ) async -> Value? {
        let (results, sink) = AsyncStream.makeStream(of: Value.self, bufferingPolicy: .bufferingOldest(1))
        Task {
            sink.yield(await work())
            sink.finish()
        }
        let alarm = Task {
            try? await Task.sleep(for: limit)
            sink.finish()
        }
        defer { alarm.cancel() }
        for await result in results { return result }
        return nil
    }
}
