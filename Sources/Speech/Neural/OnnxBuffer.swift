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

extension Int64: OnnxElement {
    static var onnxType: Int32 { Int32(PARLEY_ORT_INT64) }
}
