import Foundation
package import Store

/// A PostgreSQL server of this test process alone: in a directory that goes with it, reached through a socket there, and
/// ended when the process is, however it ends.
package final class TestServer: Sendable {
    /// The one of this process, started when the first test asks.
    package static let shared = Result { try TestServer() }

    package struct Failure: Error, CustomStringConvertible {
        package let description: String
    }

    private let directory: String
    private let programs: String

    private let options: String
    /// Of the address 127.0.0.1; nil where it is reached through its socket alone.
    private let port: Int?

    /// Starts one more server, for a test that stops it; the others take ``shared``.
    ///
    /// - Parameter tls: a free port where it listens besides, for connections with TLS alone; its certificate is
    ///   ``certificate``.
    package init(tls port: Int? = nil) throws {
        let found = Self.installed.last { FileManager.default.isExecutableFile(atPath: $0 + "/initdb") }
        guard let found else {
            throw Failure(
                description:
                    "there is no PostgreSQL server to test with (no initdb in \(Self.places)); run scripts/setup")
        }
        programs = found
        // The name of a socket may have about a hundred characters.
        directory = "/tmp/parley-pg-\(getpid())-\(UInt16.random(in: 0...UInt16.max))"
        let output = directory + ".log"
        self.port = port
        var options = "-c unix_socket_directories=\(directory) -c fsync=off -c max_connections=200"
        options += port.map { " -c listen_addresses=127.0.0.1 -c port=\($0) -c ssl=on" } ?? " -c listen_addresses=''"
        self.options = options
        let status = Self.run([
            "/bin/bash", "-c", Self.script, "postgres-for-tests", directory, found, "\(getpid())", options,
        ])
        guard status == 0 else {
            let said = (try? String(contentsOfFile: output, encoding: .utf8)) ?? ""
            throw Failure(description: "the PostgreSQL server for the tests did not start: \(said.suffix(2000))")
        }
        try? FileManager.default.removeItem(atPath: output)
    }

    private static let places = "/usr/lib/postgresql"

    /// The folders of the servers that are installed, the newest last.
    private static var installed: [String] {
        let versions = (try? FileManager.default.contentsOfDirectory(atPath: places)) ?? []
        return versions.sorted { (Int($0) ?? 0) < (Int($1) ?? 0) }.map { "\(places)/\($0)/bin" }
    }

    /// The server refuses to be root's, so root runs it as its own user. Whoever is left behind watches for the end of the
    /// tests' process, also by force.
    private static let script = """
        set -eu
        directory=$1 programs=$2 tests=$3 options=$4
        exec >"$directory.log" 2>&1
        mkdir -m 700 "$directory"
        as=()
        if [ "$(id -u)" = 0 ]; then chown postgres "$directory"; as=(runuser -u postgres --); fi
        cd "$directory"
        "${as[@]}" "$programs/initdb" --pgdata data --username parley --auth trust --encoding UTF8 --locale C.UTF-8 \\
            --no-sync --no-instructions
        case $options in *ssl=on*)
            "${as[@]}" openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=localhost \\
                -addext subjectAltName=DNS:localhost,IP:127.0.0.1 -keyout data/server.key -out data/server.crt
            "${as[@]}" sed -i "s/^host /hostssl /" data/pg_hba.conf ;;
        esac
        "${as[@]}" "$programs/pg_ctl" --pgdata data --silent --wait --timeout 60 --log server.log --options "$options" start
        (
            # A test may have stopped the server already; its folder goes all the same.
            trap 'rm -rf "$directory"' EXIT
            while kill -0 "$tests" 2>/dev/null; do sleep 0.2; done
            "${as[@]}" "$programs/pg_ctl" --pgdata data --silent --mode immediate stop
        ) </dev/null >/dev/null 2>&1 &
        """

    private static let control = """
        set -eu
        cd "$1"
        as=()
        if [ "$(id -u)" = 0 ]; then as=(runuser -u postgres --); fi
        "${as[@]}" "$2/pg_ctl" --pgdata data --silent --wait --timeout 60 --log server.log "${@:3}" >/dev/null 2>&1
        """

    /// Stops it as a lost machine would: every connection ends at once.
    package func stop() throws { try control("--mode", "immediate", "stop") }

    /// Starts it again, at the same place and with what was committed.
    package func start() throws { try control("--options", options, "start") }

    private func control(_ words: String...) throws {
        let status = Self.run(["/bin/bash", "-c", Self.control, "postgres-for-tests", directory, programs] + words)
        guard status == 0 else { throw Failure(description: "pg_ctl \(words) ended with \(status)") }
    }

    /// Runs a program to its end. Not by Foundation, which would hold signals back from the server.
    private static func run(_ words: [String]) -> CInt {
        var process = pid_t()
        var status: CInt = 0
        let arguments = unsafe words.map { unsafe strdup($0) } + [nil]
        defer { unsafe arguments.forEach { unsafe free($0) } }
        guard unsafe posix_spawn(&process, words[0], nil, nil, arguments, environ) == 0 else { return -1 }
        while unsafe waitpid(process, &status, 0) == -1, errno == EINTR {}
        return status
    }

    /// Of a server with TLS.
    package var certificate: String { directory + "/data/server.crt" }

    /// The server's first database over its address, as libpq's connection string; it says nothing of TLS.
    package var address: String? { port.map { "host=127.0.0.1 port=\($0) user=parley dbname=postgres" } }

    /// An empty database of its own.
    package func database() throws -> PostgresLocation {
        let name = "d" + UUID().uuidString.replacing("-", with: "").lowercased()
        try psql("CREATE DATABASE \(name)")
        return PostgresLocation("host=\(directory) port=\(port ?? 5432) user=parley dbname=\(name)", connections: 4)
    }

    /// An empty schema of its own in the server's database.
    package func location() throws -> PostgresLocation {
        let name = "t" + UUID().uuidString.replacing("-", with: "").lowercased()
        try psql("CREATE SCHEMA \(name)")
        return PostgresLocation(
            "host=\(directory) port=\(port ?? 5432) user=parley dbname=postgres options='-c search_path=\(name)'",
            connections: 4)
    }

    /// A database of its own in which `sql` was run, as the address that libpq takes.
    package func address(ofDatabaseWith sql: String) throws -> String {
        let name = "d" + UUID().uuidString.replacing("-", with: "").lowercased()
        try psql("CREATE DATABASE \(name)")
        try psql(sql, database: name)
        return "postgresql:///\(name)?host=\(directory)&port=\(port ?? 5432)&user=parley"
    }

    private func psql(_ sql: String, database: String = "postgres") throws {
        let status = Self.run([
            programs + "/psql", "-X", "-q", "-h", directory, "-p", "\(port ?? 5432)", "-U", "parley", "-d", database,
            "-v", "ON_ERROR_STOP=1", "-c", sql,
        ])
        guard status == 0 else { throw Failure(description: "\(sql): psql ended with \(status)") }
    }
}
