import COnnx
import Foundation

/// A loaded model: the only owner of an `OrtSession *`.
///
/// It computes on the thread that calls, and may be called from several at a time.
@safe final class OnnxSession: @unchecked Sendable {
    // @unchecked: not changed after `init`; the library allows concurrent runs of one session.
    let runtime: OnnxRuntime
    let pointer: OpaquePointer
    let inputCount: Int
    let outputCount: Int

    /// - Throws: `invalidModel` when the file is absent or no model.
    init(model: URL, runtime: OnnxRuntime) throws(SpeechError) {
        let api = unsafe runtime.api
        var options: OpaquePointer?
        try unsafe runtime.check(api.pointee.CreateSessionOptions(&options), "CreateSessionOptions")
        guard let options = unsafe options else {
            throw OnnxRuntime.failure("CreateSessionOptions", .unavailable, "it made nothing")
        }
        defer { unsafe api.pointee.ReleaseSessionOptions(options) }
        // One thread: our own. A pool of the library's would compete with the media loops.
        try unsafe runtime.check(api.pointee.SetIntraOpNumThreads(options, 1), "SetIntraOpNumThreads")
        try unsafe runtime.check(api.pointee.SetInterOpNumThreads(options, 1), "SetInterOpNumThreads")
        var session: OpaquePointer?
        do throws(SpeechError) {
            try unsafe runtime.check(
                api.pointee.CreateSession(runtime.environment, model.path, options, &session), "CreateSession")
        } catch {
            throw OnnxRuntime.failure(error.operation, .invalidModel, error.detail)
        }
        guard let session = unsafe session else {
            throw OnnxRuntime.failure("CreateSession", .invalidModel, "\(model.path) made no session")
        }
        var (inputs, outputs) = (0, 0)
        do throws(SpeechError) {
            try unsafe runtime.check(api.pointee.SessionGetInputCount(session, &inputs), "SessionGetInputCount")
            try unsafe runtime.check(api.pointee.SessionGetOutputCount(session, &outputs), "SessionGetOutputCount")
        } catch {
            unsafe api.pointee.ReleaseSession(session)
            throw error
        }
        self.runtime = runtime
        inputCount = inputs
        outputCount = outputs
        unsafe pointer = session
    }

    deinit { unsafe runtime.api.pointee.ReleaseSession(pointer) }
}
