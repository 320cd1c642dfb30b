import Crypto
import Foundation
import HTTPTypes
import Hummingbird
import NIOCore
import Networking

/// Receives bodies that are too large for memory into files, a few at a time.
///
/// What was not received whole is gone with its file, and nothing was done with it.
final class UploadDesk: Sendable {
    /// At a time; more are told to wait.
    private static let most = 2

    private let folder: ImportFolder
    /// In bytes.
    private let largest: Int
    private let now: @Sendable () -> Date
    private let count = Lock(0)

    /// - Parameter largest: bytes of a body.
    init(folder: ImportFolder, largest: Int, now: @escaping @Sendable () -> Date) {
        self.folder = folder
        self.largest = largest
        self.now = now
    }

    /// Receives the body of `request`, and deletes the file when `body` is done with it.
    func receive<Answer>(
        _ request: Request, _ body: (ReceivedUpload) async throws -> Answer
    ) async throws -> Answer {
        if let length = request.headers[.contentLength].flatMap({ Int($0) }), length > largest { throw tooLarge }
        guard begin() else {
            var problem = Problem.unavailable("\(Self.most) files are being taken already; send this one in a minute.")
            problem.headers[.retryAfter] = "60"
            throw problem
        }
        defer { count.withLock { $0 -= 1 } }
        folder.sweep(now: now())
        let path = try folder.newUpload()
        // It holds personal data.
        guard FileManager.default.createFile(atPath: path, contents: nil, attributes: [.posixPermissions: 0o600]),
            let file = FileHandle(forWritingAtPath: path)
        else {
            throw Problem.unavailable("A file cannot be made in \"campaigns.imports\"; may the service write there?")
        }
        defer { try? FileManager.default.removeItem(atPath: path) }
        let upload = try await receive(request, into: file, path: path)
        return try await body(upload)
    }

    private func receive(_ request: Request, into file: FileHandle, path: String) async throws -> ReceivedUpload {
        defer { try? file.close() }
        var hash = SHA256()
        var size = 0
        for try await buffer in request.body {
            size += buffer.readableBytes
            guard size <= largest else { throw tooLarge }
            let bytes = Data(buffer.readableBytesView)
            hash.update(data: bytes)
            try file.write(contentsOf: bytes)
        }
        return ReceivedUpload(path: path, size: size, digest: Data(hash.finalize()))
    }

    private func begin() -> Bool {
        count.withLock { count in
            guard count < Self.most else { return false }
            count += 1
            return true
        }
    }

    private var tooLarge: Problem {
        Problem(
            status: .contentTooLarge, code: "too_large",
            detail:
                "The file is larger than \(ByteSize.text(largest)); \"campaigns.largest_import\" sets that. Send it in parts.",
            headers: [.connection: "close"])
    }
}
