import Foundation
import TestPostgres

@testable import Store

/// A directory that goes when the test does.
final class TemporaryDirectory: Sendable {
    let path: String
    /// Of the database that stands for this directory on a server.
    private let location: PostgresLocation?

    init() throws {
        location = Engine.current == .postgres ? try TestServer.shared.get().location() : nil
        path = NSTemporaryDirectory() + "parley-store-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    func file(_ name: String) -> String { path + "/" + name }

    /// The directory's store, in what ``Engine/current`` says; asked for again it is the same database.
    func store(_ options: StoreOptions = StoreOptions()) throws -> Store {
        if let location { return try Store(postgres: location, options: options) }
        return try Store(path: file("parley.db"), options: options)
    }

    /// The same, with room for so many bytes beside its tables.
    func store(roomFor bytes: Int) async throws -> Store {
        let empty = try store()
        let size = try await empty.read("look", "") {
            try Int.fetchOne($0, sql: "SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()")
        }
        try empty.close()
        return try store(StoreOptions(maximumSize: (size ?? 0) + bytes))
    }
}
