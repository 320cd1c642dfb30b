/// Calls people for one caller: the seam between a call and whoever can place another one.
package struct PersonCaller: Sendable {
    /// Calls the person; what becomes of it is told by ``CallSession/person(_:)``. On the call's loop; must not block.
    let call: @Sendable (PersonRequest, CallSession) -> Void
    /// Ends that call, whatever has become of it. On the call's loop; must not block.
    let end: @Sendable (_ reason: String) -> Void

    package init(
        call: @escaping @Sendable (PersonRequest, CallSession) -> Void, end: @escaping @Sendable (String) -> Void
    ) {
        self.call = call
        self.end = end
    }
}
