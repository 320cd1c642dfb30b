import AudioCore
import Glibc
import Synchronization
import Testing

@Suite("Sample ring")
struct SampleRingTests {
    @Test("The capacity is the next power of two", arguments: [(1, 1), (2, 2), (3, 4), (160, 256), (256, 256)])
    func capacity(asked: Int, given: Int) {
        #expect(SampleRing<Int16>(minimumCapacity: asked, silence: 0).capacity == given)
    }

    @Test("Batches come out in order across the seam")
    func order() {
        let ring = SampleRing<Int16>(minimumCapacity: 16, silence: 0)
        var next: Int16 = 0
        var expected: Int16 = 0
        for size in [16, 5, 11, 16, 1, 15, 13, 7] {
            let batch = (0..<size).map { next + Int16($0) }
            #expect(ring.write(batch.span) == size)
            next += Int16(size)
            var target = [Int16](repeating: -1, count: size + 3)
            var span = target.mutableSpan
            #expect(ring.read(into: &span) == size)
            #expect(Array(target.prefix(size)) == (0..<size).map { expected + Int16($0) })
            #expect(Array(target.suffix(3)) == [-1, -1, -1])
            expected += Int16(size)
        }
        #expect(ring.writePosition == Int(next))
        #expect(ring.count == 0)
    }

    @Test("What does not fit is refused and counted, what is held stays")
    func overflow() {
        let ring = SampleRing<UInt8>(minimumCapacity: 8, silence: 0xFF)
        let batch: [UInt8] = Array(0..<12)
        #expect(ring.write(batch.span) == 8)
        #expect(ring.write(batch.span) == 0)
        #expect(ring.droppedCount == 16)
        #expect(ring.skip(3) == 3)
        #expect(ring.write(batch.span) == 3)
        var target = [UInt8](repeating: 0, count: 8)
        var span = target.mutableSpan
        #expect(ring.read(into: &span) == 8)
        #expect(target == [3, 4, 5, 6, 7, 0, 1, 2])
        #expect(ring.skip(100) == 0)
        #expect(ring.skip(-1) == 0)
    }

    @Test("Empty batches change nothing")
    func empty() {
        let ring = SampleRing<Int16>(minimumCapacity: 4, silence: 0)
        let none: [Int16] = []
        #expect(ring.write(none.span) == 0)
        var target: [Int16] = []
        var span = target.mutableSpan
        #expect(ring.read(into: &span) == 0)
        #expect((ring.writePosition, ring.readPosition, ring.droppedCount) == (0, 0, 0))
    }

    /// Run it under `--sanitize=thread`: a missing release or acquire shows there, a torn batch everywhere.
    @Test("Two threads pass a million samples in order, none lost")
    func twoThreads() {
        let total = 1_000_000
        let ring = SampleRing<Int32>(minimumCapacity: 1024, silence: 0)
        let writer = Worker {
            var position = 0
            var batch = [Int32](repeating: 0, count: 333)
            while position < total {
                let free = ring.capacity - ring.count
                let size = min(total - position, 1 + position % batch.count, free)
                guard size > 0 else { sched_yield(); continue }
                for index in 0..<size { batch[index] = Int32(position + index) }
                position += ring.write(batch.span.extracting(0..<size))
            }
        }
        var position = 0
        var mistakes = 0
        var target = [Int32](repeating: 0, count: 160)
        while position < total {
            var span = target.mutableSpan
            let taken = ring.read(into: &span)
            if taken == 0 { sched_yield() }
            for index in 0..<taken where target[index] != Int32(position + index) { mistakes += 1 }
            position += taken
        }
        writer.join()
        #expect(mistakes == 0)
        #expect(ring.droppedCount == 0)
        #expect(ring.count == 0)
    }
}
