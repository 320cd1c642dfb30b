import Foundation
import Testing

@testable import Service

@Suite("What is shipped for those who run Parley")
struct ManifestTests {
    private static let root = ConfigurationReferenceTests.file.deletingLastPathComponent().deletingLastPathComponent()
    private static let manifests = ["statefulset", "services", "budget", "network", "autoscaler"].map {
        "config/kubernetes/\($0).yaml"
    }

    private static func text(_ path: String) throws -> String {
        try String(contentsOf: root.appending(path: path), encoding: .utf8)
    }

    @Test(
        "the Kubernetes manifests are valid, down to the last key",
        .enabled(if: TestPeers.python != nil, "PARLEY_PEERS names no environment"))
    func valid() async throws {
        let result = try await TestPeers.run(
            "kubernetes-validate", ["--strict"] + Self.manifests.map { Self.root.appending(path: $0).path })
        #expect(result.status == 0, "\(result.text)")
        let kustomization = try Self.text("config/kubernetes/kustomization.yaml")
        for file in Self.manifests {
            #expect(kustomization.contains("  - \(file.split(separator: "/").last ?? "")\n"), "\(file)")
        }
    }

    @Test("every variable of the manifests is one that is read, and makes a service that a carrier can call")
    func environment() throws {
        let set = try Self.text("config/kubernetes/statefulset.yaml")
        var environment: [String: String] = [:]
        for match in set.matches(of: /\{name: (PARLEY_[A-Z_]+), value: "?([^"}]+)"?\}/) {
            environment[String(match.1)] = String(match.2).replacing("$(POD_NAME)", with: "parley-0")
        }
        for match in set.matches(of: /- name: (PARLEY_[A-Z_]+)\n/) { environment[String(match.1)] = "s3cret" }
        #expect(environment.count == set.matches(of: /PARLEY_[A-Z_]+/).count && environment.count >= 11)
        let loaded = try ConfigurationLoader(environment: environment, isReadable: { _ in true })
            .read(Data(contentsOf: ConfigurationReferenceTests.file), file: "config/parley.yaml")
        #expect(
            loaded.warnings == [
                "private.host is not a loopback address: whoever reaches it can read metrics and health"
            ])
        let configuration = loaded.configuration
        #expect(configuration.public.baseURL(boundPort: 1) == "https://parley-0.voice.example.org")
        #expect(configuration.private.tls.isEnabled && configuration.store.postgres?.value == "s3cret")
        // Those of the image are not said again, and the ports are those that it listens on.
        #expect(set.contains("containerPort: \(configuration.public.port)}"))
        #expect(set.contains("containerPort: \(configuration.private.port)}"))
        // The hook, the drain, twelve seconds for farewells, and some for the last rows, are within the grace.
        func number(_ pattern: Regex<(Substring, Substring)>) -> Int? {
            set.firstMatch(of: pattern).flatMap { Int($0.1) }
        }
        let grace = try #require(number(/terminationGracePeriodSeconds: (\d+)/))
        let hook = try #require(number(/sleep: \{seconds: (\d+)\}/))
        #expect(Duration.seconds(grace) >= .seconds(hook + 12 + 15) + configuration.calls.drainDeadline)
        // What the autoscaler aims at leaves lines free.
        let autoscaler = try Self.text("config/kubernetes/autoscaler.yaml")
        let wanted = try #require(autoscaler.firstMatch(of: /averageValue: "(\d+)"/).flatMap { Int($0.1) })
        #expect(wanted < configuration.calls.maximum)
    }

    @Test("probes, scrapes, alerts and the dashboard name paths and metrics that there are, and labels that those have")
    func names() async throws {
        let set = try Self.text("config/kubernetes/statefulset.yaml")
        let paths = Set(set.matches(of: /path: (\/[a-z]+)[,\n]/).map { String($0.1) })
        #expect(paths == ["/healthz", "/readyz", "/metrics"])
        var named: Set<String> = []
        for file in [
            "config/prometheus/parley.rules.yaml", "config/grafana/parley.json", "config/kubernetes/autoscaler.yaml",
        ] {
            let names = try Self.text(file).matches(of: /\b(parley_[a-z_]+|process_[a-z_]+)\b/).map { String($0.1) }
            #expect(!names.isEmpty, "\(file)")
            named.formUnion(names)
        }
        let known = Set(MetricHelp.texts.keys)
        let unknown = named.filter { name in
            let stem = ["_bucket", "_count", "_sum"].first { name.hasSuffix($0) }.map {
                String(name.dropLast($0.count))
            }
            return !known.contains(name) && !(stem.map(known.contains) ?? false) && !name.hasPrefix("process_")
        }
        #expect(unknown == [])
        #expect(named.count > 25)
        let board = try JSONSerialization.jsonObject(with: Data(Self.text("config/grafana/parley.json").utf8))
        let panels = try #require((board as? [String: Any])?["panels"] as? [[String: Any]])
        #expect(Set(panels.compactMap { $0["id"] as? Int }).count == panels.count)
        try await ServiceUnderTest.run { test in
            for path in paths { #expect(try await test.ask(path).status == 200, "\(path)") }
            // The buckets that a rule asks for are there.
            let page = try await test.ask("/metrics").text
            for match in try Self.text("config/prometheus/parley.rules.yaml").matches(
                of: /(parley_[a-z_]+_bucket)\{le="([0-9.]+)"\}/)
            {
                #expect(
                    page.split(separator: "\n").contains {
                        $0.hasPrefix(match.1 + "{") && $0.contains("le=\"\(match.2)\"")
                    }, "\(match.0)")
            }
            for name in ["parley_lines_free", "parley_lines_in_use", "process_resident_memory_bytes"] {
                #expect(page.contains("\n\(name) "), "\(name)")
            }
        }
    }
}
