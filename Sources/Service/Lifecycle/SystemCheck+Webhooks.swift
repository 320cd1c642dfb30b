import Logging

/// Who is told what happens, and whether they can be reached.
extension SystemCheck {
    static func webhooks(_ configuration: ParleyConfiguration) async -> [Finding] {
        let probe = WebhookProbe(configuration.webhooks, logger: Logger(label: "parley.check"))
        var findings: [Finding] = []
        for (name, endpoint) in configuration.webhooks.endpoints.sorted(by: { $0.key < $1.key }) {
            let subject = "webhook \(name)"
            guard endpoint.isEnabled else {
                findings.append(Finding(subject: subject, isOK: true, detail: "is told nothing: enabled is off"))
                continue
            }
            do {
                findings.append(Finding(subject: subject, isOK: true, detail: try await probe.reach(name)))
            } catch {
                findings.append(Finding(subject: subject, isOK: false, detail: "\(error)"))
            }
        }
        return findings
    }
}
