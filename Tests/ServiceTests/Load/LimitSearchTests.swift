import Foundation
import Testing

@testable import Service

@Suite("The search for the most calls")
struct LimitSearchTests {
    @Test("ends within a tenth below what can be borne", arguments: [1, 3, 5, 17, 64, 99, 100, 480])
    func finds(bearable: Int) {
        var search = LimitSearch(first: 4, most: 500)
        var runs = 0
        while let calls = search.next {
            runs += 1
            search.ran(keepsObjectives: calls <= bearable)
        }
        #expect(search.best <= bearable)
        #expect(bearable - search.best <= max(1, search.best / 10))
        #expect(runs < 20)
    }

    @Test("never tries more than it may")
    func bounded() {
        var search = LimitSearch(first: 4, most: 10)
        var tried: [Int] = []
        while let calls = search.next {
            tried.append(calls)
            search.ran(keepsObjectives: true)
        }
        #expect(tried == [4, 8, 10])
        #expect(search.best == 10)
    }

    @Test("that bears nothing says so")
    func none() {
        var search = LimitSearch(first: 4, most: 10)
        while search.next != nil { search.ran(keepsObjectives: false) }
        #expect(search.best == 0)
    }

    @Test("its page has a row and two plots for each run")
    func page() {
        var run = LoadReport()
        run.calls = 12
        run.answers = [.init(at: 1, after: 400), .init(at: 2, after: 650)]
        let html = LoadPage.html([run, run], url: "ws://127.0.0.1/<x>", agent: "a&b")
        #expect(html.components(separatedBy: "<svg").count == 5)
        #expect(html.components(separatedBy: "<circle").count == 5)
        #expect(html.contains("a&amp;b") && !html.contains("<x>"))
    }
}
