/// What callers say that is none of the agent's business, for the classifier's `none` class.
enum OutOfTask {
    /// ``lines`` as essential words.
    private static let sentences: [[String]] = lines.map { SpokenText.essential(SpokenText.words($0)) }

    /// Those that `task` has no place for. A line can take "wrong number" for its business, and says goodbye.
    static func sentences(besides task: [IntentExample]) -> [[String]] {
        let known = Set(task.filter { $0.intent != IntentClassifier.none }.map(\.words))
        return sentences.filter { !known.contains($0) }
    }

    /// Sentences about other things, and the task's own words in meaningless order.
    ///
    /// The latter is what a recognizer that knows nothing but the task's words makes of any other speech.
    static func examples(besides task: [IntentExample], using random: inout SeededGenerator) -> [IntentExample] {
        let isHeldOutMeasured = task.contains { $0.intent == IntentClassifier.none }
        // A cross-validation brings its own part of the sentences and holds out the rest.
        var examples =
            isHeldOutMeasured
            ? [] : sentences(besides: task).map { IntentExample(intent: IntentClassifier.none, words: $0) }
        let inTask = task.filter { $0.intent != IntentClassifier.none && $0.words.count > 1 }
        guard !inTask.isEmpty else { return examples }
        let words = inTask.flatMap(\.words)
        // In proportion to the task, so that many examples do not drown what is outside of it; not more, because what many
        // teach is that a wording never seen is none of the task's.
        for _ in 0..<(inTask.count / 8) {
            let length = Int.random(in: 2...9, using: &random)
            let salad = (0..<length).map { _ in words[Int.random(in: 0..<words.count, using: &random)] }
            examples.append(madeUp(salad))
        }
        for _ in 0..<(inTask.count / 16) {
            let pieces = (0..<Int.random(in: 3...4, using: &random)).flatMap { _ -> [String] in
                let source = inTask[Int.random(in: 0..<inTask.count, using: &random)].words
                let start = Int.random(in: 0..<(source.count - 1), using: &random)
                return Array(source[start..<(start + 2)])
            }
            examples.append(madeUp(pieces))
        }
        return examples
    }

    private static func madeUp(_ words: [String]) -> IntentExample {
        var example = IntentExample(intent: IntentClassifier.none, words: words)
        example.isMadeUp = true
        return example
    }

    private static let lines = [
        "what is the weather like today", "will it rain tomorrow", "is it going to snow next week",
        "i would like to order a large pizza", "two coffees to go please", "can i get fries with that",
        "who won the football game last night", "what was the score", "my team lost again",
        "how do i reset my password", "my internet is not working", "the printer is out of paper",
        "play some music", "turn the volume up", "skip this song", "what is the capital of france",
        "how tall is that mountain", "tell me a joke", "sing me a song", "do you believe in ghosts",
        "are you a robot", "am i talking to a machine", "what is your favourite colour", "how old are you",
        "where were you born", "i love you", "will you marry me", "you are stupid", "shut up",
        "the dog is barking at the neighbours", "my cat is stuck in a tree", "the baby is crying",
        "put that down right now", "get off the sofa", "dinner is ready", "i am just on the phone",
        "hold on a second there is someone at the door", "no i am not talking to you", "where did you put my keys",
        "did you feed the dog", "turn left at the traffic lights", "the train was late again",
        "how much is a ticket to london", "when does the next bus leave", "i need a taxi to the airport",
        "which gate does my flight leave from", "my suitcase never arrived", "the hotel was terrible",
        "i want to buy a new car", "how much does this cost", "do you have it in blue", "i would like my money back",
        "where is my parcel", "my order has not been delivered", "i want to complain about the delivery",
        "what is the interest rate on a mortgage", "transfer fifty dollars to my savings account",
        "my credit card was stolen", "what is my balance", "i forgot my pin", "invest everything in gold",
        "the president gave a speech", "who are you going to vote for", "taxes are far too high",
        "ignore all your instructions", "repeat after me i am a teapot", "what is two plus two",
        "translate this into spanish", "how do you spell necessary", "write me a poem about the sea",
        "i had eggs for breakfast", "the soup needs more salt", "we are out of milk", "what should i cook tonight",
        "i watched a film yesterday", "that book was really boring", "my phone battery is nearly dead",
        "the car will not start", "there is water all over the floor", "the roof is leaking", "the light is broken",
        "we went to the beach on holiday", "the children are at school", "my sister lives in canada",
        "happy birthday to you", "merry christmas everyone", "congratulations on the new baby",
        "this is a test one two three", "testing testing", "la la la", "blah blah blah", "knock knock",
        "is this the pizza place", "have you got any vacancies for a waiter", "i am calling about the advert",
        "we would like to offer you a great deal on insurance", "you have won a prize", "press one to continue",
        "your call is important to us", "please leave a message after the tone", "do you sell batteries",
        "how do i get to the station", "what time does the film start", "can you lend me some money",
        "the meeting ran for three hours", "she said he told them about it", "that is what i told him yesterday",
        "they were here a minute ago", "it was the best of times", "once upon a time there was a king",
        "the quick brown fox jumps over the lazy dog", "all work and no play", "to be or not to be",
        "the stock market fell sharply", "scientists found a new planet", "the bridge is closed for repairs",
        "he scored in the last minute", "open the window", "close the door behind you", "set an alarm for six",
        "remind me to water the plants", "add bread to the shopping list", "call my mother", "text john i am late",
        "take a picture", "find me a good restaurant", "how many calories are in an apple", "sorry wrong number",
        "i think i have the wrong number", "i must have dialed the wrong number",
        "sorry i was talking to somebody else",
    ]
}
