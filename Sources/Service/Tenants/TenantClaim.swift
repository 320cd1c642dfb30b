import Store

/// Something that one tenant alone may have.
struct TenantClaim: Sendable {
    enum Kind: Sendable {
        case file(ResolvedPath)
        /// With all that is in it.
        case folder(ResolvedPath)
        case database(String)
        case address(host: String, port: Int)
    }

    /// The key that names it.
    let key: String
    let kind: Kind
    /// Whether it is really used as things are; of two claims one must be.
    var isUsed = true

    /// What there is of both, for people; nil where they do not meet.
    func meets(_ other: Self) -> String? {
        guard isUsed || other.isUsed else { return nil }
        switch (kind, other.kind) {
        case (.file(let one), .file(let two)): return one.isSame(as: two) ? "the file \(one.text)" : nil
        case (.folder(let one), .folder(let two)):
            if one.isSame(as: two) { return "the folder \(one.text)" }
            return one.contains(two) ? Self.within(two, one) : two.contains(one) ? Self.within(one, two) : nil
        case (.folder(let folder), .file(let file)), (.file(let file), .folder(let folder)):
            return folder.contains(file) ? Self.within(file, folder) : nil
        case (.database(let one), .database(let two)): return one == two ? "the database \(one)" : nil
        case (.address(let host, let port), .address(let otherHost, let otherPort)):
            guard port == otherPort, port != 0, Self.overlap(host, otherHost) else { return nil }
            return "port \(port) of \(host == otherHost ? host : "\(host) and \(otherHost)")"
        default: return nil
        }
    }

    private static func within(_ inner: ResolvedPath, _ outer: ResolvedPath) -> String {
        "\(inner.text), which is in \(outer.text)"
    }

    /// Whether two listeners could be asked by one address. A name may stand for any.
    private static func overlap(_ one: String, _ two: String) -> Bool {
        let hosts = [one, two].map { $0 == "localhost" ? "127.0.0.1" : $0.lowercased() }
        if hosts[0] == hosts[1] || hosts.contains(where: ["0.0.0.0", "::", ""].contains) { return true }
        return !hosts.allSatisfy { host in host.contains(":") || host.allSatisfy { $0.isNumber || $0 == "." } }
    }
}

extension TenantClaim {
    /// What a tenant has for itself.
    static func all(_ configuration: ParleyConfiguration) -> [TenantClaim] {
        func folder(_ key: String, _ path: String, isUsed: Bool? = nil) -> TenantClaim {
            let resolved = ResolvedPath(path)
            return TenantClaim(key: key, kind: .folder(resolved), isUsed: isUsed ?? resolved.isThere)
        }
        let speech = configuration.speech
        var claims = [
            // Also where the database is elsewhere: what the server does not take is kept beside it.
            TenantClaim(key: "store.path", kind: .file(ResolvedPath(configuration.store.path))),
            folder("agents.directory", configuration.agents.directory, isUsed: true),
            folder(
                "recordings.directory", configuration.recordings.directory, isUsed: configuration.recordings.isEnabled),
            folder("tools.directory", configuration.tools.directory),
            folder("tools.documents", configuration.tools.documents),
            folder(
                "speech.phrase_store", speech.phraseStore,
                isUsed: speech.phraseStoreSize > 0 && speech.synthesizers != [.embedded]),
            TenantClaim(
                key: "public.port",
                kind: .address(host: configuration.public.host, port: configuration.public.port)),
            TenantClaim(
                key: "private.port",
                kind: .address(host: configuration.private.host, port: configuration.private.port)),
        ]
        let socket = configuration.carriers.audioSocket
        if let port = socket.port {
            claims.append(
                TenantClaim(key: "carriers.audiosocket.port", kind: .address(host: socket.host, port: port)))
        }
        if let place = configuration.store.postgres.flatMap({ PostgresLocation($0.value).place }) {
            claims.append(TenantClaim(key: "store.postgres", kind: .database(place)))
        }
        return claims
    }
}
