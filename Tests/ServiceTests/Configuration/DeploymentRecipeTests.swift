import Foundation
import Testing

@testable import Service

@Suite("The recipes of docs/deployment.md")
struct DeploymentRecipeTests {
    private static let root = ConfigurationReferenceTests.file.deletingLastPathComponent().deletingLastPathComponent()

    private static func text(_ path: String) throws -> String {
        try String(contentsOf: root.appending(path: path), encoding: .utf8)
    }

    /// The shipped configuration as `environment` makes it.
    private static func load(_ environment: [String: String]) throws -> LoadedConfiguration {
        try ConfigurationLoader(environment: environment, isReadable: { _ in true })
            .read(Data(contentsOf: ConfigurationReferenceTests.file), file: "config/parley.yaml")
    }

    @Test("the container's variables make a service that a carrier can call")
    func container() throws {
        var environment: [String: String] = [:]
        for match in try Self.text("packaging/Dockerfile").matches(of: /(PARLEY_[A-Z_]+)=(\S+)/) {
            environment[String(match.1)] = String(match.2)
        }
        let run = try #require(
            try Self.text("docs/deployment.md").firstMatch(of: /docker run[^`]*/).map { String($0.0) })
        for match in run.matches(of: /-e ([A-Z_]+)(?:=(\S+))?/) {
            // Named without a value it comes from the environment of whoever runs it.
            environment[String(match.1)] = match.2.map(String.init) ?? "s3cret"
        }
        let loaded = try Self.load(environment)
        #expect(loaded.configuration.carriers.twilio.authToken?.value == "s3cret")
        #expect(loaded.configuration.public.baseURL(boundPort: 8081) == "https://voice.example.org")
        #expect(loaded.configuration.public.host == "0.0.0.0")
        #expect(loaded.warnings == [])
    }

    @Test("the secret of the systemd unit's file is one that the shipped configuration reads")
    func unit() throws {
        let name = try #require(
            try Self.text("docs/deployment.md").firstMatch(of: /secrets\.env` \(`([A-Z_]+)=/).map { String($0.1) })
        #expect(try Self.load([name: "s3cret"]).configuration.carriers.twilio.authToken?.value == "s3cret")
    }
}
