import Foundation
import Testing

@testable import Service

@Suite("What is shipped for those who run Parley")
struct ManifestTests {
    private static let root = ConfigurationReferenceTests.file.deletingLastPathComponent().deletingLastPathComponent()
    /// What `kubectl apply -k` applies.
    private static let applied = ["statefulset", "services", "budget", "network"].map { "config/kubernetes/\($0).yaml" }
    private static let autoscaler = "config/kubernetes/autoscaler.yaml"

    private static func text(_ path: String) throws -> String {
        try String(contentsOf: root.appending(path: path), encoding: .utf8)
    }

    @Test(
        "the Kubernetes manifests are valid, down to the last key",
        .enabled(if: TestPeers.python != nil, "PARLEY_PEERS names no environment"))
    func valid() async throws {
        let result = try await TestPeers.run(
            "kubernetes-validate",
            ["--strict"] + (Self.applied + [Self.autoscaler]).map { Self.root.appending(path: $0).path })
        #expect(result.status == 0, "\(result.text)")
    }

    @Test("every pod that is applied has an address of its own, which it keeps while it drains")
    func addresses() throws {
        // The autoscaler makes pods that have none, until somebody gives them one.
        let kustomization = try Self.text("config/kubernetes/kustomization.yaml")
        let resources = kustomization.matches(of: /\n  - ([a-z.]+)/).map { "config/kubernetes/\($0.1)" }
        #expect(resources == Self.applied)
        let replicas = try #require(
            try Self.text("config/kubernetes/statefulset.yaml").firstMatch(of: /\n  replicas: (\d+)\n/).flatMap {
                Int($0.1)
            })
        let services = try Self.text("config/kubernetes/services.yaml").components(separatedBy: "\n---\n")
        for pod in 0..<replicas {
            let service = services.first { $0.contains("statefulset.kubernetes.io/pod-name: parley-\(pod)}") }
            #expect(service?.contains("\n  name: parley-\(pod)\n") == true, "parley-\(pod)")
            #expect(service?.contains("\n  publishNotReadyAddresses: true\n") == true, "parley-\(pod)")
        }
    }

    @Test("the database that the documentation names is let out to, and known by a certificate that a Secret brings")
    func database() throws {
        let page = try Self.text("docs/deployment.md")
        // Quoted: a shell takes what follows the ampersand for another command.
        let string = try #require(page.firstMatch(of: /--from-literal=postgres='(postgres:[^']+)'/)).1
        let database = try #require(URLComponents(string: String(string)))
        #expect(database.password != nil)
        let certificate = try #require(database.queryItems?.first { $0.name == "sslrootcert" }?.value)
        let file = URL(filePath: certificate)
        let set = try Self.text("config/kubernetes/statefulset.yaml")
        let folder = file.deletingLastPathComponent().path
        #expect(set.contains("{name: database, mountPath: \(folder), readOnly: true}"))
        let secret = try #require(set.firstMatch(of: /- name: database\n +secret: \{secretName: ([a-z-]+)/)).1
        #expect(page.contains("kubectl create secret generic \(secret) --from-file=\(file.lastPathComponent)="))
        let network = try Self.text("config/kubernetes/network.yaml")
        let outside = try #require(
            network.firstMatch(of: /ipBlock: \{cidr: ([0-9.\/]+)\}\n +ports:\n +- \{port: (\d+)\}\n/))
        #expect(database.port == Int(outside.2))
        #expect(page.contains("`\(outside.1)`"))
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
        let autoscaler = try Self.text(Self.autoscaler)
        let wanted = try #require(autoscaler.firstMatch(of: /averageValue: "(\d+)"/).flatMap { Int($0.1) })
        #expect(wanted < configuration.calls.maximum)
    }

    @Test("probes, scrapes, alerts and the dashboard name paths, metrics, buckets and reasons that there are")
    func names() async throws {
        let set = try Self.text("config/kubernetes/statefulset.yaml")
        let paths = Set(set.matches(of: /path: (\/[a-z]+)[,\n]/).map { String($0.1) })
        #expect(paths == ["/healthz", "/readyz", "/metrics"])
        var named: Set<String> = []
        for file in [
            "config/prometheus/parley.rules.yaml", "config/grafana/parley.json", Self.autoscaler,
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
        #expect(named.isSuperset(of: ["parley_callers_waiting", "parley_callers_waited_total"]))
        // The share that the law bounds is watched in both; the page is at the law's bound, which no campaign may pass.
        let rules = try Self.text("config/prometheus/parley.rules.yaml")
        #expect(try Self.text("config/grafana/parley.json").contains("max(parley_campaign_abandonment_share{"))
        #expect(rules.contains("max(parley_campaign_abandonment_share) >= 0.03\n"))
        // Of every alert it is said what to do.
        let advice = try Self.text("docs/telemetry.md")
        let alerts = rules.matches(of: /- alert: ([A-Za-z]+)/).map { String($0.1) }
        #expect(alerts.count > 15 && Set(alerts).count == alerts.count)
        #expect(alerts.filter { !advice.contains("`\($0)`") } == [])
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
            // A reason that an alert leaves out is one of those that are counted.
            let reasons = try #require(
                try Self.text("config/prometheus/parley.rules.yaml").firstMatch(of: /\{reason!~"([a-z|]+)"\}/))
            for reason in reasons.1.split(separator: "|") {
                #expect(page.contains("\nparley_calls_refused_total{reason=\"\(reason)\"} 0\n"), "\(reason)")
            }
            for name in ["parley_lines_free", "parley_lines_in_use"] {
                #expect(page.contains("\n\(name) "), "\(name)")
            }
        }
    }
}
