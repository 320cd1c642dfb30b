package import Foundation
import Glibc
import Networking

/// A program that is run to its end, and never longer or louder than its limits.
///
/// It is started in a process group of its own. Whatever ends it early kills the group, so nothing that it started
/// stays behind unless that made itself a group; against those a ``Sandbox`` helps.
package final class BoundedProcess: @unchecked Sendable {
    // @unchecked: `process` is set up before it is shared, and then used through calls that Foundation lets any thread
    // make; the rest is constant or in the lock.
    private enum Stream { case output, errors }

    private struct State {
        /// By stream.
        var texts: [Stream: Data] = [:]
        var open = 2
        var status: ProcessResult.End?
        /// Why we killed it.
        var reason: ProcessResult.End?
        var waiting: CheckedContinuation<ProcessResult, Never>?
    }

    private let process = Process()
    private let output = Pipe()
    private let errors = Pipe()
    private let limits: ProcessLimits
    private let state = Lock(State())

    /// How long the ends of a program that is gone are waited for, should somebody else hold its pipes.
    private static let grace = Duration.milliseconds(500)

    private init(limits: ProcessLimits) { self.limits = limits }

    /// Runs a program.
    ///
    /// - Parameters:
    ///   - command: its absolute path and its arguments.
    ///   - environment: all of it; nothing of ours is handed on.
    ///   - input: a file that is its standard input; empty without one.
    /// - Throws: what Foundation says when it cannot be started. Being killed is a result, cancellation too.
    package static func run(
        _ command: [String], environment: [String: String] = [:], input: FileHandle? = nil, limits: ProcessLimits
    ) async throws -> ProcessResult {
        let run = BoundedProcess(limits: limits)
        try run.start(command, environment, input)
        return await withTaskCancellationHandler {
            let timer = Task {
                guard (try? await Task.sleep(for: limits.time)) != nil else { return }
                run.kill(because: .time)
            }
            defer { timer.cancel() }
            let result = await run.result()
            run.closePipes()
            return result
        } onCancel: {
            run.kill(because: .cancelled)
        }
    }

    private func start(_ command: [String], _ environment: [String: String], _ input: FileHandle?) throws {
        process.executableURL = URL(fileURLWithPath: command.first ?? "")
        process.arguments = Array(command.dropFirst())
        process.environment = environment
        process.currentDirectoryURL = URL(fileURLWithPath: "/")
        process.standardInput = input ?? FileHandle.nullDevice
        process.standardOutput = output
        process.standardError = errors
        process.terminationHandler = { [self] process in
            let status = process.terminationStatus
            ended(process.terminationReason == .exit ? .exited(status) : .signalled(status))
        }
        follow(output, as: .output)
        follow(errors, as: .errors)
        do { try Self.withLimitSignals { try process.run() } } catch {
            output.fileHandleForReading.readabilityHandler = nil
            errors.fileHandleForReading.readabilityHandler = nil
            process.terminationHandler = nil
            throw error
        }
    }

    /// Lets what is started meanwhile hear of its limits: threads of a pool block every signal, and a child inherits it.
    private static func withLimitSignals(_ body: () throws -> Void) rethrows {
        var (limits, before) = (sigset_t(), sigset_t())
        // SAFETY: sets of this frame. Nobody sends these to us, so nothing of ours changes meanwhile.
        unsafe sigemptyset(&limits)
        unsafe sigaddset(&limits, SIGXCPU)
        unsafe sigaddset(&limits, SIGXFSZ)
        unsafe pthread_sigmask(SIG_UNBLOCK, &limits, &before)
        defer { _ = unsafe pthread_sigmask(SIG_SETMASK, &before, nil) }
        try body()
    }

    private func follow(_ pipe: Pipe, as stream: Stream) {
        pipe.fileHandleForReading.readabilityHandler = { [self] handle in
            let bytes = handle.availableData
            guard !bytes.isEmpty else {
                handle.readabilityHandler = nil
                state.withLock { $0.open -= 1 }
                finishIfOver()
                return
            }
            let isTooMuch = state.withLock { state in
                let room = limits.output - (state.texts[stream]?.count ?? 0)
                state.texts[stream, default: Data()] += bytes.prefix(max(room, 0))
                return bytes.count > room
            }
            if isTooMuch { kill(because: .output) }
        }
    }

    private func kill(because reason: ProcessResult.End) {
        // Under the lock, so that it cannot be told meanwhile that the process is gone and its number free.
        state.withLock { state in
            // What was too much stays so, although the program has ended meanwhile: its output was cut.
            if state.reason == nil, state.status == nil || reason == .output { state.reason = reason }
            guard state.status == nil, process.isRunning else { return }
            let child = process.processIdentifier
            // The group by its leader. Were the program in our own group, it alone would be meant.
            _ = Glibc.kill(getpgid(child) == child ? -child : child, SIGKILL)
        }
        // Foundation learns of an end by a socket that a child in a group of its own may keep open.
        Task { [self] in
            try? await Task.sleep(for: .seconds(2))
            ended(.signalled(SIGKILL))
        }
    }

    private func ended(_ status: ProcessResult.End) {
        state.withLock { state in if state.status == nil { state.status = status } }
        finishIfOver()
        Task { [self] in
            try? await Task.sleep(for: Self.grace)
            state.withLock { $0.open = 0 }
            finishIfOver()
        }
    }

    private func result() async -> ProcessResult {
        await withCheckedContinuation { continuation in
            state.withLock { $0.waiting = continuation }
            finishIfOver()
        }
    }

    /// Foundation may hold the process, and with it the pipes, for long. Not from a pipe's own handler, whose end this
    /// waits for.
    private func closePipes() {
        for pipe in [output, errors] {
            try? pipe.fileHandleForReading.close()
            try? pipe.fileHandleForWriting.close()
        }
    }

    private func finishIfOver() {
        let over = state.withLock { state -> (CheckedContinuation<ProcessResult, Never>, ProcessResult)? in
            guard let status = state.status, state.open <= 0, let waiting = state.waiting.take() else { return nil }
            return (
                waiting,
                ProcessResult(
                    end: state.reason ?? status, output: state.texts[.output] ?? Data(),
                    errors: state.texts[.errors] ?? Data())
            )
        }
        guard let (waiting, result) = over else { return }
        output.fileHandleForReading.readabilityHandler = nil
        errors.fileHandleForReading.readabilityHandler = nil
        waiting.resume(returning: result)
    }
}
