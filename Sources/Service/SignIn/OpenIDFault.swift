/// Why somebody could not be signed in by the identity provider, in words for the log and for the one who tries.
struct OpenIDFault: Error, CustomStringConvertible {
    enum Code: String, Sendable {
        /// It cannot be reached, or answers what it must not.
        case provider
        /// It said no, or what it says is not believed.
        case refused
        /// What the browser brought belongs to no sign-in of its own.
        case stale
        /// It says who it is, and that is nobody who may use the console.
        case role
    }

    let code: Code
    let description: String
}
