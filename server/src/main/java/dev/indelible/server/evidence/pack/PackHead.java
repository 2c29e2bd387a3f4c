package dev.indelible.server.evidence.pack;

import java.time.Instant;
import java.util.List;
import java.util.Locale;

/**
 * Facts that a pack states about itself. All of them follow from the request, the log and its
 * position: neither who asked nor when is among them, so that a pack can be made again.
 *
 * @param tenant whose log
 * @param tenantName its name for people
 * @param template what it is made by
 * @param from the earliest occurrence, inclusive
 * @param to the latest occurrence, exclusive
 * @param position size of the log that it speaks of, the checkpoint's
 * @param asOf when the last entry before that position was recorded
 * @param accounts accounts that it is restricted to; empty for the whole tenant
 * @param restricted whether a filter restricts it further
 * @param hasWholeLog whether every entry of the log is among the proofs
 * @param personal whether it holds what is personal
 * @param language of the texts for people
 * @param origin the log's name, as checkpoints have it
 * @param root the checkpoint's root hash, in base64
 * @param checkpoint the checkpoint, signed by the log alone
 */
public record PackHead(
    String tenant,
    String tenantName,
    PackTemplate template,
    Instant from,
    Instant to,
    long position,
    Instant asOf,
    List<String> accounts,
    boolean restricted,
    boolean hasWholeLog,
    boolean personal,
    Locale language,
    String origin,
    String root,
    String checkpoint) {
  public PackHead {
    accounts = List.copyOf(accounts);
  }
}
