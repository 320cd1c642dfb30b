import Codecs

/// Where blocks become interleaved samples on their way to a file: one for all files of a writer, since it has one thread.
final class StereoScratch: @unchecked Sendable {
    // @unchecked: used on its writer's serial queue only.
    private(set) var samples: [Int16] = []
    private var left: [Int16] = []
    private var right: [Int16] = []

    /// Puts the decoded `block` into ``samples``.
    func interleave(_ block: StereoBlock) {
        let count = block.caller.count
        Self.decode(block.caller, into: &left)
        Self.decode(block.agent, into: &right)
        Self.resize(&samples, to: count * 2)
        let (left, right) = (left, right)
        Self.interleave(left.span, right.span, into: &samples)
    }

    private static func interleave(_ left: Span<Int16>, _ right: Span<Int16>, into samples: inout [Int16]) {
        var target = samples.mutableSpan
        for index in left.indices {
            target[2 * index] = left[index]
            target[2 * index + 1] = right[index]
        }
    }

    /// Puts so many frames of silence into ``samples``.
    func silence(_ frames: Int) {
        samples.removeAll(keepingCapacity: true)
        samples.append(contentsOf: repeatElement(0, count: frames * 2))
    }

    private static func decode(_ codes: [UInt8], into samples: inout [Int16]) {
        resize(&samples, to: codes.count)
        var target = samples.mutableSpan
        MuLaw.decode(codes.span, into: &target)
    }

    private static func resize(_ samples: inout [Int16], to count: Int) {
        if samples.count > count {
            samples.removeLast(samples.count - count)
        } else {
            samples.append(contentsOf: repeatElement(0, count: count - samples.count))
        }
    }
}
