package import Foundation
import Glibc
import Networking

/// A program that is run to its end, and never longer or louder than its limits.
///
/// It is started in a process group of its own. Whatever ends it early kills the group, so nothing that it started
/// stays behind unless that made itself a group; against those a ``Sandbox`` helps. Each has a thread of its own, which
/// starts it, reads from it and lives until it is gone.
package final class BoundedProcess: Sendable {
    private typealias Answer = Result<ProcessResult, ProcessError>

    private struct State {
        var isCancelled = false
        /// Wakes the thread, while it runs.
        var bell: CInt?
        var waiting: CheckedContinuation<Answer, Never>?
    }

    private let command: [String]
    private let environment: [String: String]
    private let input: CInt?
    private let further: CInt?
    private let limits: ProcessLimits
    private let state = Lock(State())

    /// How long the ends of a program's pipes are waited for when it is gone, should somebody else hold them.
    private static let grace = Duration.milliseconds(500)
    /// How long a killed program is waited for: the kernel may be in the middle of something for it.
    private static let patience = Duration.seconds(2)
    private static let bytesAtOnce = 1 << 16

    private init(
        _ command: [String], _ environment: [String: String], input: CInt?, further: CInt?, _ limits: ProcessLimits
    ) {
        self.command = command
        self.environment = environment
        self.input = input
        self.further = further
        self.limits = limits
    }

    /// Runs a program.
    ///
    /// - Parameters:
    ///   - command: its absolute path and its arguments.
    ///   - environment: all of it; nothing of ours is handed on.
    ///   - input: a file that is its standard input; empty without one.
    ///   - further: a file that is its descriptor 3; it has no further ones.
    /// - Throws: when it cannot be started. Being killed is a result, cancellation too.
    package static func run(
        _ command: [String], environment: [String: String] = [:], input: FileHandle? = nil,
        further: FileHandle? = nil, limits: ProcessLimits
    ) async throws(ProcessError) -> ProcessResult {
        let run = BoundedProcess(
            command, environment, input: input?.fileDescriptor, further: further?.fileDescriptor, limits)
        let answer = await withTaskCancellationHandler {
            await withCheckedContinuation { run.begin($0) }
        } onCancel: {
            run.cancel()
        }
        // The thread uses their descriptors.
        withExtendedLifetime((input, further)) {}
        return try answer.get()
    }

    private func begin(_ continuation: CheckedContinuation<Answer, Never>) {
        state.withLock { $0.waiting = continuation }
        let status = DetachedThread.start { [self] in work() }
        guard status == 0 else {
            return answer(.failure(ProcessError("no thread can be made for \(command.first ?? "")", code: status)))
        }
    }

    private func cancel() {
        state.withLock { state in
            state.isCancelled = true
            guard let bell = state.bell else { return }
            var byte: UInt8 = 0
            // SAFETY: one byte of this frame. The bell is open as long as it is here.
            _ = unsafe write(bell, &byte, 1)
        }
    }

    private func answer(_ answer: Answer) {
        state.withLock { state in
            state.bell = nil
            return state.waiting.take()
        }?.resume(returning: answer)
    }

    // MARK: On the thread

    private func work() {
        do throws(ProcessError) { try follow() } catch { answer(.failure(error)) }
    }

    private func follow() throws(ProcessError) {
        let start = ContinuousClock.now
        let bell = try ProcessPipe()
        var output = try ProcessPipe()
        var errors = try ProcessPipe()
        let child = try ChildProcess(
            command, environment: environment,
            ChildProcess.Descriptors(
                input: input, output: output.writing, errors: errors.writing, further: further))
        output.closeWriting()
        errors.closeWriting()
        let isCancelled = state.withLock { state in
            state.bell = bell.writing
            return state.isCancelled
        }
        var watch = ProcessWatch(limits: limits, start: start, grace: Self.grace, patience: Self.patience)
        if isCancelled, watch.stop(because: .cancelled, at: start) { child.kill() }
        let streams: [(descriptor: CInt, stream: ProcessWatch.Stream)] = [
            (output.reading, .output), (errors.reading, .errors),
        ]
        while let pause = watch.pause(at: .now) {
            // A negative number is passed over.
            var polled = streams.map { pollfd($0.descriptor, isWanted: watch.isOpen($0.stream)) }
            polled.append(pollfd(child.end, isWanted: !watch.isGone))
            polled.append(pollfd(bell.reading, isWanted: watch.reason == nil && !watch.isGone))
            // Rounded up, or it would be asked again and again within the last millisecond.
            let milliseconds = CInt(min(pause, .seconds(60)) / .milliseconds(1)) + 1
            // SAFETY: the array has so many. When it is interrupted, nothing has happened.
            let count = unsafe poll(&polled, nfds_t(polled.count), milliseconds)
            let now = ContinuousClock.now
            var isOver = watch.isOverTime(at: now)
            if count > 0 {
                for (index, (descriptor, stream)) in streams.enumerated() where polled[index].revents != 0 {
                    isOver = watch.received(Self.read(descriptor), from: stream, at: now) || isOver
                }
                if polled[2].revents != 0 { watch.ended(at: now) }
                if polled[3].revents != 0 { isOver = watch.stop(because: .cancelled, at: now) || isOver }
            }
            if isOver { child.kill() }
        }
        if watch.isGone {
            answer(.success(watch.result(child.wait())))
        } else {
            answer(.success(watch.result(.signalled(SIGKILL))))
            _ = child.wait()
        }
    }

    /// What is there; nothing at its end.
    private static func read(_ descriptor: CInt) -> Data {
        var bytes = Data(count: bytesAtOnce)
        let count = unsafe bytes.withUnsafeMutableBytes { room in
            // SAFETY: no more than there is room for.
            unsafe Glibc.read(descriptor, room.baseAddress, room.count)
        }
        return bytes.prefix(max(count, 0))
    }
}

extension pollfd {
    fileprivate init(_ descriptor: CInt, isWanted: Bool) {
        self.init(fd: isWanted ? descriptor : -1, events: Int16(POLLIN), revents: 0)
    }
}
