/// A small agent without fault, to put faults into.
enum Faulty {
    static let sound = """
        name: small
        kind: flow
        greeting: "Hello."
        thresholds: {reask_below: 0.4, escalate_below: 0.0, max_reasks: 2}
        silence: {reprompt_after: 7, max_reprompts: 1, prompts: ["Hello?"], farewell: "Goodbye."}
        tools:
          look: read
        escalation:
          - hang_up: true
            say: "Sorry."
        hours: {opens: "08:00", closes: "18:00"}
        phrases: {not_understood: "Sorry?", back: "So.", broken: "Oh dear."}
        start: menu
        slots:
          day:
            type: date
            ask: "Which day?"
        intents:
          look:
            - "look on {date}"
            - "look please"
            - "have a look on {date}"
            - "please look"
          inform:
            - "{date}"
            - "on {date}"
          yes: ["yes", "yes please"]
          no: ["no", "no thanks"]
          goodbye: ["goodbye", "bye"]
        states:
          menu:
            steps:
              - ask: "What else?"
          look:
            on: look
            steps:
              - collect: day
              - call: look
                with: {day: "{day}"}
                save: seen
                failed: lost
              - say: "On {day} there is {seen.seen}."
              - goto: menu
          lost:
            steps:
              - say: "That failed."
              - goto: menu
          end:
            on: goodbye
            steps:
              - hang_up: "said goodbye"
        """
}
