import Glibc

/// What sockets that libcurl asks for are opened with.
///
/// Named here, away from libcurl: its headers bring glibc's constants along, and the compiler takes them for libcurl's in the
/// whole module once a file that imports both has named one.
enum SocketKind {
    /// Programs that the service starts do not inherit it.
    static let closedInPrograms = CInt(SOCK_CLOEXEC.rawValue)
}
