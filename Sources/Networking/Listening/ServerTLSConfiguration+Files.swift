import CUV
import CWebSockets
import Glibc

extension ServerTLSConfiguration {
    /// Reads both files and compares them. Blocks for a moment.
    ///
    /// - Returns: how long from now until the certificate ends; less than nothing where it has ended.
    /// - Throws: ``NetworkError`` with `invalidArgument`, naming the file and what is wrong with it.
    package func look() throws(NetworkError) -> Duration {
        var seconds: CLongLong = 0
        let status = unsafe lws_certificate_look(certificateFile, privateKeyFile, &seconds)
        switch status {
        case LWS_CERTIFICATE_FITS: return .seconds(seconds)
        case LWS_CERTIFICATE_KEY_UNREADABLE:
            throw fault(privateKeyFile, "it holds no private key without a passphrase")
        case LWS_CERTIFICATE_KEY_OF_ANOTHER:
            throw fault(privateKeyFile, "it is the key of another certificate")
        default: throw fault(certificateFile, "it holds no certificate in PEM")
        }
    }

    /// What tells that the files were replaced or written to; nil while one is not there.
    package var stamp: [Int]? {
        var stamp: [Int] = []
        for file in [certificateFile, privateKeyFile] {
            var status = stat()
            guard unsafe stat(file, &status) == 0 else { return nil }
            stamp += [
                Int(status.st_ino), Int(status.st_size), status.st_mtim.tv_sec, status.st_mtim.tv_nsec,
                // Another owner or other rights may make it readable.
                status.st_ctim.tv_sec, status.st_ctim.tv_nsec,
            ]
        }
        return stamp
    }

    private func fault(_ file: String, _ detail: String) -> NetworkError {
        NetworkError(.invalidArgument, operation: "read a certificate", subject: file, detail: detail)
    }
}

extension EventLoop {
    /// Takes up what is now in the files of a certificate: for handshakes from now on; connections stay as they are.
    ///
    /// - Parameter tls: files that fit together, see ``ServerTLSConfiguration/look()``.
    package func renewCertificate(_ tls: ServerTLSConfiguration) async {
        await withCheckedContinuation { (done: CheckedContinuation<Void, Never>) in
            post {
                self.currentCore?.hosts.renew(tls)
                done.resume()
            }
        }
    }
}
