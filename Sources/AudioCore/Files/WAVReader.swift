/// Reads the samples of a WAV file as they are stored.
///
/// `AudioClip` of Codecs decodes them; this type knows the container only.
package struct WAVReader: ~Copyable {
    package let format: WAVFormat
    /// Samples per channel in the file.
    package let frameCount: Int
    /// What is odd about a file that can be read all the same, for instance that its writer never closed it.
    package let note: String?
    /// Samples per channel read so far.
    package private(set) var position = 0

    private let file: SampleFile
    private let dataOffset: Int

    /// Opens the file and reads its header.
    ///
    /// - Throws: ``AudioError`` naming the file and the fault when it is missing, empty, damaged or of an unknown format.
    package init(path: String) throws(AudioError) {
        let file = try SampleFile(path: path, mode: .reading)
        let size = try file.size()
        let header = try WAVHeader(reading: file, size: size)
        let present = max(size - header.dataOffset, 0)
        let claimed = Int(header.dataSize)

        let isOpenEnded = header.dataSize == WAVHeader.unknownSize || (claimed == 0 && present > 0)
        let length = isOpenEnded ? present : min(claimed, present)
        format = header.format
        frameCount = length / header.format.bytesPerFrame
        dataOffset = header.dataOffset
        if isOpenEnded {
            note = "the file was never closed; read up to its end"
        } else if claimed > present {
            note = "the file ends \(claimed - present) bytes before its samples do; read up to its end"
        } else if length % header.format.bytesPerFrame != 0 {
            note = "the last sample is incomplete and was left out"
        } else {
            note = nil
        }
        self.file = file
    }

    /// Appends the bytes of up to `count` further frames (one sample of every channel each) to `bytes`.
    ///
    /// - Returns: how many frames; 0 at the end.
    package mutating func read(_ count: Int, appendingTo bytes: inout [UInt8]) throws(AudioError) -> Int {
        let frames = min(count, frameCount - position)
        guard frames > 0 else { return 0 }
        let offset = dataOffset + position * format.bytesPerFrame
        let read = try file.read(frames * format.bytesPerFrame, at: offset, appendingTo: &bytes)
        guard read == frames * format.bytesPerFrame else {
            throw AudioError(
                .fileUnavailable, operation: "read", subject: file.path, reason: "the file became shorter meanwhile")
        }
        position += frames
        return frames
    }
}
