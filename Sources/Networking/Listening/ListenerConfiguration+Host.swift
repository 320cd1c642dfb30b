extension ListenerConfiguration {
    /// The numeric address of a host name to listen on; IPv4 where it has both, as `localhost` does.
    ///
    /// - Throws: ``NetworkError`` with `nameNotResolved` when the name has none.
    package static func numericHost(_ host: String) async throws(NetworkError) -> String {
        guard !SocketAddress.isNumeric(host) else { return host }
        let resolver = NameResolver()
        let outcome = await withCheckedContinuation { continuation in
            resolver.resolve(host) { continuation.resume(returning: $0) }
        }
        switch outcome {
        case .addresses(let addresses):
            return addresses.first { !$0.contains(":") } ?? addresses[0]
        case .failure(let reason):
            throw NetworkError(.nameNotResolved, operation: "look up", subject: host, detail: reason)
        }
    }
}
