import Foundation

/// How far the resident memory of another process grows (proc(5)), in KiB.
struct ResidentMemory: CustomStringConvertible {
    private let process: Int32
    private let first: Int
    private var most: Int
    /// Whether the system's own account of the highest moment began with ours.
    private let isReset: Bool

    /// Begins now.
    init(of process: Int32) throws {
        self.process = process
        let clear = FileHandle(forWritingAtPath: "/proc/\(process)/clear_refs")
        isReset = (try? clear?.write(contentsOf: Data("5".utf8))) != nil
        try? clear?.close()
        first = try Self.read("VmRSS", of: process)
        most = first
    }

    /// Takes note of the worst moment until now; of this moment only, where the system does not let its account begin anew.
    mutating func look() throws { most = max(most, try Self.read(isReset ? "VmHWM" : "VmRSS", of: process)) }

    var growth: Int { most - first }

    var description: String {
        "from \(first) KiB to \(most) KiB, \(growth) KiB more"
            + (isReset ? "" : " (not at its worst moment, but after each)")
    }

    private static func read(_ name: String, of process: Int32) throws -> Int {
        let text = try String(contentsOfFile: "/proc/\(process)/status", encoding: .utf8)
        guard let line = text.split(separator: "\n").first(where: { $0.hasPrefix(name + ":") }),
            let count = line.split(separator: " ").dropFirst().first.flatMap({ Int($0) })
        else { throw CocoaError(.fileReadCorruptFile) }
        return count
    }
}
