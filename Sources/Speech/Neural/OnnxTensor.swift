import COnnx

/// A shape over the beginning of a buffer: the only owner of an `OrtValue *`. Belongs to its buffer's thread.
@safe final class OnnxTensor {
    let value: OpaquePointer
    private let runtime: OnnxRuntime
    /// Keeps the memory alive.
    private let buffer: AnyObject

    /// - Parameter shape: the length of each dimension; none for a single number.
    init<Element>(_ buffer: OnnxBuffer<Element>, shape: [Int], runtime: OnnxRuntime) throws(SpeechError) {
        let count = shape.reduce(1, *)
        precondition(count <= buffer.count, "a shape that its buffer can hold")
        let shape = shape.map(Int64.init)
        var value: OpaquePointer?
        // SAFETY: the buffer is at least as long as the shape, and lives as long as this object.
        let status = unsafe shape.withUnsafeBufferPointer { shape in
            // A scalar has no dimensions, but the library wants a pointer all the same.
            var none: Int64 = 0
            return unsafe withUnsafePointer(to: &none) { none in
                unsafe runtime.api.pointee.CreateTensorWithDataAsOrtValue(
                    runtime.memory, buffer.elements.baseAddress!, count * MemoryLayout<Element>.size,
                    shape.baseAddress ?? none, shape.count, Element.onnxType, &value)
            }
        }
        try unsafe runtime.check(status, "CreateTensorWithDataAsOrtValue")
        guard let value = unsafe value else {
            throw OnnxRuntime.failure("CreateTensorWithDataAsOrtValue", .unavailable, "it made nothing")
        }
        self.runtime = runtime
        self.buffer = buffer
        unsafe self.value = value
    }

    deinit { unsafe runtime.api.pointee.ReleaseValue(value) }
}
