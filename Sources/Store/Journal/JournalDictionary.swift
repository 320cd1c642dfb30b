/// What entries of journals are likely to hold, so that also a row of few entries is compressed well: zlib finds in it what it would
/// find in rows before. What is most frequent stands at the end, where it costs least to be named.
///
/// Rows are read with the dictionary that they were written with, so one that was released is never edited: a better one is another
/// form of ``JournalPacking``. Nothing in it is of anybody's call.
enum JournalDictionary {
    static let first = Array(
        """
        {"replyDeadline":[0,6000000000000000000],"keysInterrupt":true,"surrender":"I am sorry, I cannot help you right now. \
        Please call again later. Goodbye.","turns":{"shortestUtterance":[0,250000000000000000],\
        "unfinishedWait":[0,1300000000000000000],"interruptWithoutWordsAfter":[0,1500000000000000000],"likelyEnd":0.8,\
        "heldWait":[0,240000000000000000],"shortAnswerWait":[0,420000000000000000],"openEndedWait":[0,950000000000000000],\
        "wordlessWait":[0,700000000000000000],"openWait":[0,520000000000000000],"preparesSpeech":true,\
        "interruptAfter":[0,300000000000000000],"completeWait":[0,260000000000000000],\
        "protectedGreeting":[0,700000000000000000],"digitsWait":[0,900000000000000000]},\
        "endingDeadline":[1,1553255926290448384],"apology":"Sorry, something went wrong on my side. Could you say that again?",\
        "longestSilenceCount":3,"hangUpDeadline":[0,5000000000000000000],"toolDeadline":[0,15000000000000000000],\
        "playoutGrace":[0,2000000000000000000],"recognitionDeadline":[0,2500000000000000000],"hearsKeyTones":false,\
        "silence":[0,7000000000000000000],"keyPause":[0,2000000000000000000],"longestUtterance":[1,6553255926290448384],\
        "longestMute":[32,9704189641294348288],"farewell":"I am sorry, I have to end our call now. Please call again in a few \
        minutes. Goodbye.","failuresUntilEscalation":3}settingsescalationrecordingplacedtakesBack
        hungUp{"hungUp":{"reason":"caller hung up"}}["note ended : "]"closed by "replyHangsUp{"replyHangsUp":{"generation":\
        ,"reason":"replyTransfers{"replyTransfers":{"destination":"["note transferred ""hang up: "
        keyPressed{"keyPressed":{"_0":"operated{"operated":{"_0":{"person{"person":{"_0":{"recognitionFailed{"recognitionFailed":{
        nothingHeard{"nothingHeard":{"_0":{"rawValue":turnTaken{"turnTaken":{"_0":{"rawValue":endOfTurnLikely\
        {"endOfTurnLikely":{"probability":0.,"_0":{"rawValue":playoutCleared{"playoutCleared":{"generation":,"heard":\
        ["pause playout"]["resume playout"]["clear playout ["cancel reply ["note interrupted
        mediaStarted{"mediaStarted":{}}["start reply 1 to the call's start"]replyFlagged{"replyFlagged":{"isHeld":,"statement":"
        toolStarted{"toolStarted":{"_1":{"name":"","arguments":"{\\"date\\":\\"2026-\\",\\"name\\":\\"\\",\\"time\\":\\":00\\"}",\
        "outcome":"","failed":false,"id":"t"},"generation":}}["note tool started
        toolFinished{"toolFinished":{"_1":{"failed":false,"id":"t","name":"","arguments":"{\\",\
        "outcome":"{\\"},"generation":}}["note tool finished  {\\":\\",\\"
        replyUnderstood{"replyUnderstood":{"_1":{"entities":{},"intent":"inform","confidence":0.9},"generation":}}\
        ["note understood  inform 0.9"]"entities":{"date":"2026-"time":"name":"
        replyExpects{"replyExpects":{"_1":{"context":"menu","kind":"open"},"generation":}}["note expecting open ["note expecting \
        choice yesNo digits date time name
        voiceStarted{"voiceStarted":{"onset":}}["start recognition u menu"]voiceStopped{"voiceStopped":{"lastVoiced":}}\
        ["pause recognition u","preview u1 1 1.0 \\"i would like to"]
        previewed{"previewed":{"_0":{"rawValue":},"text":","firstSentence":","_2":"complete"}}["prepare \\""]"_2":"open"}}
        timer{"timer":{"_0":"endOfTurn"}}["finish recognition u"]timer{"timer":{"_0":"silence"}}
        transcript{"transcript":{"_0":{"utterance":{"rawValue":},"text":","evidence":{"acoustic":-2.,"language":-1.,\
        "weakestWord":0.,"backedOffShare":0,"words":,"framesPerWord":,"meanWord":0.,"contrast":,"filled":0.,"path":-0.,\
        "strangeShare":0,"second":{"agreement":,"sound":-,"unknownShare":0,"lead":,"rate":}},"isOutOfTask":false,\
        "confidence":0.9}}}["note caller turn  0.9 \\"","start reply  to turn  0.9 \\"\\""]
        provisional{"provisional":{"_0":{"isOutOfTask":false,"utterance":{"rawValue":},"evidence":{"strangeShare":0,\
        "backedOffShare":0,"words":[{"end":,"start":,"confidence":0.9,"text":"},{"start":,"text":"","end":,"confidence":0.},\
        {"end":0,"confidence":0.9998,"text":"","start":0},{"confidence":0.9997,"end":0,"start":0,"text":"
        synthesisFailed{"synthesisFailed":{"_0":replyFailed{"replyFailed":{"reason":"
        playoutStarted{"playoutStarted":{"generation":}}["note latency playoutDrained{"playoutDrained":{"generation":,"heard":}}\
        ["note agent turn  \\"\\" of \\""]replyFinished{"replyFinished":{"generation":}}[]
        replySaid{"replySaid":{"generation":,"text":"I will Which Thank you. When What is your name? That is Is that right? Your \
        appointment on Monday Tuesday Wednesday Thursday Friday, the first of at ten o'clock."}}["synthesize .0 \\".\\""]
        paced{"paced":{"_0":{"generation":,"index":},"_1":{"samples":[0,1600,],"total":,"characters":[,]}}}[]\
        "_1":{"total":,"characters":[1,3,5,8,],"samples":[],"_0":{"index":
        synthesisFinished{"synthesisFinished":{"_0":{"index":,"generation":}}}[]{"_0":{"generation":,"index":}}}[]
        synthesized{"synthesized":{"_0":{"index":0,"generation":},"samples":}}[]{"synthesized":{"samples":,"_0":{"generation":,"index":1}}}[]\
        "samples":3200,"_0":{"index":1,"generation":}}}[]
        interim{"interim":{"text":"i would like to ","_0":{"rawValue":}}}[]{"interim":{"_0":{"rawValue":},"text":"tomorrow morning \
        please"}}[]
        """.utf8)
}
