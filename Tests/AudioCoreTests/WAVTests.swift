import AudioCore
import Testing

@Suite("WAV files")
struct WAVTests {
    private func written(_ format: WAVFormat, bytes: [UInt8], to file: TemporaryFile) throws {
        var writer = try WAVWriter(path: file.path, format: format)
        try writer.write(bytes: bytes.span)
        try writer.close()
    }

    private func read(_ file: TemporaryFile) throws -> (bytes: [UInt8], format: WAVFormat, note: String?) {
        var reader = try WAVReader(path: file.path)
        var bytes: [UInt8] = []
        while try reader.read(1000, appendingTo: &bytes) > 0 {}
        #expect(reader.position == reader.frameCount)
        return (bytes, reader.format, reader.note)
    }

    @Test("What is written is read back", arguments: WAVFormat.Encoding.allCases, [1, 2])
    func roundTrip(encoding: WAVFormat.Encoding, channels: Int) throws {
        let file = TemporaryFile()
        let format = WAVFormat(encoding: encoding, sampleRate: 22050, channels: channels)
        let bytes = (0..<(format.bytesPerFrame * 12_345)).map { UInt8(truncatingIfNeeded: $0 * 7) }
        try written(format, bytes: bytes, to: file)
        let result = try read(file)
        #expect(result.bytes == bytes)
        #expect(result.format == format)
        #expect(result.note == nil)
        let size = file.bytes().count
        #expect(size % 2 == 0)
        #expect(file.bytes()[4..<8].reversed().reduce(0) { $0 << 8 | Int($1) } == size - 8)
    }

    @Test("Interleaved samples are stored little-endian, left before right")
    func interleaved() throws {
        let file = TemporaryFile()
        var writer = try WAVWriter(
            path: file.path, format: WAVFormat(encoding: .linear16, sampleRate: 8000, channels: 2))
        try writer.write([1, -2, 0x1234, Int16.min].span)
        #expect(writer.frameCount == 2)
        try writer.close()
        try writer.close()
        #expect(try read(file).bytes == [1, 0, 0xFE, 0xFF, 0x34, 0x12, 0, 0x80])
        #expect(throws: AudioError.self) { try writer.write([1, 2].span) }
    }

    @Test("A file whose writer died is read up to its end, with a note")
    func neverClosed() throws {
        let file = TemporaryFile()
        var writer = try WAVWriter(
            path: file.path, format: WAVFormat(encoding: .linear16, sampleRate: 8000, channels: 1))
        try writer.write([1, 2, 3].span)
        try writer.flush()
        let result = try read(file)
        #expect(result.bytes == [1, 0, 2, 0, 3, 0])
        #expect(result.note?.contains("never closed") == true)
    }

    @Test("A file cut short within its samples is read up to its end, with a note", arguments: [1, 2, 3, 500])
    func cut(missing: Int) throws {
        let file = TemporaryFile()
        try written(
            WAVFormat(encoding: .linear16, sampleRate: 8000, channels: 1),
            bytes: [UInt8](repeating: 5, count: 1000), to: file)
        file.write(file.bytes().dropLast(missing))
        let result = try read(file)
        #expect(result.bytes.count == (1000 - missing) / 2 * 2)
        #expect(result.note?.contains("ends \(missing) bytes before") == true)
    }

    private static let sound: [UInt8] = {
        let file = TemporaryFile()
        var writer = try? WAVWriter(
            path: file.path, format: WAVFormat(encoding: .linear16, sampleRate: 8000, channels: 1))
        try? writer?.write([1, 2, 3, 4].span)
        try? writer?.close()
        return file.bytes()
    }()

    private static func damaged(_ offset: Int, _ bytes: [UInt8]) -> [UInt8] {
        var result = sound
        result.replaceSubrange(offset..<offset + bytes.count, with: bytes)
        return result
    }

    @Test(
        "A damaged file is refused with the fault",
        arguments: [
            ([], "empty"), (Array(sound.prefix(11)), "RIFF header"), (Array(sound.prefix(12)), "without format"),
            (Array(sound.prefix(30)), "within its \"fmt \""), (Array(sound.prefix(36)), "without samples"),
            (damaged(0, Array("RIFX".utf8)), "\"RIFF\""), (damaged(8, Array("AVI ".utf8)), "\"WAVE\""),
            (damaged(12, Array("data".utf8)), "before the \"fmt \""), (damaged(16, [8, 0, 0, 0]), "at least 16"),
            (damaged(20, [0x55, 0]), "format tag 85"), (damaged(22, [0, 0]), "0 channels"),
            (damaged(24, [0, 0, 0, 0]), "0 Hz"), (damaged(32, [3, 0]), "block size of 3"),
            (damaged(34, [12, 0]), "12 bits"), (damaged(20, [0xFE, 0xFF]), "extensible"),
            (Array(repeating: 0x20, count: 400), "\"RIFF\""),
        ] as [([UInt8], String)])
    func refused(bytes: [UInt8], fault: String) {
        let file = TemporaryFile(bytes)
        let error = #expect(throws: AudioError.self) { _ = try WAVReader(path: file.path) }
        #expect(error?.description.contains(file.path) == true)
        #expect(error?.reason.contains(fault) == true, "\(error?.reason ?? "")")
    }

    @Test("Foreign chunks are skipped, an extensible format is understood")
    func extensible() throws {
        var bytes = Array("RIFF".utf8) + [0, 0, 0, 0] + Array("WAVELIST".utf8) + [3, 0, 0, 0, 1, 2, 3, 0]
        bytes += Array("fmt ".utf8) + [40, 0, 0, 0, 0xFE, 0xFF, 2, 0, 0x80, 0xBB, 0, 0, 0, 0x65, 4, 0, 6, 0, 24, 0]
        bytes += [22, 0, 24, 0, 3, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0x10, 0, 0x80, 0, 0, 0xAA, 0, 0x38, 0x9B, 0x71]
        bytes += Array("data".utf8) + [6, 0, 0, 0, 1, 2, 3, 4, 5, 6]
        let result = try read(TemporaryFile(bytes))
        #expect(result.format == WAVFormat(encoding: .linear24, sampleRate: 48000, channels: 2))
        #expect(result.bytes == [1, 2, 3, 4, 5, 6])
    }

    @Test("A missing file, a folder and a full disk are named", arguments: ["/tmp/parley-none.wav", "/tmp"])
    func unavailable(path: String) {
        let error = #expect(throws: AudioError.self) { _ = try WAVReader(path: path) }
        #expect(error?.code == .fileUnavailable)
        #expect(error?.description.contains(path) == true)
    }

    @Test("A full disk is an error when the samples reach it")
    func fullDisk() {
        let error = #expect(throws: AudioError.self) {
            _ = try WAVWriter(path: "/dev/full", format: WAVFormat(encoding: .linear16, sampleRate: 8000, channels: 1))
        }
        #expect(error?.description.contains("/dev/full") == true)
    }
}
