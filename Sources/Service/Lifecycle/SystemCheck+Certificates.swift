import Networking

extension SystemCheck {
    /// Whether the listeners' certificates fit their keys, and when they end.
    static func certificates(_ configuration: ParleyConfiguration) -> [Finding] {
        [("public.tls", configuration.public.tls), ("private.tls", configuration.private.tls)].compactMap {
            subject, tls in tls.files.map { look(at: $0, subject) }
        }
    }

    private static func look(at files: ServerTLSConfiguration, _ subject: String) -> Finding {
        let certificate = files.certificateFile
        do {
            let rest = try files.look()
            guard rest > .zero else {
                return Finding(
                    subject: subject, isOK: false,
                    detail: "\(certificate): it has ended; whoever connects refuses it. Renew it")
            }
            let advice = rest < CertificateWatch.soon ? "; renew it, a service that runs takes it up" : ""
            return Finding(
                subject: subject, isOK: true, detail: "\(certificate): it ends in \(rest.days) days\(advice)")
        } catch { return Finding(subject: subject, isOK: false, detail: "\(error)") }
    }
}
