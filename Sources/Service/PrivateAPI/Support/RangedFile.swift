import CallSession
import Foundation
import HTTPTypes
import Hummingbird

/// A file that can be asked for in parts (RFC 9110, section 14), so that a player may jump.
struct RangedFile {
    let path: String
    let type: String
    /// Changes when the content does.
    let tag: String
    /// Whether it was written as a sealed recording: then nothing else is given in its place.
    var isSealed = false
    /// What opens it where it is sealed.
    var keys = RecordingKeys()

    func response(to request: Request, _ context: some RequestContext) async throws -> Response {
        let sealed = isSealed || SealedReader.canRead(path) ? try SealedFile(path: path, keys: keys) : nil
        let size = try sealed?.size ?? URL(fileURLWithPath: path).resourceValues(forKeys: [.fileSizeKey]).fileSize ?? 0
        let etag = "\"\(tag)-\(size)\""
        var headers: HTTPFields = [
            .contentType: type, .acceptRanges: "bytes", .eTag: etag, .cacheControl: "private, max-age=0",
        ]
        if request.headers[.ifNoneMatch] == etag { return Response(status: .notModified, headers: headers) }
        let files = FileIO()
        let isCurrent = request.headers[.ifRange].map { $0 == etag } ?? true
        switch isCurrent ? ByteRange(request.headers[.range], size: size) : .whole {
        case .whole:
            let body =
                if let sealed { sealed.body(0..<size) } else { try await files.loadFile(path: path, context: context) }
            return Response(status: .ok, headers: headers, body: body)
        case .part(let range):
            headers[.contentRange] = "bytes \(range.lowerBound)-\(range.upperBound)/\(size)"
            let body =
                if let sealed {
                    sealed.body(range.lowerBound..<range.upperBound + 1)
                } else { try await files.loadFile(path: path, range: range, context: context) }
            return Response(status: .partialContent, headers: headers, body: body)
        case .outside:
            throw Problem(
                status: .rangeNotSatisfiable, code: "range_not_satisfiable",
                detail: "The file has \(size) bytes; ask for some of these.",
                headers: [.contentRange: "bytes */\(size)"])
        }
    }
}

/// What a `Range` header asks for.
enum ByteRange: Equatable {
    /// No range, one that cannot be read, or several: all of which a server may answer with everything.
    case whole
    case part(ClosedRange<Int>)
    case outside

    init(_ header: String?, size: Int) {
        guard let header, header.hasPrefix("bytes=") else {
            self = .whole
            return
        }
        let ends = header.dropFirst(6).split(separator: "-", omittingEmptySubsequences: false)
        guard ends.count == 2, ends.allSatisfy({ $0.allSatisfy { $0.isASCII && $0.isNumber } }) else {
            self = .whole
            return
        }
        switch (Int(ends[0]), Int(ends[1])) {
        case (let first?, let last?): self = first <= last ? Self.part(first, last, of: size) : .whole
        case (let first?, nil) where ends[1].isEmpty: self = Self.part(first, size - 1, of: size)
        case (nil, let count?) where ends[0].isEmpty:
            self = count > 0 ? Self.part(max(size - count, 0), size - 1, of: size) : .outside
        default: self = .whole
        }
    }

    private static func part(_ first: Int, _ last: Int, of size: Int) -> ByteRange {
        first < size ? .part(first...min(last, size - 1)) : .outside
    }
}
