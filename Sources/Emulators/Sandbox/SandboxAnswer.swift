/// What a caller does when the carrier asks for a key.
package enum SandboxAnswer: Sendable, Equatable {
    case nothing
    case presses(Character)
    case hangsUp
}
