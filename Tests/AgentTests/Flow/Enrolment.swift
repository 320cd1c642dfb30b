import Agent
import Foundation

/// An agent of capture blocks, a line each.
enum Enrolment {
    static let yaml = """
        name: enrolment
        kind: flow
        greeting: "Hello."
        thresholds: {reask_below: 0.3, escalate_below: 0.0, max_reasks: 2}
        silence: {reprompt_after: 7, max_reprompts: 1, prompts: ["Hello?"], farewell: "Goodbye."}
        tools:
          enrol: reversible
          charge: reversible
        escalation:
          - transfer: "+15550100"
            say: "I will get you a colleague."
        hours: {opens: "08:00", closes: "18:00"}
        phrases: {not_understood: "Sorry?", back: "So.", broken: "Oh dear."}
        start: menu
        slots:
          born: {capture: date_of_birth, youngest: 18}
          home: {capture: address}
          card: {capture: card}
        intents:
          enrol: ["i want to enrol", "enrol me please", "sign me up", "i'd like to sign up"]
          pay: ["i want to pay", "pay by card", "i'd like to pay", "let me pay"]
          hours: ["when are you open", "what are your opening hours", "are you open today", "opening times"]
          inform: ["it is that one", "here it is"]
          correction: ["no that's wrong", "that is not right", "no that is not it"]
          repeat: ["say that again", "pardon", "can you repeat that"]
          yes: ["yes", "yes please", "that's right", "correct", "yes that is right"]
          no: ["no", "no thanks", "nope"]
          goodbye: ["goodbye", "bye"]
        states:
          menu:
            steps:
              - ask: "What can I do for you?"
          enrol:
            on: enrol
            fresh: [born, home]
            steps:
              - collect: born
              - collect: home
              - call: enrol
                with: {born: "{born}", street: "{home.street}", house: "{home.house}", line: "{home.line}"}
                failed: lost
              - say: "You are enrolled, {home}, born {born|full_date}."
              - goto: menu
          pay:
            on: pay
            fresh: [card]
            steps:
              - collect: card
              - call: charge
                with: {number: "{card.number}", expiry: "{card.expiry}", code: "{card.security_code}"}
                save: receipt
                failed: unpaid
              - say: "Your {card} was charged. {receipt.note}"
              - goto: menu
          unpaid:
            steps:
              - say: "That did not work."
              - goto: pay
                at_most: 2
                otherwise: menu
          hours:
            on: hours
            digression: true
            steps:
              - say: "We are open from eight to six."
          lost:
            steps:
              - say: "That failed."
              - goto: menu
          end:
            on: goodbye
            steps:
              - hang_up: "said goodbye"
        """

    static func agent(_ yaml: String = Enrolment.yaml) throws -> AgentDefinition {
        try AgentDefinition(yaml: Data(yaml.utf8), file: "enrolment.yaml") { path in
            throw CocoaError(.fileReadNoSuchFile, userInfo: [NSFilePathErrorKey: path])
        }
    }
}
