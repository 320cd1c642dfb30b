import Networking
import Testing

@Suite("Numeric addresses")
struct IPAddressTests {
    @Test(
        "are of the public internet or not",
        arguments: [
            ("8.8.8.8", true), ("1.1.1.1", true), ("172.15.255.255", true), ("172.32.0.0", true), ("100.63.0.1", true),
            ("0.0.0.0", false), ("10.1.2.3", false), ("100.64.0.1", false), ("127.0.0.1", false),
            ("169.254.169.254", false), ("172.16.0.1", false), ("172.31.255.255", false), ("192.168.1.1", false),
            ("192.0.2.1", false), ("198.18.0.1", false), ("224.0.0.1", false), ("255.255.255.255", false),
            ("2606:4700:4700::1111", true), ("[2606:4700:4700::1111]", true), ("::1", false), ("::", false),
            ("fe80::1", false), ("fe80::1%eth0", false), ("fc00::1", false), ("fd12:3456::1", false),
            ("ff02::1", false),
            ("2001:db8::1", false), ("::ffff:127.0.0.1", false), ("::ffff:8.8.8.8", true),
            ("64:ff9b::7f00:1", false), ("64:ff9b::808:808", true), ("2002:7f00:1::", false), ("2002:808:808::", true),
            ("::127.0.0.1", false),
        ])
    func isPublic(text: String, isPublic: Bool) throws {
        #expect(try #require(IPAddress(text)).isPublic == isPublic)
    }

    @Test(
        "are no names, and no shorthand that resolvers would take for an address",
        arguments: [
            "localhost", "127.1", "0x7f000001", "2130706433", "1.2.3", "", "1.2.3.4.5", ":::",
        ])
    func none(text: String) {
        #expect(IPAddress(text) == nil)
    }

    @Test("lie in blocks")
    func blocks() throws {
        let block = try #require(AddressBlock("10.1.128.0/17"))
        #expect(block.contains(try #require(IPAddress("10.1.255.1"))))
        #expect(!block.contains(try #require(IPAddress("10.1.127.1"))))
        #expect(!block.contains(try #require(IPAddress("::1"))))
        #expect(AddressBlock("10.0.0.0/33") == nil && AddressBlock("x/8") == nil && AddressBlock("1.2.3.4/") == nil)
        #expect(try #require(AddressBlock("::1")).description == "::1/128")
    }
}
