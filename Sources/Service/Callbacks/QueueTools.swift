import Agent
import Foundation
import Networking

/// The lines of callers who wait in this process, as the escalation path's tools.
final class WaitingLines: Sendable {
    private let lines = Lock<[String: WaitingLine]>([:])
    private let now: @Sendable () -> Date

    init(now: @escaping @Sendable () -> Date = { Date() }) { self.now = now }

    var tools: [any Tool] { [PlaceTool(lines: self), LeaveTool(lines: self)] }

    private var time: Duration { .seconds(now().timeIntervalSince1970) }

    fileprivate func look(_ caller: String, on call: String, in destination: String) -> WaitingLine.Place {
        lines.withLock { $0[destination, default: WaitingLine()].look(caller, on: call, at: time) }
    }

    fileprivate func go(_ caller: String, _ destination: String) {
        lines.withLock { $0[destination]?.go(caller) }
    }

    fileprivate func leave(_ caller: String, _ destination: String) {
        lines.withLock { $0[destination]?.leave(caller, at: time) }
    }

    /// A call is over; nobody waits on it any longer.
    func ended(callID: String) {
        lines.withLock { lines in
            for destination in lines.keys { lines[destination]?.ended(call: callID, at: time) }
        }
    }

    fileprivate static let parameters: JSONValue = [
        "type": "object",
        "properties": [
            "destination": ["type": "string", "minLength": 1],
            "goes": ["type": "boolean", "description": "They are being put through now."],
            "caller": ["type": "string", "description": "Who stands in line; the call without it."],
        ], "required": ["destination"], "additionalProperties": false,
    ]
}

private struct PlaceTool: Tool {
    let lines: WaitingLines
    let definition = ToolDefinition(
        name: "queue_place", summary: "Tells where the caller stands in line, and puts them there.",
        parameters: WaitingLines.parameters, risk: .read)

    func call(_ arguments: JSONValue, context: ToolContext) async throws(ToolError) -> JSONValue {
        let place = lines.look(
            arguments["caller"]?.string ?? context.call.callID, on: context.call.callID,
            in: arguments["destination"]?.string ?? "")
        if arguments["goes"]?.bool == true {
            lines.go(arguments["caller"]?.string ?? context.call.callID, arguments["destination"]?.string ?? "")
        }
        var answer: [String: JSONValue] = ["position": .integer(place.position)]
        if let wait = place.wait { answer["wait_seconds"] = .integer(Int(wait.components.seconds)) }
        return .object(answer)
    }
}

private struct LeaveTool: Tool {
    let lines: WaitingLines
    let definition = ToolDefinition(
        name: "queue_leave", summary: "Takes the caller out of the line.", parameters: WaitingLines.parameters,
        risk: .reversible)

    func call(_ arguments: JSONValue, context: ToolContext) async throws(ToolError) -> JSONValue {
        lines.leave(arguments["caller"]?.string ?? context.call.callID, arguments["destination"]?.string ?? "")
        return ["left": true]
    }
}
