import CPostgres

/// Where a PostgreSQL database is, and how it is used.
package struct PostgresLocation: Sendable, Equatable {
    /// libpq's connection string: `postgres://user@host:port/name?sslmode=verify-full`, or its `key=value` form.
    package var connection: String
    /// Nil for the one in ``connection``, in `PGPASSWORD` or in the user's password file.
    package var password: String?
    /// Connections that are held at most, 1...100.
    package var connections: Int
    /// How long one statement may take before the server ends it.
    package var statementTimeout: Duration
    /// How long the making of a connection may take, whole seconds.
    package var connectTimeout: Duration
    /// How long an operation may wait for one of the connections, all of which are at work.
    package var patience: Duration

    package init(
        _ connection: String, password: String? = nil, connections: Int = 8,
        statementTimeout: Duration = .seconds(30), connectTimeout: Duration = .seconds(5),
        patience: Duration = .seconds(10)
    ) {
        self.connection = connection
        self.password = password
        self.connections = connections
        self.statementTimeout = statementTimeout
        self.connectTimeout = connectTimeout
        self.patience = patience
    }
}

extension PostgresLocation: CustomStringConvertible {
    /// Whether libpq understands the connection string.
    package var isReadable: Bool {
        guard let options = unsafe PQconninfoParse(connection, nil) else { return false }
        unsafe PQconninfoFree(options)
        return true
    }

    /// Host, port, database and user, and nothing else: what stands in a connection string may be a secret.
    package var description: String {
        guard let known = settings else { return "postgres://?" }
        let user = known["user"].map { $0 + "@" } ?? ""
        let host = known["host"] ?? known["hostaddr"] ?? "localhost"
        let port = known["port"].map { ":" + $0 } ?? ""
        return "postgres://\(user)\(host)\(port)/\(known["dbname"] ?? "")"
    }

    /// Which tables these are: server, database and schema, as far as the connection string says. Whoever has the same has
    /// the same tables; a server that has two names is not known by them. Nil where the string cannot be read.
    package var place: String? {
        guard let known = settings else { return nil }
        let named = (known["host"] ?? known["hostaddr"] ?? "").lowercased()
        let isHere = named.isEmpty || named.hasPrefix("/") || ["localhost", "127.0.0.1", "::1"].contains(named)
        let database = known["dbname"] ?? known["user"] ?? ""
        // Tables are made in the first of the path.
        let path =
            known["options"]?.firstMatch(of: /search_path\s*=\s*(\S+)/).map { String($0.1.prefix { $0 != "," }) }
            ?? "public"
        let schema = path.lowercased().filter { $0 != "\"" && $0 != "'" && $0 != "\\" }
        return "postgres://\(isHere ? "localhost" : named):\(known["port"] ?? "5432")/\(database) schema \(schema)"
    }

    /// What the connection string says, by libpq's keywords; nil where it cannot be read.
    var settings: [String: String]? {
        // SAFETY: the array of options is ours until it is freed, and ends with one without a keyword.
        guard let options = unsafe PQconninfoParse(connection, nil) else { return nil }
        defer { unsafe PQconninfoFree(options) }
        var known: [String: String] = [:]
        var option = unsafe options
        while let keyword = unsafe option.pointee.keyword {
            if let value = unsafe option.pointee.val {
                known[unsafe String(cString: keyword)] = unsafe String(cString: value)
            }
            unsafe option += 1
        }
        return known
    }
}
