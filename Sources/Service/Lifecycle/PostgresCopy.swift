import Agent
import Foundation
package import Store

/// Copies a PostgreSQL database into a file and back, with the server's own programs: `pg_dump` sees one moment while others go on
/// writing, and `pg_restore` puts all of it there or nothing.
package struct PostgresCopy: Sendable {
    /// Why there is no copy, and what to do.
    package struct Failure: Error, Sendable, CustomStringConvertible {
        package let description: String
    }

    private static let section = "parley"
    private static let limits = ProcessLimits(time: .seconds(86_400), output: 1 << 24)

    private let location: PostgresLocation
    private let environment: [String: String]
    private let places: [String]

    /// - Parameters:
    ///   - environment: of this process: `PATH` finds the programs, `PGPASSWORD`, `PGPASSFILE` and `HOME` are theirs.
    ///   - installed: folders that are looked into after those of `PATH`.
    package init(
        _ location: PostgresLocation, environment: [String: String] = ProcessInfo.processInfo.environment,
        installed: [String] = Self.installed
    ) {
        self.location = location
        self.environment = environment
        places = (environment["PATH"] ?? "").split(separator: ":").map(String.init) + installed
    }

    /// Debian's folders of the versions that are installed, the newest first.
    package static var installed: [String] {
        let root = "/usr/lib/postgresql"
        let versions = (try? FileManager.default.contentsOfDirectory(atPath: root)) ?? []
        return versions.compactMap(Int.init).sorted(by: >).map { "\(root)/\($0)/bin" }
    }

    /// Writes a new file, which nobody else may read. It is whole or is not there.
    package func dump(to file: String) async throws {
        guard !FileManager.default.fileExists(atPath: file) else {
            throw Failure(description: "\(file) is there already; choose another name")
        }
        let (schema, tables) = try location.contents()
        guard tables.contains("parley_schema") else {
            throw Failure(description: "schema \(schema) of \(location) holds no database of Parley's")
        }
        let part = file + ".part"
        // Made before, so that it is nobody else's from its first byte.
        guard FileManager.default.createFile(atPath: part, contents: nil, attributes: [.posixPermissions: 0o600]) else {
            throw Failure(description: "\(part) cannot be written; choose another folder")
        }
        defer { try? FileManager.default.removeItem(atPath: part) }
        _ = try await run(
            "pg_dump",
            ["--format=custom", "--no-owner", "--no-privileges", "--schema=\"\(schema)\"", "--file=\(part)"])
        try FileManager.default.moveItem(atPath: part, toPath: file)
    }

    /// Puts a copy into a database that holds none of Parley's tables yet: all of it or nothing.
    package func restore(_ file: String) async throws {
        guard FileManager.default.isReadableFile(atPath: file) else {
            throw Failure(description: "\(file) cannot be read")
        }
        let (schema, tables) = try location.contents()
        guard tables.isEmpty else {
            throw Failure(
                description:
                    "schema \(schema) of \(location) has \(tables.count) tables; make an empty database (createdb) and name it in store.postgres"
            )
        }
        let list = try await run("pg_restore", ["--list", file], connects: false)
        let wanted = try Self.entries(of: list, schema: schema, file: file)
        try await withPrivateFile(wanted, suffix: "list") { names in
            _ = try await run(
                "pg_restore",
                [
                    "--exit-on-error", "--single-transaction", "--no-owner", "--no-privileges", "--use-list=\(names)",
                    "--dbname=service=\(Self.section)", file,
                ])
        }
    }

    /// The list of a copy without the schema itself, which has to be there already.
    ///
    /// A line is `3350; 1259 16402 TABLE public calls parley`.
    static func entries(of list: String, schema: String, file: String) throws -> String {
        let entries = list.split(separator: "\n").filter { !$0.hasPrefix(";") }
        let tables = entries.compactMap { entry -> (schema: Substring, name: Substring)? in
            let words = entry.split(separator: " ")
            guard words.count > 5, words[3] == "TABLE", words[4] != "DATA" else { return nil }
            return (words[4], words[5])
        }
        guard let steps = tables.first(where: { $0.name == "parley_schema" }) else {
            throw Failure(description: "\(file) is no copy of a database of Parley's")
        }
        guard steps.schema == schema else {
            throw Failure(
                description:
                    "\(file) holds the schema \(steps.schema), and store.postgres leads to \(schema); name the same in its search_path"
            )
        }
        return entries.filter { !$0.contains(" SCHEMA - ") && !$0.contains(" COMMENT - SCHEMA ") }.joined(
            separator: "\n")
            + "\n"
    }

    /// - Returns: what it printed.
    private func run(_ program: String, _ arguments: [String], connects: Bool = true) async throws -> String {
        guard let path = places.map({ "\($0)/\(program)" }).first(where: FileManager.default.isExecutableFile) else {
            throw Failure(
                description: "\(program) is not installed; install the server's client (Debian: postgresql-client)")
        }
        guard connects else { return try await self.run(path, arguments, service: nil) }
        return try await withPrivateFile(try location.serviceFile(section: Self.section), suffix: "service") {
            service in
            let leads = arguments.contains { $0.hasPrefix("--dbname") } ? [] : ["--dbname=service=\(Self.section)"]
            return try await self.run(path, arguments + leads, service: service)
        }
    }

    private func run(_ path: String, _ arguments: [String], service: String?) async throws -> String {
        var given = environment.filter { ["PATH", "HOME", "PGPASSWORD", "PGPASSFILE", "LANG"].contains($0.key) }
        given["PGSERVICEFILE"] = service
        let result = try await BoundedProcess.run([path] + arguments, environment: given, limits: Self.limits)
        guard result.end == .exited(0) else {
            let words = String(decoding: result.errors, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
            throw Failure(description: "\(path) failed (\(result.end)): \(words.prefix(2000))")
        }
        return String(decoding: result.output, as: UTF8.self)
    }

    /// Lends a file that only this user can read, and removes it.
    private func withPrivateFile<Value>(
        _ text: String, suffix: String, _ body: (String) async throws -> Value
    ) async throws -> Value {
        let path = FileManager.default.temporaryDirectory.appending(path: "parley-\(UUID().uuidString).\(suffix)").path
        guard
            FileManager.default.createFile(
                atPath: path, contents: Data(text.utf8), attributes: [.posixPermissions: 0o600])
        else { throw Failure(description: "\(path) cannot be written") }
        defer { try? FileManager.default.removeItem(atPath: path) }
        return try await body(path)
    }
}
