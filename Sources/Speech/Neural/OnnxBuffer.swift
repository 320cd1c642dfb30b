import COnnx

/// Memory that tensors are laid over; several may share its beginning. Belongs to one thread.
@safe final class OnnxBuffer<Element: OnnxElement> {
    let count: Int
    let elements: UnsafeMutableBufferPointer<Element>

    /// - Parameter count: elements, all zero at first.
    init(count: Int) {
        self.count = count
        unsafe elements = .allocate(capacity: count)
        unsafe elements.initialize(repeating: Element.zero)
    }

    deinit { unsafe elements.deallocate() }

    subscript(index: Int) -> Element {
        get {
            precondition(index >= 0 && index < count, "an index within the buffer")
            // SAFETY: just checked.
            return unsafe elements[index]
        }
        set {
            precondition(index >= 0 && index < count, "an index within the buffer")
            // SAFETY: just checked.
            unsafe elements[index] = newValue
        }
    }

    /// Overwrites the elements from `start` on with a part of `values`.
    func write(_ values: [Element], _ part: Range<Int>, at start: Int) {
        precondition(start >= 0 && start + part.count <= count, "values that fit the buffer")
        let shift = start - part.lowerBound
        // SAFETY: just checked.
        for index in part { unsafe elements[index + shift] = values[index] }
    }

    /// Overwrites every element.
    func fill(_ value: Element) { unsafe elements.update(repeating: value) }

    /// Writes the first `count` elements behind themselves until they stand there so many times.
    func repeatHead(count: Int, times: Int) {
        for time in 1..<max(times, 1) { copy(from: self, at: 0, count: count, to: time * count) }
    }

    /// Overwrites `count` elements from `place` on with those of another buffer from `start` on.
    func copy(from other: OnnxBuffer, at start: Int, count: Int, to place: Int) {
        precondition(start >= 0 && start + count <= other.count, "elements that lie in the buffer")
        precondition(place >= 0 && place + count <= self.count, "elements that fit the buffer")
        guard count > 0 else { return }
        // SAFETY: just checked; the ranges lie in two buffers, or in one without overlapping.
        unsafe (elements.baseAddress! + place).update(from: other.elements.baseAddress! + start, count: count)
    }

    /// Runs `body` with some of the elements.
    func withElements<Result>(_ part: Range<Int>, _ body: (UnsafeBufferPointer<Element>) -> Result) -> Result {
        precondition(part.lowerBound >= 0 && part.upperBound <= count, "elements that lie in the buffer")
        // SAFETY: just checked.
        return unsafe body(UnsafeBufferPointer(rebasing: elements[part]))
    }

    /// Copies elements from `start` on into a part of `values`.
    func read(at start: Int, into values: inout [Element], _ part: Range<Int>) {
        precondition(start >= 0 && start + part.count <= count, "values that lie in the buffer")
        let shift = start - part.lowerBound
        // SAFETY: just checked.
        for index in part { values[index] = unsafe elements[index + shift] }
    }
}

/// What tensors can hold.
protocol OnnxElement: BitwiseCopyable {
    static var zero: Self { get }
    /// The library's number of the type.
    static var onnxType: Int32 { get }
}

extension Float: OnnxElement {
    static var onnxType: Int32 { Int32(PARLEY_ORT_FLOAT) }
}

extension Bool: OnnxElement {
    static var zero: Bool { false }
    static var onnxType: Int32 { Int32(PARLEY_ORT_BOOL) }
}

extension Int64: OnnxElement {
    static var onnxType: Int32 { Int32(PARLEY_ORT_INT64) }
}
