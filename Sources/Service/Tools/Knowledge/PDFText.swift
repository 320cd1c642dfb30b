import Agent
import Foundation

/// Takes the text out of PDF files, with poppler's `pdftotext` as a program of its own: a file may be hostile, and what
/// goes wrong in reading it must not go wrong in us.
struct PDFText: Sendable {
    /// Why a file has no text for us.
    struct Failure: Error, Sendable, CustomStringConvertible {
        var description: String
    }

    var program = "/usr/bin/pdftotext"
    var sandbox = Sandbox(limits: Self.limits)

    private static let prlimit = "/usr/bin/prlimit"

    private static var limits: SandboxLimits {
        var limits = SandboxLimits()
        limits.time = .seconds(20)
        limits.cpuSeconds = 15
        limits.memory = 512 << 20
        limits.output = 4 << 20
        return limits
    }

    /// Why no sandbox can be made here; nil where one can.
    func obstacle() async -> String? {
        do throws(Sandbox.Unavailable) { try await sandbox.probe() } catch { return "\(error)" }
        return nil
    }

    /// The text of a file, a form feed behind each page.
    ///
    /// - Parameter isConfined: whether it is read in the sandbox. If so, it is never read without, whatever comes of it:
    ///   a hostile file could wish for that. Without, time, memory and output are bounded all the same.
    func text(of file: URL, isConfined: Bool) async throws(Failure) -> String {
        guard FileManager.default.isExecutableFile(atPath: program) else {
            throw Failure(
                description: "there is no \(program) to read PDF files with; install the package poppler-utils")
        }
        let command = [program, "-enc", "UTF-8", "-", "-"]
        let input = try open(file)
        defer { try? input.close() }
        guard isConfined else { return try text(try await bounded(command, input)) }
        let result: ProcessResult
        do throws(Sandbox.Unavailable) { result = try await sandbox.run(command, input: input) } catch {
            throw Failure(description: "\(error)")
        }
        return try text(result)
    }

    private func open(_ file: URL) throws(Failure) -> FileHandle {
        do { return try FileHandle(forReadingFrom: file) } catch { throw Failure(description: "it cannot be read") }
    }

    private func bounded(_ command: [String], _ input: FileHandle) async throws(Failure) -> ProcessResult {
        let limits = sandbox.limits
        let all =
            [
                Self.prlimit, "--cpu=\(limits.cpuSeconds)", "--as=\(limits.memory)", "--fsize=\(limits.files)",
                "--core=0",
                "--",
            ] + command
        do {
            return try await BoundedProcess.run(
                all, input: input, limits: ProcessLimits(time: limits.time, output: limits.output))
        } catch {
            throw Failure(description: "\(program) could not be started: \(error)")
        }
    }

    private func text(_ result: ProcessResult) throws(Failure) -> String {
        switch result.end {
        case .exited(0): break
        case .time: throw Failure(description: "reading it took more than \(sandbox.limits.time)")
        case .output: throw Failure(description: "it has more than \(sandbox.limits.output) bytes of text")
        case .cancelled: throw Failure(description: "reading it was given up")
        case .exited, .signalled:
            let words = String(decoding: result.errors.prefix(200), as: UTF8.self)
                .split(whereSeparator: \.isNewline).joined(separator: "; ")
            throw Failure(description: "pdftotext cannot read it" + (words.isEmpty ? "" : ": \(words)"))
        }
        guard !result.isCut else { throw Failure(description: "pdftotext did not end its output") }
        let text = String(decoding: result.output, as: UTF8.self)
        guard text.contains(where: { !$0.isWhitespace }) else {
            throw Failure(description: "it has no text; pages that are pictures must be recognised first")
        }
        return text
    }
}
