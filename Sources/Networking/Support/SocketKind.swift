import Glibc

/// What sockets are opened with, and closed.
///
/// Named here, away from the libraries: their headers bring glibc's constants along, and the compiler takes them for the
/// library's in the whole module once a file that imports both has named one.
enum SocketKind {
    /// Programs that the service starts do not inherit it.
    static let closedInPrograms = CInt(SOCK_CLOEXEC.rawValue)
    /// The same, and nobody waits for it.
    static let own = CInt(SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue)
    static let stream = CInt(SOCK_STREAM.rawValue)
    /// Nothing more is sent, nor received.
    static let bothWays = CInt(SHUT_RDWR)
    /// Nothing more is sent.
    static let sending = CInt(SHUT_WR)
}
