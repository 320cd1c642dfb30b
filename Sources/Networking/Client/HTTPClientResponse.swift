/// An answer, as of the end of its headers.
package struct HTTPClientResponse: Sendable {
    package let status: Int
    /// Names in lower case, in the order received.
    package let headers: [(name: String, value: String)]
    /// What follows. Reading it moves the transfer on; dropping it unread cancels the transfer.
    package let body: HTTPClientBody

    /// The first value of the header, if it was sent. `name` in lower case.
    package subscript(header name: String) -> String? {
        headers.first { $0.name == name }?.value
    }
}
