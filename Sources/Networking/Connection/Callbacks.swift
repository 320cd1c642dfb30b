import CWebSockets

/// libwebsockets' callback for everything. A free function in an ordinary file, so that it belongs to no actor.
///
/// - Returns: 0 to go on, -1 to close the connection.
func webSocketsCallback(
    _ handle: OpaquePointer?, _ reason: lws_callback_reasons, _ user: UnsafeMutableRawPointer?,
    _ input: UnsafeMutableRawPointer?, _ length: Int
) -> CInt {
    guard let handle = unsafe handle else { return 0 }
    guard let opaque = unsafe lws_get_opaque_user_data(handle) else {
        // A connection being handed over has its owner from its first callback on.
        if reason == LWS_CALLBACK_SERVER_NEW_CLIENT_INSTANTIATED, let adopting = unsafe loopCore(of: handle)?.adopting {
            unsafe lws_set_opaque_user_data(handle, adopting.opaque)
            unsafe adopting.handle = handle
        }
        return 0
    }
    // SAFETY: set to a connection that is held until LWS_CALLBACK_WSI_DESTROY.
    let connection = unsafe Unmanaged<LibraryConnection>.fromOpaque(opaque).takeUnretainedValue()
    if reason == LWS_CALLBACK_WSI_DESTROY {
        connection.destroyed()
        return 0
    }
    return unsafe connection.called(handle, reason, input, length)
}

private func loopCore(of handle: OpaquePointer) -> LoopCore? {
    guard let user = unsafe lws_context_user(lws_get_context(handle)) else { return nil }
    // SAFETY: set to the loop, which outlives its context.
    return unsafe Unmanaged<EventLoop>.fromOpaque(user).takeUnretainedValue().currentCore
}

/// The bytes a callback was given; valid for the callback.
func callbackBytes(_ input: UnsafeMutableRawPointer?, _ length: Int) -> UnsafeBufferPointer<UInt8> {
    guard let input = unsafe input, length > 0 else { return unsafe UnsafeBufferPointer(start: nil, count: 0) }
    // SAFETY: libwebsockets' buffer of that length.
    return unsafe UnsafeBufferPointer(start: input.assumingMemoryBound(to: UInt8.self), count: length)
}
