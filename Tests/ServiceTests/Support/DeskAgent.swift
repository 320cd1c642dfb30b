/// An agent at a desk that tells when it is open, and escalates who wants a person.
enum DeskAgent {
    /// - Parameter escalation: the steps of its path, as a list of YAML two spaces deep.
    static func source(escalation: String) -> String {
        """
        name: desk
        kind: flow
        greeting: "Hello, the desk."
        thresholds: {reask_below: 0.4, escalate_below: 0.0, max_reasks: 2}
        silence: {reprompt_after: 7, max_reprompts: 1, prompts: ["Hello?"], farewell: "Goodbye."}
        escalation:
        \(escalation)
        hours: {opens: "08:00", closes: "18:00"}
        phrases: {not_understood: "Sorry?", back: "So.", broken: "Oh dear."}
        start: menu
        intents:
          person: ["can i speak to a person", "a person please", "i want a person", "speak to somebody"]
          hours: ["when are you open", "your opening hours", "how long are you open", "are you open now"]
        states:
          menu:
            steps:
              - ask: "What can I do for you?"
          person:
            on: person
            steps:
              - escalate: "the caller wants a person"
          hours:
            on: hours
            steps:
              - say: "From eight to six."
              - goto: menu

        """
    }
}
