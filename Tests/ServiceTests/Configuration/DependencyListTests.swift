import Foundation
import Testing

@Suite("docs/dependencies.md")
struct DependencyListTests {
    private static let root: URL = {
        var root = URL(fileURLWithPath: #filePath)
        for _ in 0..<4 { root.deleteLastPathComponent() }
        return root
    }()

    private static func text(_ path: String) throws -> String {
        try String(contentsOf: root.appending(path: path), encoding: .utf8)
    }

    /// The words of a bash array.
    private static func words(of array: String, in script: String) throws -> [String] {
        let start = try #require(script.range(of: "\n\(array)=("))
        let end = try #require(script.range(of: ")\n", range: start.upperBound..<script.endIndex))
        return script[start.upperBound..<end.lowerBound].split(separator: "\n")
            .map { $0.prefix { $0 != "#" } }.flatMap { $0.split(separator: " ") }.map(String.init)
    }

    @Test("names every Swift package, library, program, model and Python package that is used")
    func isWhole() throws {
        let page = try Self.text("docs/dependencies.md")
        let setup = try Self.text("scripts/setup")
        var used = try Self.text("Package.swift").matches(of: #/\.package\(url: "[^"]*\/([^"\/]+)"/#).map {
            String($0.1)
        }
        #expect(used.count >= 12)
        used += try Self.words(of: "packages", in: setup) + Self.words(of: "server", in: setup)
        used += try Self.words(of: "browser", in: setup)
        let models = setup.matches(of: #/\n? *"?([a-z_]+\.(?:onnx|ort|bin|json|so)) [a-z-]+==/#).map { String($0.1) }
        #expect(models.count >= 7)
        used += models
        for file in ["Tests/requirements.txt", "Tests/requirements-proxy.txt"] {
            used += try Self.text(file).split(separator: "\n").filter { !$0.hasPrefix("#") }
                .map { String($0.prefix { $0 != "=" }) }
        }
        #expect(used.count > 60)
        let missing = used.filter { !page.contains("`\($0)`") }
        #expect(missing == [])
    }
}
