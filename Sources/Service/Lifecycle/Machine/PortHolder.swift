import Foundation

/// A process that listens on a port.
struct PortHolder: Sendable, Equatable {
    let id: Int
    /// As the system calls it: at most 15 characters of the program's name.
    let name: String

    /// Whether it is one of ours: a service that runs already.
    var isParley: Bool { name == "parley" }

    /// Who listens on a port; nil where that is another user's process, which only an administrator may see.
    static func find(port: Int) -> PortHolder? {
        var inodes: Set<String> = []
        for table in ["/proc/net/tcp", "/proc/net/tcp6"] {
            guard let text = try? String(contentsOfFile: table, encoding: .utf8) else { continue }
            inodes.formUnion(listeners(on: port, in: text))
        }
        let links = Set(inodes.map { "socket:[\($0)]" })
        guard !links.isEmpty else { return nil }
        let files = FileManager.default
        for process in (try? files.contentsOfDirectory(atPath: "/proc")) ?? [] {
            guard let id = Int(process) else { continue }
            let folder = "/proc/\(process)/fd"
            for descriptor in (try? files.contentsOfDirectory(atPath: folder)) ?? [] {
                guard let link = try? files.destinationOfSymbolicLink(atPath: "\(folder)/\(descriptor)"),
                    links.contains(link)
                else { continue }
                let name = try? String(contentsOfFile: "/proc/\(process)/comm", encoding: .utf8)
                return PortHolder(
                    id: id, name: name?.trimmingCharacters(in: .whitespacesAndNewlines) ?? "a process that has ended")
            }
        }
        return nil
    }

    /// The inodes of the sockets that listen on a port, out of a table of proc(5), `/proc/net/tcp`.
    static func listeners(on port: Int, in table: String) -> Set<String> {
        var found: Set<String> = []
        for line in table.split(separator: "\n").dropFirst() {
            let fields = line.split(separator: " ", omittingEmptySubsequences: true)
            // 0A is TCP_LISTEN.
            guard fields.count > 9, fields[3] == "0A", let colon = fields[1].lastIndex(of: ":"),
                Int(fields[1][fields[1].index(after: colon)...], radix: 16) == port
            else { continue }
            found.insert(String(fields[9]))
        }
        return found
    }
}
