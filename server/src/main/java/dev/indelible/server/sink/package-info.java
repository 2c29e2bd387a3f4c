/**
 * Receivers of streams: webhooks, syslog, Splunk, OpenSearch, buckets, Kafka, files and OTLP, each
 * a way on which a batch of entries is sent and an answer comes back. No cursor, no retry and no
 * ledger is here; whoever sends keeps those.
 */
@NullMarked
package dev.indelible.server.sink;

import org.jspecify.annotations.NullMarked;
