import COnnx
import Glibc

/// A model with the tensors that it reads and writes, ready to be run again and again; allocates nothing on our side.
///
/// Belongs to one thread.
@safe final class OnnxRun {
    private let session: OnnxSession
    private let inputs: OnnxNamedTensors
    private let outputs: OnnxNamedTensors

    /// - Parameters:
    ///   - inputs: every input of the model by its name.
    ///   - outputs: those outputs of the model that are wanted, by their names; the others are not computed.
    /// - Throws: `invalidModel` when the model has another number of inputs, or fewer outputs.
    init(
        _ session: OnnxSession, inputs: [(name: String, tensor: OnnxTensor)],
        outputs: [(name: String, tensor: OnnxTensor)]
    ) throws(SpeechError) {
        guard session.inputCount == inputs.count, session.outputCount >= outputs.count else {
            throw OnnxRuntime.failure(
                "load", .invalidModel,
                "the model has \(session.inputCount) inputs and \(session.outputCount) outputs instead of "
                    + "\(inputs.count) and \(outputs.count)")
        }
        self.session = session
        self.inputs = OnnxNamedTensors(inputs)
        self.outputs = OnnxNamedTensors(outputs)
    }

    /// Computes the outputs from the inputs, on this thread.
    func run() throws(SpeechError) {
        // SAFETY: names and values live as long as this object, and their counts are those of the arrays.
        let status = unsafe session.runtime.api.pointee.Run(
            session.pointer, nil, inputs.names, inputs.values, inputs.count, outputs.names, outputs.count,
            outputs.outputs)
        try unsafe session.runtime.check(status, "Run")
    }
}

/// Names and tensors as the two arrays that the library takes.
@safe private final class OnnxNamedTensors {
    let count: Int
    let names: UnsafeMutablePointer<UnsafePointer<CChar>>
    let values: UnsafeMutablePointer<OpaquePointer>
    /// The same array; the library would fill in what is nil.
    let outputs: UnsafeMutablePointer<OpaquePointer?>
    private let tensors: [OnnxTensor]

    init(_ tensors: [(name: String, tensor: OnnxTensor)]) {
        count = tensors.count
        self.tensors = tensors.map(\.tensor)
        unsafe names = .allocate(capacity: tensors.count)
        unsafe values = .allocate(capacity: tensors.count)
        unsafe outputs = .allocate(capacity: tensors.count)
        for (index, entry) in tensors.enumerated() {
            // SAFETY: strdup fails only without memory, when nothing goes on anyway.
            unsafe (names + index).initialize(to: UnsafePointer(strdup(entry.name)!))
            unsafe (values + index).initialize(to: entry.tensor.value)
            unsafe (outputs + index).initialize(to: entry.tensor.value)
        }
    }

    deinit {
        for index in 0..<count { unsafe free(UnsafeMutablePointer(mutating: names[index])) }
        unsafe names.deallocate()
        unsafe values.deallocate()
        unsafe outputs.deallocate()
    }
}
