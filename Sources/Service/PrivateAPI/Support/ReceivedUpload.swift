import Foundation

/// The body of a request, received whole into a file. The file is there while the request is answered.
struct ReceivedUpload: Sendable, Equatable {
    let path: String
    /// In bytes.
    let size: Int
    /// SHA-256 of it.
    let digest: Data
}
