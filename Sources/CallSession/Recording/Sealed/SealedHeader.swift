import Crypto
import Foundation

/// The beginning of a sealed recording, and how its chunks are sealed.
///
/// A file is this header and then chunks, each of ``chunkSize`` bytes of sound sealed by AES-256-GCM; the last one may be
/// shorter and holds one frame of sound less than nothing: it may be empty. Every file has a key of its own, derived from the
/// operator's and 32 random bytes of the header (HKDF-SHA256), so that a nonce need only be unique within the file: it is the
/// chunk's number and its place. The same two and the header are authenticated with each chunk, so that chunks
/// can be neither exchanged nor left out, and a file that was cut short has no last chunk.
struct SealedHeader: Sendable, Equatable {
    static let magic = Array("PRLYREC1".utf8)
    /// Of sound in a chunk, in bytes: a second of two sides.
    static let chunkSize = 32_768
    static let tagSize = 16
    static let size = 60

    let salt: [UInt8]
    /// 16 bytes.
    let keyID: String
    /// Hz.
    let sampleRate: Int

    init(keyID: String, sampleRate: Int) {
        // Of the system's generator, which is one for keys.
        salt = (0..<32).map { _ in UInt8.random(in: .min ... .max) }
        self.keyID = keyID
        self.sampleRate = sampleRate
    }

    /// - Throws: ``SealedError`` where `bytes` do not begin as a file of ours.
    init(_ bytes: [UInt8], path: String) throws(SealedError) {
        guard bytes.count >= Self.size, bytes.starts(with: Self.magic) else {
            throw SealedError(.foreign, path, "it does not begin as a sealed recording")
        }
        sampleRate = bytes[8..<12].reversed().reduce(0) { $0 << 8 | Int($1) }
        keyID = bytes[12..<28].map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
        salt = Array(bytes[28..<60])
        guard sampleRate > 0 else { throw SealedError(.foreign, path, "it claims a sample rate of 0 Hz") }
    }

    var encoded: [UInt8] {
        let id = stride(from: 0, to: keyID.utf8.count, by: 2).map { offset in
            UInt8(keyID.dropFirst(offset).prefix(2), radix: 16) ?? 0
        }
        return Self.magic + (0..<4).map { UInt8(truncatingIfNeeded: sampleRate >> (8 * $0)) } + id + salt
    }

    /// Where chunk `number` begins in the file.
    static func offset(ofChunk number: Int) -> Int { size + number * (chunkSize + tagSize) }
}

/// Seals and opens the chunks of one file.
struct ChunkSeal: Sendable {
    private let key: SymmetricKey
    private let header: [UInt8]

    init(_ header: SealedHeader, key: RecordingKey) {
        self.header = header.encoded
        self.key = HKDF<SHA256>.deriveKey(
            inputKeyMaterial: key.secret, salt: header.salt, info: Array("parley recording".utf8), outputByteCount: 32)
    }

    /// The sealed chunk with its tag.
    func seal(_ sound: [UInt8], number: Int, as kind: ChunkPlace) throws -> [UInt8] {
        let place = Self.place(number, kind)
        let box = try AES.GCM.seal(
            sound, using: key, nonce: AES.GCM.Nonce(data: place), authenticating: header + place)
        return Array(box.ciphertext) + Array(box.tag)
    }

    /// The sound of a chunk; nil where it is not what was sealed at this place.
    func open(_ bytes: [UInt8], number: Int, as kind: ChunkPlace) -> [UInt8]? {
        let place = Self.place(number, kind)
        guard bytes.count >= SealedHeader.tagSize, let nonce = try? AES.GCM.Nonce(data: place),
            let box = try? AES.GCM.SealedBox(
                nonce: nonce, ciphertext: bytes.dropLast(SealedHeader.tagSize), tag: bytes.suffix(SealedHeader.tagSize)),
            let sound = try? AES.GCM.open(box, using: key, authenticating: header + place)
        else { return nil }
        return Array(sound)
    }

    /// 12 bytes that no two chunks of a file share.
    private static func place(_ number: Int, _ kind: ChunkPlace) -> [UInt8] {
        [0, 0, 0] + (0..<8).map { UInt8(truncatingIfNeeded: number >> (8 * $0)) } + [kind.rawValue]
    }
}
