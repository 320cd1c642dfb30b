import Foundation
import Store
import Testing

@testable import Service

@Suite("Documents to look things up in")
struct DocumentTests {
    @Test("are cut at their headings, with tables as sentences and pages without their markup")
    func kinds() {
        let markdown = Document(
            text: "# Returns\n\nSend it **back**\nwithin 30 days.\n\n## Refunds\n- Paid in ten days.\n", kind: "md",
            path: "a/returns.md")
        #expect(markdown.title == "Returns")
        #expect(markdown.passages.map(\.heading) == ["Returns", "Refunds"])
        #expect(markdown.passages.map(\.text) == ["Send it back within 30 days.", "- Paid in ten days."])
        #expect(markdown.passages.allSatisfy { $0.source == "a/returns.md" && $0.title == "Returns" })

        let table = Document(
            text: "plan,price,note\r\nBasic,\"$1,200\",\"say \"\"hello\"\"\"\n\nPro,2400,\n", kind: "csv", path: "p.csv"
        )
        #expect(
            table.passages.map(\.text) == [
                #"plan: Basic. price: $1,200. note: say "hello"."#, "plan: Pro. price: 2400.",
            ])

        let page = Document(
            text:
                "<html><head><title>x</title></head><body><script>evil()</script><h1>Hours &amp; days</h1><p>Open <b>until</b> six.</p></body></html>",
            kind: "html", path: "h.html")
        #expect(page.passages.map(\.heading) == ["Hours & days"])
        #expect(page.passages.map(\.text) == ["Open until six."])
    }

    @Test("are cut at sentences where a paragraph is long, and survive what is no document")
    func lengths() {
        let long = Document(
            text: String(repeating: "This is a sentence of a manual. ", count: 100), kind: "txt", path: "m.txt")
        #expect(long.passages.count > 3)
        #expect(long.passages.allSatisfy { $0.text.count <= Document.passageLength + 40 && $0.text.hasSuffix(".") })
        for (text, kind) in [
            ("", "md"), ("<", "html"), ("<script>", "html"), ("\"", "csv"), ("a,b", "csv"), ("#", "md"),
        ] {
            _ = Document(text: text, kind: kind, path: "x")
        }
    }
}
