import Foundation

/// Programs of others that tests compare with: a Python environment that `scripts/setup --with-test-peers` makes.
enum TestPeers {
    /// The interpreter; nil when there is no such environment.
    static var python: URL? {
        guard let directory = ProcessInfo.processInfo.environment["PARLEY_PEERS"], !directory.isEmpty else {
            return nil
        }
        return URL(fileURLWithPath: directory).appending(path: "bin/python")
    }

    /// Runs a program of the environment until it ends, and gives its status and all that it printed.
    static func run(_ name: String, _ arguments: [String]) async throws -> (status: Int32, text: String) {
        guard let python else { throw CocoaError(.fileNoSuchFile) }
        let process = Process()
        process.executableURL = python.deletingLastPathComponent().appending(path: name)
        process.arguments = arguments
        // What it leaves behind is not for the repository.
        process.currentDirectoryURL = FileManager.default.temporaryDirectory
        // A file, since a pipe that nobody reads fills up.
        let output = FileManager.default.temporaryDirectory.appending(path: "parley-peer-\(UUID().uuidString)")
        _ = FileManager.default.createFile(atPath: output.path, contents: nil)
        defer { try? FileManager.default.removeItem(at: output) }
        let file = try FileHandle(forWritingTo: output)
        process.standardOutput = file
        process.standardError = file
        try await withCheckedThrowingContinuation { (done: CheckedContinuation<Void, any Error>) in
            process.terminationHandler = { _ in done.resume() }
            do { try process.run() } catch { done.resume(throwing: error) }
        }
        return (process.terminationStatus, try String(contentsOf: output, encoding: .utf8))
    }

    /// Runs a Python program with `input` on its standard input.
    static func run(_ program: String, input: String) throws -> (status: Int32, text: String, error: String) {
        let process = Process()
        process.executableURL = python
        process.arguments = ["-c", program]
        let (standardInput, output, error) = (Pipe(), Pipe(), Pipe())
        process.standardInput = standardInput
        process.standardOutput = output
        process.standardError = error
        try process.run()
        try standardInput.fileHandleForWriting.write(contentsOf: Data(input.utf8))
        try standardInput.fileHandleForWriting.close()
        let text = try output.fileHandleForReading.readToEnd() ?? Data()
        let complaint = try error.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        return (
            process.terminationStatus, String(decoding: text, as: UTF8.self), String(decoding: complaint, as: UTF8.self)
        )
    }
}
