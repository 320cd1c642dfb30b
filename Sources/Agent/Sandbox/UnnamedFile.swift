import Foundation

/// Bytes as a file without a name, to be given to a program.
struct UnnamedFile: ~Copyable {
    let handle: FileHandle

    init(_ bytes: Data) throws {
        let url = FileManager.default.temporaryDirectory.appending(path: "parley-\(UUID().uuidString)")
        let isMade = FileManager.default.createFile(
            atPath: url.path, contents: bytes, attributes: [.posixPermissions: 0o600])
        guard isMade else { throw CocoaError(.fileWriteUnknown) }
        defer { try? FileManager.default.removeItem(at: url) }
        handle = try FileHandle(forReadingFrom: url)
    }

    deinit { try? handle.close() }
}
