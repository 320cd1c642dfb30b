import Foundation

@testable import Store

/// A PostgreSQL server of this test process alone: in a directory that goes with it, reached through a socket there, and
/// ended when the process is, however it ends.
final class TestServer: Sendable {
    /// The one of this process, started when the first test asks.
    static let shared = Result { try TestServer() }

    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    private let directory: String

    private init() throws {
        let found = Self.programs.last { FileManager.default.isExecutableFile(atPath: $0 + "/initdb") }
        guard let found else {
            throw Failure(
                description:
                    "there is no PostgreSQL server to test with (no initdb in \(Self.places)); run scripts/setup")
        }
        // The name of a socket may have about a hundred characters.
        directory = "/tmp/parley-pg-\(getpid())"
        let output = directory + ".log"
        let status = Self.run(["/bin/bash", "-c", Self.script, "postgres-for-tests", directory, found, "\(getpid())"])
        guard status == 0 else {
            let said = (try? String(contentsOfFile: output, encoding: .utf8)) ?? ""
            throw Failure(description: "the PostgreSQL server for the tests did not start: \(said.suffix(2000))")
        }
        try? FileManager.default.removeItem(atPath: output)
    }

    private static let places = "/usr/lib/postgresql"

    /// The folders of the servers that are installed, the newest last.
    private static var programs: [String] {
        let versions = (try? FileManager.default.contentsOfDirectory(atPath: places)) ?? []
        return versions.sorted { (Int($0) ?? 0) < (Int($1) ?? 0) }.map { "\(places)/\($0)/bin" }
    }

    /// The server refuses to be root's, so root runs it as its own user. Whoever is left behind watches for the end of the
    /// tests' process, also by force.
    private static let script = """
        set -eu
        directory=$1 programs=$2 tests=$3
        exec >"$directory.log" 2>&1
        mkdir -m 700 "$directory"
        as=()
        if [ "$(id -u)" = 0 ]; then chown postgres "$directory"; as=(runuser -u postgres --); fi
        cd "$directory"
        "${as[@]}" "$programs/initdb" --pgdata data --username parley --auth trust --encoding UTF8 --locale C.UTF-8 \\
            --no-sync --no-instructions
        "${as[@]}" "$programs/pg_ctl" --pgdata data --silent --wait --timeout 60 --log server.log --options \\
            "-c listen_addresses='' -c unix_socket_directories=$directory -c fsync=off -c max_connections=200" start
        (
            while kill -0 "$tests" 2>/dev/null; do sleep 0.2; done
            "${as[@]}" "$programs/pg_ctl" --pgdata data --silent --mode immediate stop
            rm -rf "$directory"
        ) </dev/null >/dev/null 2>&1 &
        """

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

    /// An empty schema of its own in the server's database.
    func location() throws -> PostgresLocation {
        let name = "t" + UUID().uuidString.replacing("-", with: "").lowercased()
        let admin = "host=\(directory) user=parley dbname=postgres"
        try PostgresConnection(PostgresLocation(admin)).command("CREATE SCHEMA \(name)")
        return PostgresLocation(admin + " options='-c search_path=\(name)'", connections: 4)
    }
}
