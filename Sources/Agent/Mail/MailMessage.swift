import Crypto
import Foundation

/// A mail of plain text, written as RFC 5322 and MIME want it.
///
/// No value can begin a line of the head: names and subject lose their control characters, and what is not plain ASCII
/// becomes encoded words (RFC 2047). The text is quoted-printable, so that no server has to break a line.
struct MailMessage: Sendable {
    var from: MailAddress
    var to: MailAddress
    var replyTo: MailAddress?
    var subject: String
    var text: String
    var date: Date
    /// The same for every attempt at the same mail, so that whoever gets it twice can tell.
    var messageID: String

    /// A message's identity out of an act's: the key is not told, nor can it be guessed from it.
    static func identity(of key: String, at domain: String) -> String {
        let digest = SHA256.hash(data: Data(key.utf8)).prefix(16)
        return "<\(digest.map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined())@\(domain)>"
    }

    /// Head and body, each line ending with CR LF.
    var bytes: [UInt8] {
        var lines = [
            "Date: \(Self.stamp(date))",
            "From: \(Self.mailbox(from))",
            "To: \(Self.mailbox(to))",
        ]
        if let replyTo { lines.append("Reply-To: \(Self.mailbox(replyTo))") }
        lines += [
            "Subject: \(Self.words(subject))", "Message-ID: \(messageID)", "MIME-Version: 1.0",
            "Content-Type: text/plain; charset=utf-8", "Content-Transfer-Encoding: quoted-printable",
            // RFC 3834: no answering machine should answer.
            "Auto-Submitted: auto-generated", "",
        ]
        lines += Self.quoted(text)
        return Array((lines.joined(separator: "\r\n") + "\r\n").utf8)
    }

    private static func stamp(_ date: Date) -> String {
        let formatter = DateFormatter()
        formatter.locale = Locale(identifier: "en_US_POSIX")
        formatter.timeZone = TimeZone(secondsFromGMT: 0)
        formatter.dateFormat = "EEE, d MMM yyyy HH:mm:ss '+0000'"
        return formatter.string(from: date)
    }

    private static func mailbox(_ address: MailAddress) -> String {
        guard !address.name.isEmpty else { return address.plain }
        // Quoted where it is ASCII, for a name may have commas.
        let name =
            needsWords(address.name) ? words(address.name) : "\"\(address.name.filter { $0 != "\\" && $0 != "\"" })\""
        return "\(name) <\(address.plain)>"
    }

    private static func needsWords(_ text: String) -> Bool {
        text.utf8.count > 60 || text.contains("=?") || text.utf8.contains { $0 < 32 || $0 > 126 }
    }

    /// Unstructured text in a head: as it is, or as encoded words of at most 75 characters, each on a line.
    private static func words(_ text: String) -> String {
        let line = String(
            String.UnicodeScalarView(text.unicodeScalars.map { $0.value < 32 || $0.value == 127 ? " " : $0 })
        )
        .split(separator: " ").joined(separator: " ")
        guard needsWords(line) else { return line }
        var pieces = [""]
        for character in line {
            // Scalars at most: a character of many marks may be longer than a word.
            for scalar in character.unicodeScalars {
                let piece = String(scalar)
                if pieces[pieces.count - 1].utf8.count + piece.utf8.count > 42 { pieces.append("") }
                pieces[pieces.count - 1] += piece
            }
        }
        return pieces.map { "=?utf-8?B?\(Data($0.utf8).base64EncodedString())?=" }.joined(separator: "\r\n ")
    }

    /// RFC 2045 §6.7: lines of at most 76 characters.
    static func quoted(_ text: String) -> [String] {
        var plain = text.replacing("\r\n", with: "\n").replacing("\r", with: "\n")
        // The last line has its end from whoever joins them.
        while plain.hasSuffix("\n") { plain.removeLast() }
        return plain.split(separator: "\n", omittingEmptySubsequences: false).flatMap { line -> [String] in
            let bytes = Array(line.utf8)
            var lines: [String] = []
            var current = ""
            for (index, byte) in bytes.enumerated() {
                let isPlain =
                    (byte > 32 && byte < 127 && byte != UInt8(ascii: "=")) || (byte == 32 && index + 1 < bytes.count)
                let piece =
                    isPlain
                    ? String(UnicodeScalar(byte))
                    : "=" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
                if current.count + piece.count > 75 {
                    lines.append(current + "=")
                    current = ""
                }
                current += piece
            }
            return lines + [current]
        }
    }
}
