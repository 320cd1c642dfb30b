/// Which calls are traced: by their trace's id, so that all nodes agree.
struct TraceSampler: Sendable, Equatable {
    /// 0...1.
    let ratio: Double

    func takes(_ identity: TraceIdentity) -> Bool {
        guard ratio < 1 else { return true }
        // As OpenTelemetry's own sampler: the last seven bytes are what is random of an id.
        guard let random = UInt64(identity.traceID.suffix(14), radix: 16) else { return false }
        return Double(random) < ratio * Double(UInt64(1) << 56)
    }
}
