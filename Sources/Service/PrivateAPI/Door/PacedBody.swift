import HTTPTypes
import Hummingbird
import HummingbirdCore
import NIOCore

/// A body that fails with 408 when it comes too slowly. One of which nothing more comes at all never gets that far: its
/// connection is closed as an idle one.
struct PacedBody: AsyncSequence, Sendable {
    typealias Element = ByteBuffer

    struct AsyncIterator: AsyncIteratorProtocol {
        private var base: RequestBody.AsyncIterator
        private let watch: BodyWatch
        private let tooSlow: @Sendable () -> Void

        fileprivate init(_ body: PacedBody) {
            base = body.base.makeAsyncIterator()
            watch = body.watch
            tooSlow = body.tooSlow
        }

        @concurrent mutating func next() async throws -> ByteBuffer? {
            guard let buffer = try await base.next() else {
                watch.ended()
                return nil
            }
            guard watch.received(buffer.readableBytes) else {
                tooSlow()
                throw PacedBody.problem
            }
            return buffer
        }
    }

    private let base: RequestBody
    private let watch: BodyWatch
    private let tooSlow: @Sendable () -> Void

    /// - Parameter tooSlow: told when it is.
    init(_ base: RequestBody, watch: BodyWatch, tooSlow: @escaping @Sendable () -> Void) {
        self.base = base
        self.watch = watch
        self.tooSlow = tooSlow
    }

    func makeAsyncIterator() -> AsyncIterator { AsyncIterator(self) }

    private static let problem = Problem(
        status: .requestTimeout, code: "too_slow",
        detail: "The body came too slowly; send it at 4 KiB a second or more.", headers: [.connection: "close"])
}
