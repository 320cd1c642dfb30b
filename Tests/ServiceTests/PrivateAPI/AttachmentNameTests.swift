import Testing

@testable import Service

@Suite("Names of files that answers give")
struct AttachmentNameTests {
    @Test(
        "stay within their header, whatever they are made of",
        arguments: [
            ("winter-checkups.csv", #"attachment; filename="winter-checkups.csv""#),
            (
                "a\r\nSet-Cookie: x=1\u{0}.csv",
                #"attachment; filename="aSet-Cookie: x=1.csv""#
            ),
            (
                #"a"; filename="b.exe"#,
                #"attachment; filename="a_; filename=_b.exe"; filename*=UTF-8''a%22%3B%20filename%3D%22b.exe"#
            ),
            (
                "überfällig €.csv",
                #"attachment; filename="_berf_llig _.csv"; filename*=UTF-8''%C3%BCberf%C3%A4llig%20%E2%82%AC.csv"#
            ),
            ("../../etc/passwd", #"attachment; filename=".._.._etc_passwd""#),
            (#"c:\x"#, #"attachment; filename="c:_x""#),
            ("a\u{202E}vsc.exe", #"attachment; filename="avsc.exe""#), ("..", #"attachment; filename="file""#),
            ("", #"attachment; filename="file""#), ("\u{2028}\u{85}", #"attachment; filename="file""#),
        ])
    func names(name: String, header: String) {
        let made = AttachmentName.header(name)
        #expect(made == header)
        #expect(made.utf8.allSatisfy { (0x20...0x7E).contains($0) })
    }
}
