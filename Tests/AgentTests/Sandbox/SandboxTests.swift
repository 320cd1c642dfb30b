import Agent
import Foundation
import Glibc
import Testing

/// These need bubblewrap, which `scripts/setup` installs, and a machine that lets it make namespaces: many containers do
/// not.
@Suite(
    "A program in a sandbox",
    .enabled("bubblewrap is missing, or may make no namespaces here") {
        (try? await Sandbox().probe()) != nil
    }, .timeLimit(.minutes(1)))
struct SandboxTests {
    private static let file = file(timeout: 3)

    /// - Parameter timeout: in seconds.
    private static func file(timeout: Int) -> String {
        """
        sandbox: run_python
        summary: Runs a program.
        timeout: \(timeout)
        cpu: 1
        memory_mb: 128
        files_mb: 2
        max_bytes: 4096
        """
    }

    private func tool(_ file: String = file) throws -> CodeTool {
        CodeTool(try CodeSandbox(yaml: Data(file.utf8), file: "run.yaml", environment: [:]))
    }

    /// What became of a program, within the time that it may take.
    private func run(_ code: String, _ file: String = file, within limit: Duration = .seconds(4)) async throws
        -> JSONValue
    {
        let start = ContinuousClock.now
        let result = try await tool(file).call(
            ["code": .string(code)], context: ToolContext(call: CallFacts(callID: "c"), idempotencyKey: "k"))
        #expect(ContinuousClock.now - start < limit)
        return result
    }

