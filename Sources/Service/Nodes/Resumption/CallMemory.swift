import Agent
import CallSession
import Store

/// What happened on a call, put together from what is stored of it, for the dialogue that goes on with it.
enum CallMemory {
    /// From the journal: the reducer runs once more, and tells what the dialogue was given and what counted as heard.
    static func events(of replay: CallReplay) -> [RememberedEvent] {
        var conversation = Conversation(settings: replay.settings)
        var events: [RememberedEvent?] = []
        /// Where a tool stands that has not answered.
        var running: [String: Int] = [:]
        for input in replay.inputs {
            let actions = conversation.handle(input.event, at: input.position)
            switch input.event {
            case .replySaid(let generation, let text) where generation == conversation.generation:
                events.append(.said(text))
            case .replyTakenOver(_, let agent): events.append(.tookOver(agent: agent))
            case .toolStarted(_, let tool):
                running[tool.id] = events.count
                events.append(.tool(ToolInvocation(tool), nil))
            case .toolFinished(_, let tool):
                // Its answer counts where it came: the reply that wanted it may have been given up by then.
                guard let index = running.removeValue(forKey: tool.id) else { break }
                events[index] = nil
                events.append(.tool(ToolInvocation(tool), ToolOutcome(tool)))
            default: break
            }
            for action in actions {
                switch action {
                // The journal has no facts; what was begun on a call is told by its id.
                case .startReply(_, .callStarted):
                    events.append(.input(.callStarted(CallFacts(callID: replay.call))))
                case .startReply(_, let input): events.append(.input(input))
                case .cancelReply: events.append(.abandoned)
                case .cutReply(let heard): events.append(.heard(heard))
                default: break
                }
            }
        }
        return events.compactMap { $0 }
    }

    /// From the transcript, where the journal cannot be read or run: it has the words of both sides and what tools did, and
    /// neither keys nor silences.
    static func events(of story: CallStory) -> [RememberedEvent] {
        var events: [RememberedEvent] = [.input(.callStarted(CallFacts(callID: story.call.id)))]
        var tools = story.tools[...]
        func settle(through turn: Int) {
            while let tool = tools.first, tool.turn <= turn {
                tools.removeFirst()
                events.append(.tool(ToolInvocation(tool), ToolOutcome(tool)))
            }
        }
        for turn in story.turns {
            switch turn.speaker {
            case .caller:
                settle(through: turn.number - 1)
                events.append(
                    .input(
                        turn.text.isEmpty
                            ? .callerNotUnderstood
                            : .callerSaid(
                                CallerTurn(number: turn.number, text: turn.text, confidence: turn.confidence ?? 1))))
            case .agent:
                settle(through: turn.number)
                let heard = turn.heard ?? turn.text
                if !heard.isEmpty { events.append(.said(heard)) }
            case .operator: break
            }
        }
        settle(through: .max)
        return events
    }

    /// All that is stored of the call and of those that it went on with, the oldest first.
    ///
    /// - Parameter most: calls at most, against a circle that cannot be.
    static func load(_ call: CallRecord, from store: Store, most: Int = 8) async throws -> [RememberedEvent] {
        var events: [RememberedEvent] = []
        var next: String? = call.id
        for _ in 0..<most {
            guard let id = next else { break }
            let story = try await store.story(ofCall: id)
            do {
                events = Self.events(of: try await CallReplay(call: id, store: store)) + events
            } catch is CallReplay.Fault {
                events = Self.events(of: story) + events
            } catch let error as StoreError where error.code == .damaged {
                events = Self.events(of: story) + events
            }
            next = story.call.resumes
        }
        return events
    }
}

extension ToolInvocation {
    fileprivate init(_ tool: ToolCall) {
        self.init(id: tool.id, name: tool.name, arguments: (try? JSONValue(parsing: tool.arguments)) ?? .object([:]))
    }

    fileprivate init(_ tool: ToolRecord) {
        self.init(
            id: tool.invocationID, name: tool.name, arguments: (try? JSONValue(parsing: tool.arguments)) ?? .object([:])
        )
    }
}

extension ToolOutcome {
    fileprivate init(_ tool: ToolCall) { self.init(tool.outcome, of: tool.name, failed: tool.failed) }

    /// Nil where nobody knows what came of it.
    fileprivate init?(_ tool: ToolRecord) {
        guard let outcome = tool.outcome else { return nil }
        self.init(outcome, of: tool.name, failed: tool.succeeded != true)
    }

    private init(_ text: String, of tool: String, failed: Bool) {
        guard failed else {
            self = .result((try? JSONValue(parsing: text)) ?? .string(text))
            return
        }
        let code = ToolError.Code(ofErrorDescribed: text) ?? .unavailable
        let detail = text.split(separator: ": ", maxSplits: 2).dropFirst(2).first.map(String.init) ?? text
        self = .failure(ToolError(code, tool: tool, detail: detail))
    }
}
