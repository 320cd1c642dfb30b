package import Foundation
import Glibc

/// Runs a program that nobody trusts, in namespaces of its own made by bubblewrap: no network, no process but its own,
/// an empty environment, and a file system of the program, the system's libraries, a few devices and a `/tmp`.
///
/// Without bubblewrap nothing is run. What the kernel itself allows is allowed, but for the few calls that
/// ``SandboxFilter`` refuses.
package struct Sandbox: Sendable, Equatable {
    /// Why nothing can be run.
    package struct Unavailable: Error, Sendable, Equatable, CustomStringConvertible {
        package var description: String
    }

    package var limits: SandboxLimits
    /// Files and folders beside the program that it may read.
    package var readable: [String]
    /// Where bubblewrap is.
    package var bubblewrap: String

    private static let prlimit = "/usr/bin/prlimit"
    private static let setpriv = "/usr/bin/setpriv"
    /// Nobody, within and, where we are root, without.
    private static let nobody = "65534"
    private static let probeTime = Duration.seconds(10)

    package init(
        limits: SandboxLimits = SandboxLimits(), readable: [String] = [], bubblewrap: String = "/usr/bin/bwrap"
    ) {
        self.limits = limits
        self.readable = readable
        self.bubblewrap = bubblewrap
    }

    /// Looks whether bubblewrap can do its work here, by a program that does nothing.
    ///
    /// What a program in it says is no sign of that: it may say anything.
    ///
    /// - Throws: ``Unavailable`` when it cannot, with its own words.
    package func probe() async throws(Unavailable) {
        var sandbox = self
        // A busy machine is no reason, and what programs may say does not matter.
        (sandbox.limits.time, sandbox.limits.output) = (Self.probeTime, 4096)
        let result = try await sandbox.run(["/usr/bin/true"])
        guard result.end != .exited(0) else { return }
        let words = String(decoding: result.errors.prefix(400), as: UTF8.self)
            .trimmingCharacters(in: .whitespacesAndNewlines)
        throw Unavailable(
            description: "the sandbox cannot be made: \(words.isEmpty ? "it came to \(result.end)" : words)")
    }

    /// Runs `program`, an absolute path and arguments. Whether there can be a sandbox at all, ``probe()`` says.
    ///
    /// - Throws: ``Unavailable`` when it certainly was not run.
    package func run(_ program: [String], input: FileHandle? = nil) async throws(Unavailable) -> ProcessResult {
        for (tool, package) in [(bubblewrap, "bubblewrap"), (Self.prlimit, "util-linux")]
        where !FileManager.default.isExecutableFile(atPath: tool) {
            throw Unavailable(
                description: "there is no \(tool), without which nothing is run; install the package \(package)")
        }
        guard let path = program.first, FileManager.default.isExecutableFile(atPath: path) else {
            throw Unavailable(description: "there is no program \(program.first ?? "")")
        }
        guard let filter = SandboxFilter.bytes else {
            throw Unavailable(description: "the system calls of this machine's processor are not known")
        }
        do {
            let file = try UnnamedFile(Data(filter))
            return try await BoundedProcess.run(
                command(program, asRoot: geteuid() == 0), input: input, further: file.handle,
                limits: ProcessLimits(time: limits.time, output: limits.output))
        } catch { throw Unavailable(description: "\(bubblewrap) could not be started: \(error)") }
    }

    /// The whole command. A value, for tests.
    func command(_ program: [String], asRoot: Bool) -> [String] {
        var command: [String] = []
        // The kernel counts no processes of root, whatever it is called inside.
        if asRoot {
            command += [Self.setpriv, "--reuid=\(Self.nobody)", "--regid=\(Self.nobody)", "--clear-groups", "--"]
        }
        command += [
            // The filter is what we give it as descriptor 3.
            bubblewrap, "--seccomp", "3", "--unshare-all", "--unshare-user", "--disable-userns", "--die-with-parent",
            "--new-session",
            "--cap-drop", "ALL", "--uid", Self.nobody, "--gid", Self.nobody, "--hostname", "sandbox", "--clearenv",
            "--setenv", "PATH", "/usr/bin", "--setenv", "HOME", "/tmp", "--setenv", "LANG", "C.UTF-8",
            "--ro-bind", "/usr/lib", "/usr/lib", "--ro-bind-try", "/usr/lib64", "/usr/lib64",
            "--symlink", "usr/lib", "/lib", "--symlink", "usr/lib64", "/lib64",
            "--ro-bind", Self.prlimit, Self.prlimit,
        ]
        for path in [program[0]] + readable {
            command += ["--ro-bind", URL(fileURLWithPath: path).resolvingSymlinksInPath().path, path]
        }
        command += [
            // Its memory file system would be without a bound, were it not read-only.
            "--dev", "/dev", "--remount-ro", "/dev",
            "--size", "\(limits.files)", "--tmpfs", "/tmp", "--chdir", "/tmp", "--remount-ro", "/", "--",
            Self.prlimit,
            // A signal that says why first, then one that cannot be ignored.
            "--cpu=\(limits.cpuSeconds):\(limits.cpuSeconds + 1)", "--as=\(limits.memory)",
            // Bubblewrap's own process counts too.
            "--nproc=\(limits.processes + 1)", "--fsize=\(limits.files)", "--core=0",
            // Each may be a file in memory that no other limit counts.
            "--nofile=16", "--",
        ]
        return command + program
    }
}