    @Test("is run, and tells what it prints or why it fails")
    func works() async throws {
        try await tool().probe()
        #expect(
            try await run("import json, math\nprint(json.dumps({'root': math.isqrt(144)}))")
                == ["outcome": "finished", "status": 0, "output": "{\"root\": 12}\n"])
        let failed = try await run("print('so far')\nraise ValueError('no such day')")
        #expect(failed["outcome"] == "failed" && failed["status"] == 1 && failed["output"] == "so far\n")
        #expect(failed["errors"]?.string?.contains("ValueError: no such day") == true)
        // Nothing is left for the next.
        #expect(try await run("open('/tmp/x', 'w').write('1')")["outcome"] == "finished")
        #expect(try await run("import os; print(os.listdir('/tmp'))")["output"] == "[]\n")
    }

    @Test(
        "reaches nothing of the machine",
        arguments: [
            ("open('/etc/shadow').read()", "No such file"),
            ("open('\(NSHomeDirectory())/.profile').read()", "No such file"),
            ("open('\(#filePath)').read()", "No such file"),
            ("open('/proc/1/environ').read()", "No such file"),
            ("open('/usr/lib/x', 'w')", "Read-only file system"),
            ("open('/x', 'w')", "Read-only file system"),
            ("open('/dev/shm/x', 'w')", "Read-only file system"),
            ("import socket; socket.create_connection(('127.0.0.1', 22), 1)", "Connection refused"),
            ("import socket; socket.create_connection(('192.0.2.1', 80), 1)", "Network is unreachable"),
            ("import socket; socket.getaddrinfo('example.com', 80)", "name resolution"),
            ("import os; os.setuid(0)", "Invalid argument"),
            ("import os; os.execv('/bin/sh', ['sh'])", "No such file"),
            (
                "import ctypes, os\nif ctypes.CDLL(None).unshare(0x10000000): raise OSError('unshare refused')",
                "refused"
            ),
        ])
    func confined(code: String, reason: String) async throws {
        let result = try await run(code)
        #expect(result["outcome"] == "failed", "\(result)")
        #expect(result["errors"]?.string?.contains(reason) == true, "\(result)")
    }

    @Test("has no variable and no open file of ours, pipes and sockets included")
    func inherited() async throws {
        let seen = try await run(
            """
            import os
            print(sorted(os.environ))
            def is_open(n):
                try: return bool(os.fstat(n))
                except OSError: return False
            print([n for n in range(64) if is_open(n)], os.getuid())
            """)
        #expect(seen["output"] == "['HOME', 'LANG', 'PATH', 'PWD']\n[0, 1, 2] 65534\n", "\(seen)")
    }

    @Test(
        "ends with a name at each of its bounds",
        arguments: [
            // Sleeping uses no processor.
            ("import time; time.sleep(60)", "time_limit", ""),
            ("while True: print('x' * 1000)", "output_limit", ""),
            ("import sys\nwhile True: print('x' * 1000, file=sys.stderr)", "output_limit", ""),
            ("x = bytearray(1 << 30)", "failed", "MemoryError"),
            ("x = []\nwhile True: x.append(bytearray(1 << 20))", "failed", "MemoryError"),
            ("f = open('/tmp/x', 'wb')\nwhile True: f.write(b'x' * 65536)", "failed", "File too large"),
            (
                "for i in range(100): open(f'/tmp/{i}', 'wb').write(b'x' * 100_000)", "failed",
                "No space left on device"
            ),
            (
                """
                import os
                while True:
                    file = os.memfd_create('x')
                    try:
                        while True: os.write(file, b'x' * 65536)
                    except OSError: pass
                """, "failed", "Too many open files"
            ),
            ("import os\nwhile True: os.fork()", "failed", "Resource temporarily unavailable"),
            ("import threading\nthreading.Thread(target=print).start()", "failed", "can't start new thread"),
        ])
    func bounds(code: String, outcome: String, reason: String) async throws {
        let result = try await run(code)
        #expect(result["outcome"]?.string == outcome, "\(result)")
        #expect(reason.isEmpty || result["errors"]?.string?.contains(reason) == true, "\(result)")
        #expect((result["output"]?.string ?? "").utf8.count <= 4096)
    }

    @Test(
        "keeps nothing where no limit counts it: in System V's shared memory, queues and semaphores",
        arguments: ["shmget(0, 1 << 20, 0o1600)", "shmat(0, None, 0)", "msgget(0, 0o1600)", "semget(0, 1, 0o1600)"])
    func uncounted(call: String) async throws {
        let result = try await run(
            """
            import ctypes, os
            library = ctypes.CDLL(None, use_errno=True)
            library.shmat.restype = ctypes.c_ssize_t
            if library.\(call) == -1: raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
            """)
        #expect(result["errors"]?.string?.contains("PermissionError") == true, "\(result)")
    }

    @Test("goes on although nothing of ours does meanwhile: threads of a pool end after five seconds of rest")
    func idle() async throws {
        let result = try await run(
            "import time; time.sleep(6.5); print('done')", Self.file(timeout: 20), within: .seconds(20))
        #expect(result["outcome"] == "finished" && result["output"] == "done\n", "\(result)")
    }

    @Test("is no reason to think that there is none, whatever it says")
    func liar() async throws {
        let result = try await run("import sys; print('bwrap: no permission', file=sys.stderr); sys.exit(1)")
        #expect(result["outcome"] == "failed" && result["status"] == 1, "\(result)")
    }

    @Test("may not compute for longer than its share, whatever it does about the signal", arguments: [false, true])
    func processor(isStubborn: Bool) async throws {
        let deaf = isStubborn ? "import signal; signal.signal(signal.SIGXCPU, signal.SIG_IGN)\n" : ""
        // A busy machine gives it less than all of a core.
        let result = try await run(deaf + "while True: pass", Self.file(timeout: 20), within: .seconds(20))
        #expect(result == ["outcome": isStubborn ? "killed" : "cpu_limit", "output": ""])
    }

    @Test("leaves no process behind, however many it made and wherever they hid")
    func nothingStays() async throws {
        let mark = "parley-\(UUID().uuidString)"
        let bomb = """
            import os, time
            for i in range(50):
                try:
                    if os.fork() == 0: os.setsid()
                except OSError: pass
            time.sleep(60)
            """
        let task = Task { try await run(bomb, Self.file + "\nprocesses: 8\narguments: [-I, -B, \"-\", \(mark)]") }
        for _ in 0..<100 where Self.processes(mark) < 8 { try await Task.sleep(for: .milliseconds(20)) }
        #expect(Self.processes(mark) >= 8)
        #expect(try await task.value["outcome"] == "time_limit")
        for _ in 0..<40 where Self.processes(mark) > 0 { try await Task.sleep(for: .milliseconds(50)) }
        #expect(Self.processes(mark) == 0)
    }

    /// Processes with a word among their arguments.
    private static func processes(_ mark: String) -> Int {
        ((try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []).filter { name in
            guard Int(name) != nil, let bytes = FileManager.default.contents(atPath: "/proc/\(name)/cmdline") else {
                return false
            }
            return String(decoding: bytes, as: UTF8.self).contains(mark)
        }.count
    }

    @Test("is killed when nobody waits any more")
    func cancelled() async throws {
        let mark = "parley-\(UUID().uuidString)"
        let tool = try tool(Self.file + "\narguments: [-I, -B, \"-\", \(mark)]")
        let task = Task {
            try await tool.call(
                ["code": "import time; time.sleep(60)"],
                context: ToolContext(call: CallFacts(callID: "c"), idempotencyKey: "k"))
        }
        for _ in 0..<100 where Self.processes(mark) == 0 { try await Task.sleep(for: .milliseconds(20)) }
        #expect(Self.processes(mark) > 0)
        task.cancel()
        await #expect(throws: ToolError.self) { _ = try await task.value }
        for _ in 0..<40 where Self.processes(mark) > 0 { try await Task.sleep(for: .milliseconds(50)) }
        #expect(Self.processes(mark) == 0)
    }

    @Test("runs beside others up to a bound, and each gets its own answer")
    func together() async throws {
        let tool = try tool(Self.file + "\nconcurrent: 3")
        let context = ToolContext(call: CallFacts(callID: "c"), idempotencyKey: "k")
        let answers = await withTaskGroup(of: JSONValue?.self) { group in
            for number in 0..<5 {
                group.addTask {
                    try? await tool.call(
                        ["code": .string("import time; time.sleep(0.5); print(\(number))")], context: context)
                }
            }
            return await group.reduce(into: []) { $0.append($1?["output"]) }
        }
        #expect(answers.filter { $0 == nil }.count == 2)
        #expect(Set(answers.compactMap(\.self)).count == 3)
    }

    @Test("is not run without bubblewrap, nor without its interpreter")
    func absent() async throws {
        let marker = FileManager.default.temporaryDirectory.appending(path: "parley-\(UUID().uuidString)")
        var code = try CodeSandbox(yaml: Data(Self.file.utf8), file: "run.yaml", environment: [:])
        code.sandbox.bubblewrap = "/nonexistent/bwrap"
        let tool = CodeTool(code)
        do throws(AgentFileErrors) {
            try await tool.probe()
            Issue.record("it ran")
        } catch {
            #expect(
                error.description.hasPrefix("run.yaml:1:1: there is no /nonexistent/bwrap")
                    && error.description.contains("install the package bubblewrap"), "\(error)")
        }
        do throws(ToolError) {
            _ = try await tool.call(
                ["code": .string("open('\(marker.path)', 'w')")],
                context: ToolContext(call: CallFacts(callID: "c"), idempotencyKey: "k"))
            Issue.record("it ran")
        } catch {
            #expect(error.code == .unavailable && error.detail.contains("bubblewrap"))
        }
        #expect(!FileManager.default.fileExists(atPath: marker.path))
        await #expect(throws: AgentFileErrors.self) {
            try await self.tool(Self.file + "\ninterpreter: /usr/bin/nothing").probe()
        }
    }

    @Test(
        "reads no file that is wrong",
        arguments: [
            ("sandbox: x\nsummary: s\ntimeout: 0", 3, "must be from 0.5 to 60"),
            ("sandbox: x\nsummary: s\nmemory_mb: 1", 3, "must be from 32 to 4096"),
            ("sandbox: x\nsummary: s\ninterpreter: python3", 3, "must be an absolute path"),
            ("sandbox: x y\nsummary: s", 1, "may have letters, figures, _ and - only"),
            ("sandbox: x\nsummary: s\nnetwork: true", 3, "unknown key `network`"),
            ("sandbox: x\nsummary: s\nrisk: irreversible", 3, "unknown key `risk`"),
            ("sandbox: x", 1, "lacks the key `summary`"),
        ])
    func faults(yaml: String, line: Int, reason: String) {
        do throws(AgentFileErrors) {
            _ = try CodeSandbox(yaml: Data(yaml.utf8), file: "s.yaml", environment: [:])
            Issue.record("was read")
        } catch {
            #expect(error.faults.contains { $0.line == line && $0.reason.contains(reason) }, "\(error)")
        }
    }
}
