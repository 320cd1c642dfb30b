import Glibc

/// A self-signed certificate, made by openssl in a temporary folder.
struct TestCertificate {
    let certificate: String
    let key: String

    /// Two that do not belong together; each made once.
    static let first = TestCertificate()
    static let second = TestCertificate()
    /// For the numeric addresses of this machine.
    static let numeric = TestCertificate(for: "IP:127.0.0.1,IP:::1")

    private init(for subject: String = "DNS:localhost") {
        var pattern = Array("/tmp/parley-tls-XXXXXX".utf8CString)
        let folder = unsafe pattern.withUnsafeMutableBufferPointer { buffer in
            unsafe buffer.baseAddress.flatMap { unsafe mkdtemp($0) }.map { unsafe String(cString: $0) } ?? ""
        }
        precondition(!folder.isEmpty, "no temporary folder could be made")
        certificate = folder + "/certificate.pem"
        key = folder + "/key.pem"
        Self.run([
            "openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
            "-keyout", key, "-out", certificate, "-days", "2", "-subj", "/CN=parley-test",
            "-addext", "subjectAltName=\(subject)",
        ])
    }

    private static func run(_ arguments: [String]) {
        var child: pid_t = 0
        var words = unsafe arguments.map { unsafe strdup($0) }
        unsafe words.append(nil)
        defer { unsafe words.forEach { unsafe free($0) } }
        let status = unsafe posix_spawnp(&child, words[0]!, nil, nil, words, environ)
        precondition(status == 0, "openssl could not be run")
        var result: CInt = 0
        unsafe waitpid(child, &result, 0)
        precondition(result == 0, "openssl could not make a certificate")
    }
}
