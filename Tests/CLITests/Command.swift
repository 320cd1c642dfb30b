import Foundation

/// The built program, run as somebody at a shell would run it.
struct Command: Sendable {
    struct Outcome: Sendable {
        var status: Int32
        var output: String
        var complaints: String
    }

    /// Beside the tests' own binary.
    private static var binary: URL {
        get throws {
            let own = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
            return URL(fileURLWithPath: own).deletingLastPathComponent().appending(path: "parley")
        }
    }

    private let process = Process()
    private let folder: URL
    private let ending: AsyncStream<Int32>

    /// Starts the program in `folder`, with nothing of the tests' own environment but what finds programs.
    ///
    /// - Parameters:
    ///   - environment: settings.
    ///   - input: standard input; nil for that of the tests.
    init(
        _ arguments: [String], in folder: URL, environment: [String: String] = [:], input: FileHandle? = nil
    ) throws {
        let (ending, end) = AsyncStream.makeStream(of: Int32.self)
        self.ending = ending
        self.folder = folder
        process.executableURL = try Self.binary
        process.arguments = arguments
        process.currentDirectoryURL = folder
        process.environment = ["PATH": ProcessInfo.processInfo.environment["PATH"] ?? ""].merging(environment) { $1 }
        for name in ["out", "err"] { try Data().write(to: folder.appending(path: name)) }
        if let input { process.standardInput = input }
        process.standardOutput = try FileHandle(forWritingTo: folder.appending(path: "out"))
        process.standardError = try FileHandle(forWritingTo: folder.appending(path: "err"))
        process.terminationHandler = { process in
            end.yield(process.terminationStatus)
            end.finish()
        }
        try process.run()
    }

    static func run(
        _ arguments: String..., in folder: URL, environment: [String: String] = [:]
    ) async throws -> Outcome {
        try await Command(arguments, in: folder, environment: environment).ended()
    }

    /// What has been written so far.
    var complaints: String { (try? String(contentsOf: folder.appending(path: "err"), encoding: .utf8)) ?? "" }

    /// Of the program.
    var processID: Int32 { process.processIdentifier }

    /// Tells the program to stop.
    func terminate() { process.terminate() }

    /// Sends what Ctrl-C sends.
    func interrupt() { process.interrupt() }

    /// Waits for its end, which comes within a minute or is made.
    func ended() async throws -> Outcome {
        let status = await withTaskGroup(of: Int32?.self) { group in
            group.addTask {
                for await status in ending { return status }
                return nil
            }
            group.addTask {
                try? await Task.sleep(for: .seconds(60))
                return nil
            }
            let first = await group.next() ?? nil
            group.cancelAll()
            return first
        }
        if status == nil { kill(process.processIdentifier, SIGKILL) }
        return Outcome(
            status: status ?? -1, output: try String(contentsOf: folder.appending(path: "out"), encoding: .utf8),
            complaints: complaints)
    }
}

/// A folder that goes when the test does.
final class TemporaryFolder: Sendable {
    let url: URL

    init() throws {
        url = FileManager.default.temporaryDirectory.appending(path: "parley-cli-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(at: url) }
}
