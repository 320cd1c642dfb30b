import Networking

extension SystemCheck {
    /// Whether the public listener's certificate fits its key, and when it ends.
    static func certificates(_ configuration: ParleyConfiguration) -> [Finding] {
        guard let certificate = configuration.public.tls.certificate,
            let key = configuration.public.tls.key
        else {
            return []
        }
        let subject = "public.tls"
        do {
            let rest = try ServerTLSConfiguration(certificateFile: certificate, privateKeyFile: key)
                .look()
            guard rest > .zero else {
                return [
                    Finding(
                        subject: subject, isOK: false,
                        detail: "\(certificate): it has ended; carriers refuse it. Renew it")
                ]
            }
            let advice = rest < CertificateWatch.soon ? "; renew it, a service that runs takes it up" : ""
            return [
                Finding(
                    subject: subject, isOK: true,
                    detail: "\(certificate): it ends in \(rest.days) days\(advice)")
            ]
        } catch { return [Finding(subject: subject, isOK: false, detail: "\(error)")] }
    }
}
