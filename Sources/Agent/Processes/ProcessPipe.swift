import CSpawn
import Glibc

/// Both ends of a pipe, which no program inherits unless it is given one. One thread.
struct ProcessPipe: ~Copyable {
    let reading: CInt
    private(set) var writing: CInt

    init() throws(ProcessError) {
        var ends: [CInt] = [-1, -1]
        // SAFETY: an array of two, as it wants.
        guard unsafe pipe2(&ends, O_CLOEXEC) == 0 else { throw ProcessError("a pipe cannot be made", code: errno) }
        (reading, writing) = (ends[0], ends[1])
    }

    /// So that its end is seen when nobody else has it either.
    mutating func closeWriting() {
        if writing >= 0 { close(writing) }
        writing = -1
    }

    deinit {
        close(reading)
        if writing >= 0 { close(writing) }
    }
}
