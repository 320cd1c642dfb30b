import Foundation
import Glibc
import Networking

/// A server that is a program of ours: one JSON message a line over its standard input and output.
///
/// It is started with the first request, and again when it has ended. What was under way then has failed.
final class MCPStdioTransport: MCPTransport {

    private let command: [String]
    private let environment: [String: String]
    private let state = Lock<MCPProgram?>(nil)

    var probesByDiscovery: Bool { true }

    init(command: [String], environment: [String: String]) {
        self.command = command
        self.environment = environment
    }

    func agreed(on version: String) async {}
    func reset() async {}

    func hasEnded() async -> Bool { state.withLock { $0?.isRunning != true } }

    func close() async {
        let program = state.withLock { $0.take() }
        await program?.end()
    }

    func notify(_ message: JSONValue) async throws(MCPError) { try program().write(message) }

    func send(_ call: MCPCall) async throws(MCPError) -> JSONValue {
        let program = try program()
        let message = MCPMessage.request(
            id: call.id, method: call.method, params: call.isModern ? MCPMessage.modern(call.params) : call.params)
        return try await program.request(message, id: call.id, deadline: call.deadline)
    }

    private func program() throws(MCPError) -> MCPProgram {
        let result = state.withLock { current -> Result<MCPProgram, MCPError> in
            if let current, current.isRunning { return .success(current) }
            do throws(MCPError) {
                let program = try MCPProgram(command: command, environment: environment)
                current = program
                return .success(program)
            } catch {
                return .failure(error)
            }
        }
        return try result.get()
    }
}

/// A program under way, and the requests that wait for its lines.
final class MCPProgram: @unchecked Sendable {
    // @unchecked: `process` is used under the state's lock or by calls that Foundation lets any thread make; the rest is
    // constant or in the lock.
    private struct State {
        var buffer = Data()
        var waiting: [Int: CheckedContinuation<Result<JSONValue, MCPError>, Never>] = [:]
        var hasEnded = false
    }

    private let process = Process()
    private let input = Pipe()
    private let output = Pipe()
    private let state = Lock(State())

    /// Bytes of one line that are kept; a longer one ends the program.
    private static let longestLine = 8 << 20

    init(command: [String], environment: [String: String]) throws(MCPError) {
        // A program that ended must be an error of a write, not our end.
        _ = signal(SIGPIPE, SIG_IGN)
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = command
        let own = ProcessInfo.processInfo.environment
        // Nothing else of ours, for it may hold secrets.
        process.environment = own.filter { ["PATH", "HOME", "LANG", "TMPDIR"].contains($0.key) }
            .merging(environment) { $1 }
        process.standardInput = input
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        output.fileHandleForReading.readabilityHandler = { [weak self] handle in
            let bytes = handle.availableData
            if bytes.isEmpty {
                handle.readabilityHandler = nil
                self?.ended("the program closed its output")
            } else {
                self?.received(bytes)
            }
        }
        do { try process.run() } catch {
            output.fileHandleForReading.readabilityHandler = nil
            throw MCPError(.unreachable, "\(command.first ?? "") could not be started: \(error)")
        }
    }

    var isRunning: Bool { process.isRunning && !state.withLock { $0.hasEnded } }

    func write(_ message: JSONValue) throws(MCPError) {
        do { try input.fileHandleForWriting.write(contentsOf: Data((message.text + "\n").utf8)) } catch {
            throw MCPError(.unreachable, "the program takes no more input: \(error)")
        }
    }

    func request(_ message: JSONValue, id: Int, deadline: Duration) async throws(MCPError) -> JSONValue {
        let timer = Task { [weak self] in
            guard (try? await Task.sleep(for: deadline)) != nil else { return }
            self?.finish(id, .failure(MCPError(.lost, "no answer within \(deadline)")))
            try? self?.write(
                MCPMessage.notification(
                    "notifications/cancelled", params: ["requestId": .integer(id), "reason": "deadline"]))
        }
        let result = await withCheckedContinuation {
            (continuation: CheckedContinuation<Result<JSONValue, MCPError>, Never>) in
            let hasEnded = state.withLock { state in
                if !state.hasEnded { state.waiting[id] = continuation }
                return state.hasEnded
            }
            if hasEnded { return continuation.resume(returning: .failure(MCPError(.unreachable, "the program ended"))) }
            do throws(MCPError) { try write(message) } catch { finish(id, .failure(error)) }
        }
        timer.cancel()
        return try result.get()
    }

    /// Closes its input, waits a little, and then insists.
    func end() async {
        try? input.fileHandleForWriting.close()
        for _ in 0..<40 where process.isRunning { try? await Task.sleep(for: .milliseconds(50)) }
        if process.isRunning { process.terminate() }
        for _ in 0..<20 where process.isRunning { try? await Task.sleep(for: .milliseconds(50)) }
        if process.isRunning { kill(process.processIdentifier, SIGKILL) }
        ended("the program was ended")
    }

    private func received(_ bytes: Data) {
        let (lines, isTooLong) = state.withLock { state -> ([Data], Bool) in
            var lines: [Data] = []
            var rest = bytes[...]
            // Only what is new is looked through, or a long line would be so again and again.
            while let end = rest.firstIndex(of: UInt8(ascii: "\n")) {
                lines.append(state.buffer + rest[..<end])
                state.buffer = Data()
                rest = rest[rest.index(after: end)...]
            }
            state.buffer += rest
            return (lines, state.buffer.count > Self.longestLine)
        }
        if isTooLong {
            // Foundation starts programs with what would end them politely held back.
            kill(process.processIdentifier, SIGKILL)
            return ended("the program wrote a line of more than \(Self.longestLine) bytes")
        }
        for line in lines {
            guard let message = try? JSONValue(parsing: line) else { continue }
            if let answer = MCPMessage.answer(to: message) {
                try? write(answer)
            } else if message["method"] == nil, let id = message["id"]?.integer {
                if let error = message["error"] {
                    finish(id, .failure(MCPError(error)))
                } else {
                    finish(id, .success(message["result"] ?? [:]))
                }
            }
        }
    }

    private func finish(_ id: Int, _ result: Result<JSONValue, MCPError>) {
        state.withLock { $0.waiting.removeValue(forKey: id) }?.resume(returning: result)
    }

    private func ended(_ reason: String) {
        let waiting = state.withLock { state in
            state.hasEnded = true
            let waiting = state.waiting
            state.waiting = [:]
            return waiting
        }
        for continuation in waiting.values { continuation.resume(returning: .failure(MCPError(.lost, reason))) }
    }
}
