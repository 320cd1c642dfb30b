import CUV

/// Closes a uv handle that was allocated by Swift; its memory is freed when uv is done with it.
func closeAndFree<Handle>(_ handle: UnsafeMutablePointer<Handle>) {
    // SAFETY: every uv handle type begins with the fields of `uv_handle_t`.
    unsafe uv_close(UnsafeMutableRawPointer(handle).assumingMemoryBound(to: uv_handle_t.self), freeClosedHandle)
}

private func freeClosedHandle(_ handle: UnsafeMutablePointer<uv_handle_t>?) {
    // SAFETY: allocated with `UnsafeMutablePointer.allocate` by the handle's owner, which let go of it in `closeAndFree`.
    unsafe UnsafeMutableRawPointer(handle)?.deallocate()
}

/// A poll handle for a descriptor, not yet started; nil if uv cannot watch it.
///
/// - Parameter context: what the handle's callback will find in `data`.
func makePollHandle(
    _ loop: UnsafeMutablePointer<uv_loop_t>, _ descriptor: CInt, context: UnsafeMutableRawPointer
) -> UnsafeMutablePointer<uv_poll_t>? {
    let handle = UnsafeMutablePointer<uv_poll_t>.allocate(capacity: 1)
    guard unsafe uv_poll_init(loop, handle, descriptor) == 0 else {
        unsafe handle.deallocate()
        return nil
    }
    unsafe handle.pointee.data = context
    return unsafe handle
}
