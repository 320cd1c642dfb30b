/// How a message travels on a media socket.
package enum MediaMessageKind: Sendable, Equatable { case text, binary }
