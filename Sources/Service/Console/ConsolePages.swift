import Console
import Crypto
import Foundation
import HTTPTypes
import Hummingbird
import NIOCore

/// Serves the console's files: all of them public, since they hold nothing but the program that asks the API.
enum ConsolePages {
    static func add(to router: Router<APIContext>) {
        for file in ConsoleFiles.pages {
            let path = file.name == "index.html" ? "" : file.name
            // A browser asks again each time and mostly hears that nothing has changed.
            let digest = SHA256.hash(data: Data(file.bytes)).prefix(8).map { String($0, radix: 16) }.joined()
            let headers: HTTPFields = [
                .contentType: file.type, .eTag: "\"\(digest)\"", .cacheControl: "no-cache",
            ]
            let body = ByteBuffer(bytes: file.bytes)
            router.get(RouterPath(path)) { request, _ in
                if request.headers[.ifNoneMatch] == headers[.eTag] {
                    return Response(status: .notModified, headers: headers)
                }
                return Response(status: .ok, headers: headers, body: ResponseBody(byteBuffer: body))
            }
        }
    }
}
