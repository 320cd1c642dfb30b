import Foundation
import Testing

@testable import Service

@Suite("A service that only this process calls")
struct ConfinedTests {
    private func temporary() throws -> URL {
        let folder = FileManager.default.temporaryDirectory.appending(path: "parley-confined-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        return folder
    }

    @Test("listens on loopback without TLS, whatever the configuration says for carriers")
    func listeners() throws {
        let folder = try temporary()
        defer { try? FileManager.default.removeItem(at: folder) }
        var configuration = ParleyConfiguration()
        configuration.public.host = "0.0.0.0"
        configuration.public.url = "https://voice.example.org"
        configuration.public.tls.certificate = "/etc/parley/fullchain.pem"
        configuration.public.tls.key = "/etc/parley/privkey.pem"
        configuration.private.host = "0.0.0.0"
        let confined = try configuration.confined(to: folder.path)
        #expect(confined.public.baseURL(boundPort: 4711) == "http://127.0.0.1:4711")
        #expect(!confined.public.tls.isEnabled)
        #expect(confined.private.host == "127.0.0.1")
    }

    @Test("empties its own folder, also one that was not there or empty, and no other")
    func folders() throws {
        let root = try temporary()
        defer { try? FileManager.default.removeItem(at: root) }
        let manager = FileManager.default
        let own = root.appending(path: "new/demo")
        _ = try ParleyConfiguration().confined(to: own.path)
        try Data("old".utf8).write(to: own.appending(path: "parley.sqlite"))
        try manager.createDirectory(at: own.appending(path: "recordings"), withIntermediateDirectories: true)
        _ = try ParleyConfiguration().confined(to: own.path)
        #expect(try manager.contentsOfDirectory(atPath: own.path) == [ScratchFolder.marker])

        let home = root.appending(path: "home")
        try manager.createDirectory(at: home.appending(path: "letters"), withIntermediateDirectories: true)
        try Data("dear".utf8).write(to: home.appending(path: "letters/one"))
        let link = root.appending(path: "link")
        try manager.createSymbolicLink(at: link, withDestinationURL: home)
        for path in [home.path, link.path, home.path + "/", home.appending(path: "letters/one").path] {
            let fault = #expect(throws: ScratchFolder.Fault.self) { try ParleyConfiguration().confined(to: path) }
            #expect(fault?.description.contains(path) == true)
        }
        #expect(try String(contentsOf: home.appending(path: "letters/one"), encoding: .utf8) == "dear")
    }
}
