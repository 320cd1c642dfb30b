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
}
