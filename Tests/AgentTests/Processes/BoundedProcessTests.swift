import Agent
import Foundation
import Glibc
import Testing

@Suite("A program that is run to its end", .timeLimit(.minutes(1)))
struct BoundedProcessTests {
    private static let limits = ProcessLimits(time: .seconds(5), output: 1000)

    /// Open files and pipes of this process.
    private static func descriptors() throws -> Int {
        try FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd").count
    }

    @Test("leaves no file of ours open")
    func descriptors() async throws {
        _ = try await BoundedProcess.run(["/usr/bin/true"], limits: Self.limits)
        let before = try Self.descriptors()
        for _ in 0..<30 {
            let result = try await BoundedProcess.run(["/usr/bin/printf", "hello"], limits: Self.limits)
            #expect(result.end == .exited(0) && result.output == Data("hello".utf8))
        }
        // Those of the last ones may take a moment.
        for _ in 0..<40 where try Self.descriptors() > before + 3 { try await Task.sleep(for: .milliseconds(50)) }
        #expect(try Self.descriptors() <= before + 3)
    }

    @Test("is given its three files and nothing else that we have open")
    func inherited() async throws {
        // As a library may make one: without the flag that closes it in programs.
        let stranger = socket(AF_UNIX, CInt(SOCK_STREAM.rawValue), 0)
        defer { close(stranger) }
        let seen = try await BoundedProcess.run(["/bin/ls", "/proc/self/fd"], limits: Self.limits)
        // The last is the folder that it reads.
        #expect(seen.output == Data("0\n1\n2\n3\n".utf8), "\(seen)")
    }

    @Test("is killed with its group when nobody waits any more, at once")
    func cancelled() async throws {
        let start = ContinuousClock.now
        let task = Task { try await BoundedProcess.run(["/bin/sh", "-c", "sleep 20; true"], limits: Self.limits) }
        task.cancel()
        #expect(try await task.value.end == .cancelled)
        #expect(ContinuousClock.now - start < .seconds(3))
    }

    @Test("tells how it ended, and what it had written")
    func ends() async throws {
        let shell = { (script: String) in
            try await BoundedProcess.run(["/bin/sh", "-c", script], limits: Self.limits)
        }
        let failed = try await shell("echo out; echo err >&2; exit 3")
        #expect(failed == ProcessResult(end: .exited(3), output: Data("out\n".utf8), errors: Data("err\n".utf8)))
        #expect(try await shell("kill -KILL $$").end == .signalled(9))
        let loud = try await shell("head -c 100000 /dev/zero")
        #expect(loud.end == .output && loud.output.count == 1000)
        // What somebody else may still write is not waited for, and the result says so.
        let held = try await shell("setsid sleep 3 & echo done")
        #expect(held.end == .exited(0) && held.output == Data("done\n".utf8) && held.isCut)
        // Its time is over although somebody who left its group holds its pipes.
        let start = ContinuousClock.now
        let left = try await BoundedProcess.run(
            ["/bin/sh", "-c", "setsid sleep 8 & echo done; sleep 8"],
            limits: ProcessLimits(time: .milliseconds(300), output: 1000))
        #expect(left.end == .time && left.output == Data("done\n".utf8))
        #expect(ContinuousClock.now - start < .seconds(6))
        await #expect(throws: (any Error).self) {
            _ = try await BoundedProcess.run(["/nonexistent"], limits: Self.limits)
        }
    }
}
