import Console
import Foundation
import Testing

@testable import Service

@Suite("The console")
struct ConsoleTests {
    @Test("every file that another one names is there")
    func files() throws {
        let names = Set(ConsoleFiles.pages.map(\.name))
        for file in ConsoleFiles.pages {
            let text = String(decoding: file.bytes, as: UTF8.self)
            let patterns = [
                #/from "\./([^"]+)"/#, #/import\("\./([^"]+)"\)/#, #/(?:src|href)="([a-z][^":#]*)"/#,
                #/new URL\("([^"]+)"/#,
            ]
            for pattern in patterns {
                for match in text.matches(of: pattern) {
                    #expect(names.contains(String(match.output.1)), "\(file.name) names \(match.output.1)")
                }
            }
        }
    }

    @Test("is served with its types, and a browser that has a file is told so")
    func served() async throws {
        try await ServiceUnderTest.run { test in
            for file in ConsoleFiles.pages {
                let path = file.name == "index.html" ? "/" : "/\(file.name)"
                let answer = try await test.api("GET", path)
                #expect(answer.status == 200 && answer.header("content-type") == file.type)
                #expect(Array(answer.body) == file.bytes)
                let tag = try #require(answer.header("etag"))
                let again = try await test.api("GET", path, headers: [("If-None-Match", tag)])
                #expect(again.status == 304 && again.body.isEmpty)
            }
        }
    }

    @Test("asks for nothing that the content security policy refuses")
    func noInlineCode() {
        let code = #/<[a-z]+[^>]*\son[a-z]+=/#
        let style = #/<[a-z]+[^>]*\sstyle=/#
        let elsewhere = #/https?:\/\/(?!www\.w3\.org)/#
        for file in ConsoleFiles.pages {
            let text = String(decoding: file.bytes, as: UTF8.self)
            #expect(text.firstMatch(of: code) == nil, "\(file.name) has code in an attribute")
            #expect(text.firstMatch(of: style) == nil, "\(file.name) has style in an attribute")
            #expect(text.firstMatch(of: elsewhere) == nil, "\(file.name) reaches out to another server")
            #expect(!text.contains("innerHTML") && !text.contains("eval("), "\(file.name) makes code of text")
        }
    }
}
