import Agent
import Foundation
import Testing

@Suite("The file of a connector")
struct ConnectorFileTests {
    private static func file(_ tool: String, auth: String = "bearer: x") -> String {
        "connector: c\nurl: https://api.example.com\nauth: {\(auth)}\ntools:\n  t:\n    summary: s\n    risk: read\n    \(tool)\n"
    }

    @Test(
        "is refused with line and reason",
        arguments: [
            (file("method: FETCH\n    path: /x"), 8, "`method` is `FETCH`"),
            (file("method: GET\n    path: x"), 9, "`path` must begin with /"),
            (file("method: GET\n    path: /{id}"), 9, "unknown value {id}"),
            (
                file("method: GET\n    path: /{id}\n    parameters: {id: {type: string}}"), 6,
                "the parameter id is not required; list it in `required` or write {id?}"
            ),
            (
                file("method: GET\n    path: /\n    parameters: {id: {type: string}}"), 10,
                "the parameter id goes nowhere"
            ),
            (file("method: GET\n    path: /\n    body: {a: b}"), 10, "a GET has no body"),
            (file("method: POST\n    path: /\n    body: {a: \"{x|sql}\"}"), 10, "unknown escape sql"),
            (file("method: GET\n    path: /\n    result: {a: \"b[x]\"}"), 10, "is no path"),
            (file("method: GET\n    path: /\n    errors: {200: conflict}"), 10, "`200` is no status of a failure"),
            (file("method: GET\n    path: /\n    retry: true"), 10, "unknown key `retry`"),
            (file("method: GET\n    path: /", auth: "token: x"), 3, "unknown key `token`"),
            ("connector: c\nurl: ftp://x\ntools: {}", 2, "must be an https:// or http:// address"),
            ("connector: c\nurl: https://user@x\ntools: {}", 2, "without user"),
        ])
    func faults(yaml: String, line: Int, reason: String) {
        do throws(AgentFileErrors) {
            _ = try Connector(yaml: Data(yaml.utf8), file: "c.yaml", environment: [:])
            Issue.record("was read")
        } catch {
            #expect(error.faults.contains { $0.line == line && $0.reason.contains(reason) }, "\(error)")
        }
    }

    @Test("takes values of the environment, and others where there are none")
    func variables() throws {
        let yaml = "connector: c\nurl: ${HOST:-https://api.example.com}/v1/\nauth: {bearer: \"${TOKEN}\"}\ntools: {}"
        let read = { try Connector(yaml: Data(yaml.utf8), file: "c.yaml", environment: $0) }
        #expect(try read([:]).url == "https://api.example.com/v1")
        #expect(try read([:]).missing == ["TOKEN"])
        let set = try read(["HOST": "http://10.0.0.1:80", "TOKEN": "t"])
        #expect(set.url == "http://10.0.0.1:80/v1")
        #expect(set.missing == [])
    }
}
