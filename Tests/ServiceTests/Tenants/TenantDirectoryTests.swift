import Foundation
import Logging
import Networking
import Store
import Testing

@testable import Service

@Suite("A directory of tenants")
struct TenantDirectoryTests {
    /// Writes `files` and gives what is said of them, the folder's own path left out.
    private func faults(
        _ files: [String: String], links: [(String, String)] = [], healthPort: Int? = nil
    ) throws -> [String] {
        let folder = FileManager.default.temporaryDirectory.appending(path: "parley-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        try FileManager.default.createDirectory(at: folder.appending(path: "t"), withIntermediateDirectories: true)
        for (name, target) in links {
            try FileManager.default.createSymbolicLink(
                atPath: folder.appending(path: name).path, withDestinationPath: target)
        }
        for (name, text) in files {
            try Data(text.replacing("HERE", with: folder.path).utf8).write(to: folder.appending(path: "t/\(name)"))
        }
        do {
            _ = try TenantDirectory(folder.appending(path: "t").path, healthPort: healthPort, environment: [:])
            return []
        } catch {
            #expect(error.description.contains("nothing was started"))
            return error.faults.map {
                $0.replacing(ResolvedPath(folder.path).text, with: "").replacing(folder.path, with: "")
            }
        }
    }

    private func configuration(_ name: String, ports: Int = 0, _ more: [String: String] = [:]) -> String {
        var settings = [
            "store.path": "HERE/\(name)/db", "agents.directory": "HERE/\(name)/agents",
            "recordings.directory": "HERE/\(name)/recordings", "tools.directory": "HERE/\(name)/tools",
            "tools.documents": "HERE/\(name)/documents", "public.port": ports == 0 ? "0" : "\(ports)",
            "private.port": ports == 0 ? "0" : "\(ports + 1)",
        ]
        settings.merge(more) { $1 }
        let sections = Dictionary(grouping: settings) { $0.key.split(separator: ".")[0] }
        return sections.map { section, entries in
            "\(section): {"
                + entries.map { "\($0.key.split(separator: ".")[1]): \"\($0.value)\"" }.joined(separator: ", ")
                + "}\n"
        }.joined()
    }

    @Test("tenants that have nothing in common are taken, each with its name and its own variables")
    func taken() throws {
        #expect(
            try faults([
                "north.yaml": configuration("north", ports: 4000), "south.yaml": configuration("south", ports: 5000),
            ]) == [])
        let environment = [
            "PATH": "/bin", "TOKEN": "of nobody", "PARLEY_PUBLIC_PORT": "1", "PARLEY_TENANT_NORTH__TOKEN": "n",
            "PARLEY_TENANT_NORTH_EAST__TOKEN": "ne", "PARLEY_TENANT_SOUTH__TOKEN": "s",
        ]
        #expect(TenantEnvironment.variables(of: "north", in: environment) == ["PATH": "/bin", "TOKEN": "n"])
        #expect(TenantEnvironment.variables(of: "north-east", in: environment) == ["PATH": "/bin", "TOKEN": "ne"])
        #expect(TenantEnvironment.variables(of: "west", in: environment) == ["PATH": "/bin"])
        #expect(
            TenantEnvironment.idle(in: environment, names: ["north", "north-east"])
                == ["PARLEY_PUBLIC_PORT", "PARLEY_TENANT_SOUTH__TOKEN"])
        // One service has nothing to do with them.
        #expect(ConfigurationVariables(environment.filter { $0.key.contains("TENANT") }, written: []).warnings == [])
    }

    @Test(
        "two that name the same thing are refused, with both files, the key and what to do",
        arguments: [
            ("store.path", "HERE/north/db", "`store.path`", "the file /north/db"),
            ("store.path", "HERE/./south/../north/db", "`store.path`", "the file /north/db"),
            ("store.path", "HERE/link/db", "`store.path`", "the file /north/db"),
            ("store.path", "HERE/north/recordings/db", "`store.path`", "/north/recordings/db, which is in"),
            ("recordings.directory", "HERE/north/recordings", "`recordings.directory`", "the folder /north/recordings"),
            ("recordings.directory", "HERE/link/recordings", "`recordings.directory`", "the folder /north/recordings"),
            ("agents.directory", "HERE/north/agents", "`agents.directory`", "the folder /north/agents"),
            (
                "agents.directory", "HERE/north/recordings/drafts", "`agents.directory`",
                "/north/recordings/drafts, which"
            ),
            ("public.port", "4000", "`public.port`", "port 4000 of 127.0.0.1"),
            ("private.port", "4000", "`private.port`", "port 4000 of 127.0.0.1"),
        ])
    func common(key: String, value: String, named: String, place: String) throws {
        let faults = try faults(
            [
                "north.yaml": configuration("north", ports: 4000),
                "south.yaml": configuration("south", ports: 5000, [key: value]),
            ], links: [("link", "north")])
        #expect(faults.count == 1, "\(faults)")
        let fault = faults.first ?? ""
        for part in ["/t/north.yaml", "/t/south.yaml", named, place, "give each tenant its own"] {
            #expect(fault.contains(part), "\(fault)")
        }
    }

    @Test("what neither of them uses may be the same")
    func unused() throws {
        let off = [
            "recordings.enabled": "false", "recordings.directory": "HERE/recordings", "tools.directory": "HERE/no",
        ]
        #expect(
            try faults([
                "north.yaml": configuration("north", ports: 4000, off),
                "south.yaml": configuration("south", ports: 5000, off),
            ]) == [])
    }

    @Test("the process's own port is no tenant's")
    func healthPort() throws {
        let faults = try faults(["north.yaml": configuration("north", ports: 4000)], healthPort: 4001)
        #expect(faults.count == 1 && faults[0].contains("`private.port`") && faults[0].contains("--health-port"))
    }

    @Test("a directory without tenants, names that are none, a name twice and broken files are refused, all at once")
    func broken() throws {
        #expect(try faults([:])[0].contains("put a configuration there for each"))
        #expect(try faults(["notes.txt": ""])[0].contains("there is no tenant in it"))
        #expect(throws: TenantFaults.self) { try TenantDirectory("/nowhere/at/all", environment: [:]) }
        let faults = try faults([
            "North.yaml": configuration("a"), "north_east.yaml": configuration("b"), "x--y.yaml": configuration("c"),
            "south.yaml": configuration("south"), "south.yml": configuration("other"),
            "west.yaml": "public: {prot: 1}\nstore: {path: \"${NOBODY_HAS_IT}\"}\n",
        ])
        #expect(faults.count { $0.contains("rename the file") } == 3, "\(faults)")
        #expect(faults.contains { $0.contains("/t/south.yaml and /t/south.yml are both of a tenant `south`") })
        #expect(faults.contains { $0.hasPrefix("tenant west: /t/west.yaml:1:") && $0.contains("prot") }, "\(faults)")
        #expect(faults.contains { $0.hasPrefix("tenant west: /t/west.yaml:2:") && $0.contains("NOBODY_HAS_IT") })
    }

    @Test(
        "two connection strings of one database and schema are known as that",
        arguments: [
            ("postgres://a@db.example.org/parley", "host=DB.example.org port=5432 dbname=parley user=b", true),
            ("postgres://a@localhost/parley", "postgres://a@127.0.0.1:5432/parley", true),
            ("postgres://a@/parley", "postgres://a@localhost/parley?sslmode=disable", true),
            ("postgres://a@h/parley?options=-csearch_path%3Dpublic", "postgres://a@h/parley", true),
            (
                "postgres://a@h/parley?options=-csearch_path%3Dnorth",
                "postgres://a@h/parley?options=-csearch_path%3Dsouth",
                false
            ),
            (
                "postgres://a@h/parley?options=-csearch_path%3Dnorth",
                "postgres://a@h/parley?options=-csearch_path%3Dnorth%2Cpublic",
                true
            ),
            ("postgres://a@h/north", "postgres://a@h/south", false),
            ("postgres://a@h:5432/parley", "postgres://a@h:5433/parley", false),
        ])
    func postgres(one: String, two: String, isSame: Bool) throws {
        let places = [one, two].map { PostgresLocation($0).place }
        #expect(places.allSatisfy { $0 != nil })
        #expect((places[0] == places[1]) == isSame, "\(places)")
        // In two files.
        let faults = try faults([
            "north.yaml": configuration("north", ports: 4000, ["store.postgres": one]),
            "south.yaml": configuration("south", ports: 5000, ["store.postgres": two]),
        ])
        #expect(faults.count == (isSame ? 1 : 0) && faults.allSatisfy { $0.contains("`store.postgres`") }, "\(faults)")
        #expect(faults.allSatisfy { !$0.contains("a@") })
    }

    @Test("listeners meet where they could be asked by one address")
    func addresses() {
        func meet(_ one: (String, Int), _ two: (String, Int)) -> Bool {
            let claims = [one, two].map { TenantClaim(key: "k", kind: .address(host: $0.0, port: $0.1)) }
            return claims[0].meets(claims[1]) != nil
        }
        #expect(meet(("0.0.0.0", 80), ("10.0.0.1", 80)) && meet(("::", 80), ("10.0.0.1", 80)))
        #expect(meet(("localhost", 80), ("127.0.0.1", 80)) && meet(("voice.example.org", 80), ("10.0.0.1", 80)))
        #expect(!meet(("10.0.0.2", 80), ("10.0.0.1", 80)) && !meet(("::1", 80), ("127.0.0.1", 80)))
        #expect(!meet(("0.0.0.0", 80), ("0.0.0.0", 81)) && !meet(("127.0.0.1", 0), ("127.0.0.1", 0)))
    }

    @Test("a tenant's log lines have its name, and leave out what its own configuration says")
    func logs() throws {
        let lines = Lock<[String]>([])
        let sink = LogSink(isTerminal: false) { line in lines.withLock { $0.append(line) } }
        var configuration = ParleyConfiguration()
        configuration.log.format = .json
        Observability.logger(configuration, tenant: "north", sink: sink).info("a", metadata: ["pii.said": "secret"])
        configuration.log.showsPersonalData = true
        configuration.log.level = .warning
        let south = Observability.logger(configuration, tenant: "south", sink: sink)
        south.info("b")
        south.warning("c", metadata: ["pii.said": "open"])
        let written = lines.withLock { $0 }
        #expect(written.count == 2)
        #expect(written[0].contains(#""tenant":"north""#) && !written[0].contains("secret"))
        #expect(written[1].contains(#""tenant":"south""#) && written[1].contains("open"))
    }
}
