package import Callers

/// A menu of keys as a company's telephone has it, with others behind its keys.
package struct SandboxMenu: Sendable {
    /// Where a key leads.
    package indirect enum Choice: Sendable {
        case menu(SandboxMenu)
        case person(SandboxCarrierConfiguration.Person)
        case hangsUp
    }

    /// Said first, and again when nobody presses a key that it has.
    package var prompt: CallerClip
    package var choices: [Character: Choice]
    /// From the prompt's end until it is said again.
    package var patience: Duration
    /// Prompts after which it hangs up.
    package var mostPrompts: Int

    package init(
        prompt: CallerClip, choices: [Character: Choice], patience: Duration = .seconds(3), mostPrompts: Int = 4
    ) {
        self.prompt = prompt
        self.choices = choices
        self.patience = patience
        self.mostPrompts = mostPrompts
    }
}
