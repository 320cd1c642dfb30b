import Foundation
import Store
import Testing

@testable import Service

@Suite("Passwords")
struct PasswordTests {
    @Test("scrypt is the one of RFC 7914: what another program made with these settings fits")
    func vector() throws {
        // hashlib.scrypt(b"correct horse battery", salt=bytes(range(16)), n=2**14, r=8, p=5, dklen=32)
        let digest = try #require(Data(base64Encoded: "1R9aSMtre0xzBbvXRh8rJCrEi4UuO81fOKNB0L6vEmg="))
        let hash = PasswordHash(salt: Data(0..<16), digest: digest, cost: 14)
        #expect(try Password.matches("correct horse battery", hash))
        #expect(try !Password.matches("correct horse batterY", hash))
    }

    @Test("the same password is never kept twice alike, and fits however a keyboard makes its letters")
    func salted() throws {
        let composed = try Password.hash("caf\u{E9} caf\u{E9} caf\u{E9}")
        #expect(try Password.hash("caf\u{E9} caf\u{E9} caf\u{E9}") != composed)
        #expect(try Password.matches("cafe\u{301} cafe\u{301} cafe\u{301}", composed))
    }

    @Test(
        "has 12 to 200 characters",
        arguments: [("elevenchars", true), ("twelve chars", false), (String(repeating: "x", count: 201), true)])
    func lengths(password: String, isRefused: Bool) {
        #expect((Password.objection(to: password) != nil) == isRefused)
    }

    @Test(
        "names",
        arguments: [
            ("mia", true), ("mia.b-c_d@example.org", true), ("", false), ("Mia", false), ("a b", false),
            ("\u{E9}", false), (String(repeating: "a", count: 61), false),
        ])
    func names(name: String, isGood: Bool) {
        #expect((AccountName.objection(to: name) == nil) == isGood)
    }
}
