import Glibc

/// A path of its own in the temporary folder; the file is removed with it.
final class TemporaryFile {
    let path: String

    init(_ bytes: [UInt8]? = nil) {
        let name = UInt64.random(in: 0...UInt64.max)
        path = "/tmp/parley-test-\(getpid())-\(String(name, radix: 16)).wav"
        if let bytes { write(bytes) }
    }

    deinit { unsafe unlink(path) }

    func write(_ bytes: [UInt8]) {
        guard let file = unsafe fopen(path, "wb") else { return }
        unsafe fwrite(bytes, 1, bytes.count, file)
        unsafe fclose(file)
    }

    func bytes() -> [UInt8] {
        guard let file = unsafe fopen(path, "rb") else { return [] }
        defer { unsafe fclose(file) }
        var result: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 4096)
        while case let count = unsafe fread(&buffer, 1, buffer.count, file), count > 0 {
            result.append(contentsOf: buffer.prefix(count))
        }
        return result
    }
}
