import Foundation
import Logging
import Networking
import Testing

@testable import Service

@Suite("parley check of the machine")
struct MachineCheckTests {
    private static let origins: SystemCheck.Origins = [
        "public.port": .file("config/parley.yaml", line: 7, column: 9), "store.path": .standard,
        "recordings.directory": .variable("PARLEY_RECORDINGS_DIRECTORY"),
    ]

    private static func place(
        writable: Bool = true, folder: Bool = true, bytes: Int? = 100 << 30, files: Int? = 1000
    ) -> DiskPlace {
        DiskPlace(
            keys: ["recordings.directory"], folder: "/srv/sounds", existing: "/srv", isFolder: folder,
            isWritable: writable, freeBytes: bytes, freeFiles: files)
    }

    @Test("a disk that is full, or that this user may not write to, is named with the key and where it was given")
    func disk() {
        #expect(Self.place().fault == nil)
        #expect(Self.place(bytes: nil, files: nil).summary == "/srv/sounds can be written to")
        #expect(Self.place().summary == "/srv/sounds can be written to, 102400 MB free")
        #expect(Self.place(bytes: 1 << 30).fault == nil)
        #expect(Self.place(bytes: 1 << 30).summary.hasSuffix("1024 MB free; that is little, make room"))
        #expect(Self.place(bytes: 100 << 20).fault?.hasPrefix("/srv has 100 MB left") == true)
        #expect(Self.place(files: 0).fault?.contains("inodes") == true)
        #expect(Self.place(folder: false).fault == "/srv is no folder; name another one")
        let findings = SystemCheck.disk([Self.place(writable: false), Self.place()], Self.origins)
        #expect(findings.map(\.isOK) == [false, true])
        #expect(findings[0].subject == "disk of recordings.directory")
        #expect(
            findings[0].detail.hasPrefix(
                "environment variable PARLEY_RECORDINGS_DIRECTORY: recordings.directory: /srv cannot be written to"))
    }

    @Test("folders that are not made yet are judged by what is above them, and one folder is judged once")
    func measured() throws {
        let root = FileManager.default.temporaryDirectory.appending(path: "parley-disk-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: root) }
        try FileManager.default.createDirectory(at: root, withIntermediateDirectories: true)
        var configuration = ParleyConfiguration()
        configuration.store.path = root.appending(path: "deep/er/parley.sqlite").path
        configuration.recordings.directory = root.appending(path: "deep/er").path
        let places = DiskPlace.all(configuration)
        #expect(places.map(\.keys) == [["store.path", "recordings.directory"]])
        #expect(places[0].existing == root.standardizedFileURL.path)
        #expect(places[0].isFolder && places[0].isWritable)
        #expect(places[0].freeBytes.map { $0 > 0 } == true)
        configuration.recordings.isEnabled = false
        #expect(DiskPlace.all(configuration).map(\.keys) == [["store.path"]])
        // A file is in the way.
        let file = root.appending(path: "file")
        try Data("x".utf8).write(to: file)
        #expect(
            DiskPlace.measure(file.appending(path: "below").path, keys: ["store.path"]).fault?.contains("no folder")
                == true)
    }

    private static func reading(
        year: Double = 2026, jump: TimeInterval = 0, ahead: TimeInterval? = nil, zones: [ClockReading.Zone] = []
    ) -> ClockReading {
        ClockReading(
            now: Date(timeIntervalSince1970: (year - 1970) * 31_556_952 + 86_400), jump: jump, zones: zones,
            other: ahead.map { ClockReading.Other(host: "api.example.com", ahead: $0, uncertainty: 0.6) })
    }

    @Test("a clock that cannot be right, jumps, or is another one than a vendor's is an error that says what to do")
    func clock() {
        #expect(Self.reading().fault == nil)
        #expect(Self.reading().summary.hasSuffix("no provider was reached to compare it with"))
        #expect(Self.reading(year: 1970).fault?.contains("which cannot be") == true)
        #expect(Self.reading(year: 2150).fault?.contains("which cannot be") == true)
        #expect(Self.reading(jump: -3600).fault?.hasPrefix("it was set by -3600 s") == true)
        #expect(Self.reading(jump: 0.5).fault == nil)
        #expect(Self.reading(ahead: 300).fault?.hasPrefix("it is 300 s ahead of api.example.com's") == true)
        #expect(Self.reading(ahead: -90).fault?.hasPrefix("it is 90 s behind api.example.com's") == true)
        // No more than the measuring may be wrong by.
        #expect(Self.reading(ahead: 60.5).fault == nil)
        #expect(Self.reading(ahead: 20).summary.contains("20 s ahead of"))
        #expect(Self.reading(ahead: 1).summary.hasSuffix("api.example.com has the same"))
        let wrong = ClockReading.Zone(name: "Europe/Berlin", offsets: [0, 0], expected: [3600, 7200])
        #expect(Self.reading(zones: [wrong]).fault?.contains("Europe/Berlin") == true)
        let none = ClockReading.Zone(name: "Europe/Berlin", offsets: nil, expected: [3600, 7200])
        #expect(Self.reading(zones: [none]).fault?.contains("tzdata") == true)
    }

    @Test("this machine knows the zones, and a wall clock that was set shows against the steady one")
    func measuredClock() {
        for zone in ClockReading.zones() { #expect(zone.offsets == zone.expected, "\(zone.name)") }
        let began = SystemCheck.ClockMoment.now
        let later = SystemCheck.ClockMoment(
            wall: began.wall.addingTimeInterval(70), steady: began.steady.advanced(by: .seconds(10)))
        #expect(abs(began.jump(until: later) - 60) < 0.001)
    }

    @Test("a taken port names file and line, and who has it; a service that runs already is no fault")
    func ports() {
        func finding(_ outcome: PortProbe.Outcome, _ holder: PortHolder? = nil) -> SystemCheck.Finding {
            SystemCheck.port("public", "0.0.0.0", 8081, outcome, holder, Self.origins)
        }
        let taken = finding(.taken, PortHolder(id: 77, name: "nginx"))
        let unknown = finding(.taken)
        let ours = finding(.taken, PortHolder(id: 78, name: "parley"))
        let free = finding(.free)
        let forbidden = finding(.forbidden)
        let foreign = finding(.notOurs)
        #expect(!taken.isOK && taken.subject == "port of public")
        #expect(
            taken.detail
                == "config/parley.yaml:7:9: public.port: 0.0.0.0, port 8081 is taken by nginx (process 77); stop it, or "
                + "set public.port")
        #expect(!unknown.isOK && unknown.detail.contains("another user's process"))
        #expect(ours.isOK && ours.detail.contains("process 78"))
        #expect(free.isOK)
        #expect(!forbidden.isOK && forbidden.detail.contains("CAP_NET_BIND_SERVICE"))
        #expect(!foreign.isOK && foreign.detail.hasPrefix("public.host: no interface"))
    }

    @Test("who listens is read out of the system's table, for both families")
    func table() {
        let text = """
              sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
               0: 0100007F:1F91 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1000        0 4711 1 0000 100 0
               1: 0100007F:1F91 0100007F:C001 01 00000000:00000000 00:00000000 00000000  1000        0 4712 1 0000 100 0
               2: 00000000000000000000000000000000:1F91 00000000000000000000000000000000:0000 0A 0:0 0:0 0 0 0 4713 1 0
               3: 0100007F:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1000        0 4714 1 0000 100 0
            """
        #expect(PortHolder.listeners(on: 8081, in: text) == ["4711", "4713"])
        #expect(PortHolder.listeners(on: 80, in: text).isEmpty)
    }

    @Test("a port that is listened on is found taken, with this process as the one that has it")
    func listening() async throws {
        let loop = EventLoop(name: "ports", logger: Logger(label: "test"))
        try loop.start()
        let port = try await loop.listen(ListenerConfiguration(), streams: Nobody())
        #expect(PortProbe.look(host: "127.0.0.1", port: port) == .taken)
        #expect(PortHolder.find(port: port)?.id == Int(ProcessInfo.processInfo.processIdentifier))
        await loop.shutdown()
        #expect(PortProbe.look(host: "127.0.0.1", port: port) == .free)
        // Of a net that is for documents only.
        #expect(PortProbe.look(host: "192.0.2.1", port: port) == .notOurs)
        #expect(PortProbe.look(host: "localhost", port: port) == .failed("the host must be a numeric address"))
    }

    private struct Nobody: StreamService {
        func accept(from remoteAddress: String, on loop: EventLoop) -> (any StreamHandler)? { nil }
    }

    @Test("a microphone that is not there is an error that names it, and none is opened unless asked for")
    func microphone() async {
        var configuration = ParleyConfiguration()
        configuration.public.port = 0
        configuration.private.port = 0
        let named = await SystemCheck.machine(
            configuration, since: .now, microphone: "no-such-device", origins: [:])
        let finding = named.first { $0.subject == "microphone" }
        #expect(finding?.isOK == false)
        #expect(finding?.detail.contains("no-such-device") == true)
        let quiet = await SystemCheck.machine(configuration, since: .now, microphone: nil, origins: [:])
        #expect(quiet.map(\.subject).filter { $0 == "microphone" || $0.hasPrefix("port") }.isEmpty)
        #expect(quiet.contains { $0.subject == "clock" })
    }
}
