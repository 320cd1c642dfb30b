/// What the metrics mean, for the page of metrics.
package enum MetricHelp {
    package static let texts: [String: String] = [
        "parley_trace_spans_total":
            "Spans of traces: sent, rejected by the collector, lost after all attempts, or dropped by a full queue.",
        "parley_trace_spans_waiting": "Spans that wait to be sent.",
        "parley_trace_requests_total": "Requests to the collector of traces.",
        "parley_end_of_turn_questions_refused_total":
            "Questions whether a caller has finished that were not asked, for too many waited.",
        "parley_end_of_turn_questions_late_total":
            "Questions whether a caller has finished that no thread came to in time.",
        "parley_end_of_turn_questions_failed_total":
            "Questions whether a caller has finished that the model failed at.",
        "parley_voice_detector_failures_total":
            "Times that the neural voice detector failed; the built-in one took over.",
        "parley_second_recognizer_failures_total":
            "Times that the second recognizer failed; the first one's words stood.",
        "parley_sentence_model_failures_total": "Times that the sentence model failed; the words served.",
        "parley_tenant_up": "Whether a tenant's service runs; 0 while it waits to be started again.",
        "parley_tenant_restarts_total": "Times that a tenant's service was started again after it had failed.",
        "parley_scorecards_total": "Calls that were scored to the end.",
        "parley_scorecard_criteria_total": "Criteria of such calls, by how they stand.",
        "parley_scorecard_judge_requests_total":
            "Requests to a language model that judges calls, by whether there was an answer of use.",
        "parley_call_analyses_total": "Calls that were written down, by whether a model or rules alone did.",
        "parley_call_analysis_requests_total":
            "Requests to a language model that writes calls down, by whether there was an answer of use.",
        "parley_lines_in_use": "Lines with a call, or kept for one that is announced.",
        "parley_lines_free": "Lines for more calls; none while the service stops.",
        "parley_calls_active": "Calls under way.",
        "parley_calls_started_total": "Calls that began.",
        "parley_calls_resumed_total": "Calls that go on here, of a node that is no more.",
        "parley_answers_total": "Verdicts of who answered a placed call, by answerer and what it was decided by.",
        "parley_calls_ended_total": "Calls that ended, by outcome.",
        "parley_provider_in_use": "Streams, texts and answers of a provider under way, where its account has a limit.",
        "parley_provider_waits_total": "Those that began after a wait for room in the account.",
        "parley_provider_limited_total": "Those that found no room in time, so that the next provider was asked.",
        "parley_usage_total": "What calls that ended, and their judges, used of others, by provider and unit.",
        "parley_cost_total": "What that cost by the prices of the configuration, by provider and currency.",
        "parley_caller_turns_total": "Turns of callers.",
        "parley_caller_turns_not_understood_total": "Turns of callers that were not understood.",
        "parley_campaign_attempts_total": "Attempts to reach a contact that ended, by outcome.",
        "parley_campaign_decisions_total":
            "Decisions of the gate by the rule that objected; none lets the call be placed.",
        "parley_store_signals_total": "Signals of the database that were heard, by what they tell of.",
        "parley_store_signals_connected":
            "Whether this node hears the database's signals; without them it looks at its pace.",
        "parley_store_signal_failures_total": "Times that the connection for signals was lost or could not be made.",
        "parley_campaign_rests_total": "Times that nobody was called for a while because the carrier was busy or away.",
        "parley_campaign_pauses_total":
            "Campaigns that the service paused: too many attempts failed (breaker), or the carrier refuses the account.",
        "parley_campaigns_paused": "Campaigns that are paused, by the service or by people, counted twice a minute.",
        "parley_campaign_abandonment_share":
            "Of the people who answered a campaign in 30 days, the share that got no agent in time (0...1), of the running campaign where it is largest, counted twice a minute. One person alone counts for nothing.",
        "parley_campaign_findings_dropped_total": "Things seen on placed calls that were lost to a full queue.",
        "parley_campaign_opt_outs_owed": "People who opted out on a call and are not on the list yet.",
        "parley_campaign_greetings_owed":
            "Attempts of which it is not stored yet how long somebody waited for the agent's first words.",
        "parley_speech_to_speech_connections_lost_total":
            "Connections to models that hear and speak that broke, or could not be had.",
        "parley_speech_to_speech_unreadable_total": "Messages of such models that could not be read.",
        "parley_speech_to_speech_late_deltas_total": "Pieces of their responses that came when nobody wanted them.",
        "parley_speech_to_speech_overlong_total": "Their responses that brought more audio than may wait.",
        "parley_speech_to_speech_complaints_total": "Messages of ours that such a model had something against.",
        "parley_speech_to_speech_truncations_total":
            "Sentences of which such a model was told how much the caller heard.",
        "parley_warm_transfers_total":
            "Callers for whom a person was called, by what came of it; joined is counted when they talk.",
        "parley_interruptions_total": "Times a caller interrupted the agent.",
        "parley_prepared_sentences_total":
            "Sentences synthesised before it was certain that the caller had finished, by whether they were then said.",
        "parley_prepared_sentences_characters_total": "The same in characters, which voices are paid by.",
        "parley_prepared_replies_discarded_tokens_total":
            "About what those that were not given cost: tokens that the model was given, and those that it had generated.",
        "parley_contexts_summed_up_total": "Times the older part of a long conversation was summed up for its model.",
        "parley_knowledge_rankings_total":
            "Searches of documents whose passages were to be put into the order of their meaning, by outcome.",
        "parley_prepared_replies_total":
            "Answers that a model was asked for before it was certain that the caller had finished, by whether they were then given.",
        "parley_echoes_total": "Times an agent's own voice came back over the line and was not taken for the caller's.",
        "parley_playout_underruns_total": "Times the audio to a caller ran dry in the middle of an utterance.",
        "parley_playout_stale_samples_total":
            "Samples of agents that came when their reply was over, and were not sent.",
        "parley_media_missed_messages_total": "Messages of carriers that never arrived, by their own numbering.",
        "parley_media_overtaken_messages_total":
            "Messages of carriers that came after later ones had been given up waiting for them.",
        "parley_media_doubled_messages_total":
            "Messages of carriers that came a second time, and were not heard again.",
        "parley_media_damaged_packets_total": "Packets of callers that held no audio of their codec.",
        "parley_media_concealed_packets_total":
            "Packets of callers that were lost or damaged, and whose audio was made up from what came before.",
        "parley_recognizer_dropped_samples_total": "Samples of callers that the recognizer was too late to take.",
        "parley_recording_consents_total":
            "What callers were told or said of being recorded: announced, granted, refused, withdrawn, unasked.",
        "parley_recording_misplaced_samples_total": "Samples that came too late or too early for the recording.",
        "parley_response_seconds":
            "From the caller's last voiced sample to the agent's first one on the socket, in total and by part.",
        "parley_tool_calls_total": "Tools that agents called, by tool and result.",
        "parley_incidents_total": "Things that went wrong on calls, by kind.",
        "parley_calls_refused_total":
            "Calls refused: all lines taken (full), media threads behind (late), the agent stopped, or the service stopping. Who waits for a line with inbound.overload: queue is none of them.",
        "parley_calls_not_answered_total":
            "Calls that no agent answered, by what the caller got (busy, message, number) and why (list, closed, holiday, hidden, limit, overload).",
        "parley_callers_waiting": "Callers who wait for a line, with inbound.overload: queue.",
        "parley_callers_waited_total":
            "Callers who left the queue for a line, by how: a line (answered), a promise to be called back (callback), they hung up (gave_up), inbound.queue_longest_wait (too_long), or there was no room or no agent any more (turned_away).",
        "parley_callers_counted": "Callers whose calls are remembered for inbound.caller_limit.",
        "parley_callers_forgotten_total":
            "Callers who were forgotten although their calls still counted, because the table was full.",
        "parley_carrier_webhooks_refused_total":
            "Webhooks, invitations and media streams that were not believed, by carrier: without a proof (missing), with a wrong one (mismatch), an old one (stale), another account's (account), or nothing to check it with (unset).",
        "parley_loop_real_time": "1 when the system runs the loop's thread before ordinary ones.",
        "parley_loop_tick_lateness_seconds": "How late the loop's beats ran.",
        "parley_loop_busy_seconds":
            "How long the loop worked between two waits; nothing else on it was served meanwhile.",
        "parley_api_requests_total": "Requests to the API, by operation and the kind of their answers (2xx, 4xx, 5xx).",
        "parley_api_request_seconds": "From a request to the API to the beginning of its answer, by operation.",
        "parley_api_requests_limited_total":
            "Requests to the API beyond what their key, or their address without one, may ask.",
        "parley_acts_refused_total": "Calls of tools that were refused for want of evidence.",
        "parley_reviews_filed_total": "Acts of agents that were left to a person.",
        "parley_statements_flagged_total":
            "Statements of agents that no tool, document, fact or caller supports.",
        "parley_statements_held_back_total": "Such statements that callers did not hear.",
        "parley_promises_held_back_total": "Sentences that said something was done that was not, and were not spoken.",
        "parley_audit_unwritten_total": "Acts of people that could not be written to the audit log.",
        "parley_archive_dropped_events_total": "Events of calls that were lost because the archive's queue was full.",
        "parley_recording_dropped_blocks_total":
            "Blocks of recordings, up to a second each, that became silence because the disk was too slow.",
        "parley_loop_connections": "Connections open now, HTTP and WebSocket.",
        "parley_loop_web_sockets": "WebSockets open now.",
        "parley_loop_connections_accepted_total": "Connections accepted.",
        "parley_loop_connections_refused_total": "Connections turned away because there were too many.",
        "parley_loop_connections_displaced_total":
            "Connections without a request under way that were closed for a new one because there were too many.",
        "parley_private_connections": "Connections to the private plane open now.",
        "parley_private_connections_displaced_total":
            "Connections to the private plane without a request under way, closed for a new one because there were too many.",
        "parley_private_connections_refused_total":
            "Connections to the private plane turned away because a request was under way on all that there may be.",
        "parley_private_slow_bodies_total": "Requests to the private plane whose body came too slowly.",
        "parley_loop_requests_total": "HTTP requests answered, refused upgrades included.",
        "parley_loop_bad_requests_total": "HTTP requests turned away by a limit or because they were malformed.",
        "parley_loop_messages_received_total": "WebSocket messages received.",
        "parley_loop_messages_sent_total": "WebSocket messages sent.",
        "parley_loop_received_bytes_total": "Payload of WebSocket messages received.",
        "parley_loop_sent_bytes_total": "Payload of WebSocket messages sent.",
        "parley_loop_send_queue_overflows_total":
            "Messages refused because the peer did not read and its send queue was full.",
        "parley_loop_oversized_messages_total": "WebSockets closed because a message was too large.",
        "parley_loop_timeouts_total":
            "Connections cut because the peer was silent, slow, or did not take part in closing.",
        "parley_loop_ticks_total": "Beats of the loop that ran: 50 a second while calls are on the line.",
        "parley_loop_missed_ticks_total": "Beats that passed without a run because the loop was busy.",
        "parley_loop_worst_tick_lateness_seconds": "The most that a beat was late since the start.",
        "parley_http_client_active_requests": "Requests to others under way now.",
        "parley_http_client_requests_total": "Requests to others that began.",
        "parley_http_client_completed_total": "Requests to others that were answered to the last byte.",
        "parley_http_client_failed_total": "Requests to others that failed, those that took too long included.",
        "parley_http_client_cancelled_total": "Requests to others that Parley gave up, as when a caller interrupts.",
        "parley_http_client_deadlines_exceeded_total": "Requests to others that took too long.",
        "parley_http_client_pauses_total": "Times a sender was held back because its answer was not read.",
        "parley_http_client_reused_connections_total": "Requests that found a connection open.",
        "parley_http_client_received_bytes_total": "Payload of answers received.",
        "parley_store_queued_records": "Records that wait for the database, or for more of their call.",
        "parley_nodes": "Services at work on the database, this one among them.",
        "parley_nodes_lost_total": "Nodes that this one took for dead.",
        "parley_calls_orphaned_total": "Calls that this node ended because theirs was gone.",
        "parley_people_called_off_total":
            "Calls to people for whom nobody waited any more, and whose node was gone or could not end them: over, unknown to the carrier, or given up.",
        "parley_store_written_records_total": "Records in the database.",
        "parley_store_batches_total": "Transactions that stored records.",
        "parley_store_spilled_records_total":
            "Records put aside into the spill file because the database did not take them.",
        "parley_store_replayed_records_total": "Records brought from the spill file into the database.",
        "parley_store_rejected_records_total": "Records lost because they break the schema's rules.",
        "parley_store_dropped_records_total": "Records lost because queue and spill file were full.",
        "parley_store_retries_total": "Tries that met a locked database.",
        "parley_store_spill_bytes": "Bytes in the spill file that wait for the database.",
        "parley_store_failing": "1 while the database does not take records.",
        "parley_speech_seconds":
            "How long speech providers took: to connect, to the first interim, from the end of a turn to its words (final), from a text to its first audio.",
        "parley_speech_real_time_factor_seconds": "How long a second of a text's audio took to come.",
        "parley_speech_requests_total": "Utterances heard and texts spoken by providers, by outcome.",
        "parley_speech_replaced_total":
            "Times another speech provider was asked in place of one that failed or was slow.",
        "parley_speech_late_events_total": "Results that came after nobody wanted them any more, and were dropped.",
        "parley_speech_unreadable_total": "Messages of such providers that could not be read, and were left out.",
        "parley_speech_lost_bytes_total": "Caller audio that was too old to be given to another recognizer.",
        "parley_phrase_cache_lookups_total": "Sentences looked for among those spoken before, by result.",
        "parley_phrase_cache_bytes": "Audio of sentences kept to be spoken again.",
        "parley_voice_gain_decibels": "By how much a voice is made louder (or quieter) than its engine makes it.",
        "parley_voice_loudness_lufs": "How loud a voice is as its engine makes it, EBU R 128.",
        "parley_phrase_store_bytes": "Vendors' phrases on disk.",
        "parley_phrase_store_dropped_total": "Phrases not kept because the disk was too slow or refused them.",
        "parley_phrase_store_damaged_total": "Files of phrases that were damaged, and removed.",
        "parley_webhook_deliveries_total":
            "Attempts to tell an endpoint of an event, by result; dead are those that were given up.",
        "parley_webhook_seconds": "How long attempts took, from the request to the end of the answer.",
        "parley_webhook_pending": "Events that wait to be delivered.",
        "parley_webhook_oldest_pending_seconds": "How long ago the oldest event happened that is not delivered.",
        "parley_webhook_resting": "1 while an endpoint is left alone: it failed, asked for a pause, or is disabled.",
        "parley_agent_stopped": "1 while a person has stopped the agent; the agent * stands for all.",
        "parley_agent_version_share": "The share of an agent's new calls that a published version takes, 0 to 1.",
        "parley_error_budget_spent":
            "Of the calls that may go wrong with a version, the share that has; above 1 it is taken off.",
        "parley_call_faults_total": "What went wrong on calls that an agent may be to blame for, by agent and fault.",
        "parley_agent_versions_burnt_total": "Versions that spent their error budget.",
        "parley_agent_versions_refused_total": "Versions that could not be loaded and were not taken.",
        "parley_call_outcomes_dropped_total": "Calls that no error budget counted, because too many ended at once.",
        "parley_metrics_overflow_total": "Series that were folded together or left out because of the limits.",
        "process_cpu_seconds_total": "CPU time of this process, user and system.",
        "process_resident_memory_bytes": "Memory of this process that is in RAM.",
        "process_open_fds": "Open file descriptors.",
        "process_max_fds": "File descriptors this process may open.",
        "process_threads": "Threads of this process.",
        "process_start_time_seconds": "When this process began, in seconds since 1970.",
    ]
}
