import COnnx
package import Foundation
import Glibc

/// ONNX Runtime, opened at run time: the only user of its table of functions, and the owner of its environment.
///
/// One for the process. The library is never closed again, because threads and destructors of its own may outlive us.
@safe package final class OnnxRuntime: @unchecked Sendable {
    // @unchecked: set once in `init`; the library's functions may be called from any thread.

    /// The library's own, such as `1.32.0`.
    package let version: String
    let api: UnsafePointer<OrtApi>
    let environment: OpaquePointer
    /// Describes plain memory of this process.
    let memory: OpaquePointer

    /// Opens the library.
    ///
    /// - Throws: `invalidModel` when it is absent, or no ONNX Runtime that we know how to call.
    package init(library: URL) throws(SpeechError) {
        guard let handle = unsafe dlopen(library.path, RTLD_NOW | RTLD_LOCAL) else {
            let reason = unsafe dlerror().map { unsafe String(cString: $0) } ?? library.path
            throw Self.failure("dlopen", .invalidModel, reason)
        }
        guard let symbol = unsafe dlsym(handle, "OrtGetApiBase"), let base = unsafe parley_ort_api_base(symbol) else {
            throw Self.failure("OrtGetApiBase", .invalidModel, "\(library.path) is no ONNX Runtime")
        }
        let version = unsafe String(cString: base.pointee.GetVersionString())
        // What we call is the part that version 1 promises to keep.
        guard version.hasPrefix("1."), let api = unsafe base.pointee.GetApi(UInt32(PARLEY_ORT_API_VERSION))
        else {
            throw Self.failure("GetApi", .invalidModel, "version \(version) of ONNX Runtime is not known; 1.x is")
        }
        let level = Int32(PARLEY_ORT_LOG_ERROR)
        var environment: OpaquePointer?
        try unsafe Self.check(api.pointee.CreateEnv(level, "parley", &environment), "CreateEnv", api)
        var memory: OpaquePointer?
        let (arena, kind) = (Int32(PARLEY_ORT_ARENA_ALLOCATOR), Int32(PARLEY_ORT_DEFAULT_MEMORY))
        do throws(SpeechError) {
            try unsafe Self.check(
                api.pointee.CreateCpuMemoryInfo(arena, kind, &memory), "CreateCpuMemoryInfo", api)
        } catch {
            unsafe api.pointee.ReleaseEnv(environment)
            throw error
        }
        guard let environment = unsafe environment, let memory = unsafe memory else {
            throw Self.failure("CreateEnv", .unavailable, "it made nothing")
        }
        self.version = version
        unsafe self.api = api
        unsafe self.environment = environment
        unsafe self.memory = memory
    }

    deinit {
        unsafe api.pointee.ReleaseMemoryInfo(memory)
        unsafe api.pointee.ReleaseEnv(environment)
    }

    /// Throws what `status` says, if anything, and frees it.
    func check(_ status: OpaquePointer?, _ operation: String) throws(SpeechError) {
        try unsafe Self.check(status, operation, api)
    }

    private static func check(
        _ status: OpaquePointer?, _ operation: String, _ api: UnsafePointer<OrtApi>
    ) throws(SpeechError) {
        guard let status = unsafe status else { return }
        let reason = unsafe String(cString: api.pointee.GetErrorMessage(status))
        unsafe api.pointee.ReleaseStatus(status)
        throw failure(operation, .unavailable, reason)
    }

    static func failure(_ operation: String, _ code: SpeechError.Code, _ detail: String) -> SpeechError {
        SpeechError(code, operation: operation, provider: "onnxruntime", detail: detail)
    }
}
