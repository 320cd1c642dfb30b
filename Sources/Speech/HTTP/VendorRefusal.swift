import Foundation

/// What a vendor says in the body of an answer that is an error.
enum VendorRefusal {
    /// The message in any of the shapes that vendors use, or the beginning of the text.
    static func words(_ body: [UInt8]) -> String {
        let text = String(decoding: body.prefix(300), as: UTF8.self)
        guard let object = try? JSONSerialization.jsonObject(with: Data(body)) as? [String: Any] else {
            return text.isEmpty ? "no words" : text
        }
        for key in ["error", "detail"] {
            if let inner = object[key] as? [String: Any] {
                if let words = inner["message"] as? String { return words }
                if let words = inner["error"] as? String { return words }
            }
            if let words = object[key] as? String { return words }
        }
        for key in ["err_msg", "message", "title"] { if let words = object[key] as? String { return words } }
        return text
    }
}
