import Foundation

@testable import Store

/// A directory that goes when the test does.
final class TemporaryDirectory: Sendable {
    let path: String

    init() throws {
        path = NSTemporaryDirectory() + "parley-store-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    func file(_ name: String) -> String { path + "/" + name }

    func store(_ options: StoreOptions = StoreOptions()) throws -> Store {
        try Store(path: file("parley.db"), options: options)
    }
}
