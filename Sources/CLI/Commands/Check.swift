import ArgumentParser
import Service

/// `parley check`
struct Check: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Says whether this machine and this configuration can take calls, and what to do where not.")

    @OptionGroup var common: CommonOptions
    @OptionGroup var tenants: TenantOptions
    @Flag(help: "Print one JSON object.")
    var json = false
    @Option(help: "Also open this microphone (ALSA's name, such as \"default\"), as `parley mic` would.")
    var microphone: String?

    /// What was found of one of many.
    private struct TenantFindings: Encodable {
        let tenant: String
        let findings: [SystemCheck.Finding]
    }

    func validate() throws { try tenants.validate(beside: common) }

    func run() async throws {
        if let directory = try tenants.load() { return try await check(directory) }
        let loaded = try common.load()
        let findings = await SystemCheck.run(
            loaded.configuration, origins: loaded.origins, microphone: microphone)
        if json { try Terminal.json(findings) } else { say(findings) }
        if findings.contains(where: { !$0.isOK }) { throw ExitCode.failure }
    }

    private func check(_ directory: TenantDirectory) async throws {
        var all: [TenantFindings] = []
        for tenant in directory.tenants {
            let findings = await SystemCheck.run(
                tenant.configuration, environment: tenant.environment, origins: tenant.loaded.origins,
                microphone: microphone)
            all.append(TenantFindings(tenant: tenant.name, findings: findings))
            if !json { say(findings, of: tenant.name) }
        }
        if json { try Terminal.json(all) }
        if all.contains(where: { $0.findings.contains { !$0.isOK } }) { throw ExitCode.failure }
    }

    private func say(_ findings: [SystemCheck.Finding], of tenant: String? = nil) {
        for finding in findings {
            let subject = tenant.map { "\($0): \(finding.subject)" } ?? finding.subject
            Terminal.say("\(finding.isOK ? "ok  " : "FAIL")  \(subject): \(finding.detail)")
        }
    }
}
