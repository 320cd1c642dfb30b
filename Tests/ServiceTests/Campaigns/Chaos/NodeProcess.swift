import Foundation

/// `parley serve`, as a process of its own that is killed and started again at the same place.
final class NodeProcess {
    private let folder: URL
    private let name: String
    private let environment: [String: String]
    private var process: pid_t = 0
    /// Times that it was started.
    private(set) var starts = 0
    /// Times that it ended without being killed.
    private(set) var failures = 0

    /// More than a server that is started again explains.
    private let mostFailures: Int

    /// Ends with the tests' process, however that ends. Standard error goes to the end of a file.
    private static let script = """
        ( while kill -0 "$1" && kill -0 $$; do sleep 2; done; kill -0 "$1" || kill -9 $$ ) </dev/null >/dev/null 2>&1 &
        cd "${4%/*}"
        exec "$2" serve --config "$3" </dev/null >/dev/null 2>>"$4"
        """

    /// - Parameters:
    ///   - folder: holds `NAME.yaml`, and in the end `NAME.log`.
    ///   - environment: settings.
    ///   - outage: how long its server may be away at one time, in seconds; it ends at once meanwhile, as often as it is started.
    init(_ name: String, in folder: URL, environment: [String: String], outage: Double = 0) {
        mostFailures = 60 + Int(outage * 2)
        self.name = name
        self.folder = folder
        self.environment = environment
    }

    deinit {
        guard isRunning else { return }
        kill(process, SIGKILL)
        // It ends at once.
        while waitpid(process, nil, 0) == -1, errno == EINTR {}
    }

    private static func binary() throws -> String {
        let own = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
        return URL(fileURLWithPath: own).deletingLastPathComponent().appending(path: "parley").path
    }

    var log: URL { folder.appending(path: "\(name).log") }

    func start() throws {
        precondition(process == 0, "it runs")
        guard failures < mostFailures else {
            throw Unexpected(what: "a node", got: "ended by itself \(failures) times; see \(log.path)")
        }
        let words = [
            "/bin/bash", "-c", Self.script, "parley-node", "\(getpid())", try Self.binary(),
            folder.appending(path: "\(name).yaml").path, log.path,
        ]
        let all = environment.merging(["PATH": ProcessInfo.processInfo.environment["PATH"] ?? ""]) { $1 }
        let arguments = unsafe words.map { unsafe strdup($0) } + [nil]
        let settings = unsafe all.map { unsafe strdup("\($0.key)=\($0.value)") } + [nil]
        defer { unsafe (arguments + settings).forEach { unsafe free($0) } }
        let status = unsafe posix_spawn(&process, words[0], nil, nil, arguments, settings)
        guard status == 0 else { throw POSIXError(POSIXErrorCode(rawValue: status) ?? .EIO) }
        starts += 1
    }

    /// Whether it still runs.
    var isRunning: Bool {
        guard process != 0 else { return false }
        // 0: it has not ended.
        if waitpid(process, nil, WNOHANG) == 0 { return true }
        process = 0
        failures += 1
        return false
    }

    /// Sends it a signal and waits for its end.
    ///
    /// - Returns: whether it ran until then.
    @discardableResult
    func stop(_ signal: CInt) async -> Bool {
        guard isRunning else { return false }
        kill(process, signal)
        // Without a thread of the pool that waits: the test's carrier needs them.
        while waitpid(process, nil, WNOHANG) == 0 { try? await Task.sleep(for: .milliseconds(2)) }
        process = 0
        return true
    }
}
