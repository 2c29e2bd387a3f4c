package dev.indelible.server.proof;

import dev.indelible.server.control.LogKey;
import dev.indelible.server.event.TenantId;
import dev.indelible.verify.NoteSignature;
import dev.indelible.verify.Parsed;
import dev.indelible.verify.SignedCheckpoint;
import dev.indelible.verify.SignedNote;
import dev.indelible.verify.VerifierKey;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/**
 * A checkpoint as the log alone signed it, without the signatures of witnesses, which come one by
 * one and later: what is made by it can be made again, byte for byte.
 *
 * @param checkpoint with signatures of the log's keys alone, retired ones included
 * @param signers those keys
 */
public record OwnSignatures(SignedCheckpoint checkpoint, List<VerifierKey> signers) {
  public OwnSignatures {
    signers = List.copyOf(signers);
  }

  /**
   * Reads a checkpoint; empty when it is none, when none of the log's keys signed it, or when it
   * speaks of more than was published.
   */
  public static Optional<OwnSignatures> of(TenantLogs logs, TenantId tenant, String note) {
    return SignedCheckpoint.parse(note.getBytes(StandardCharsets.UTF_8))
            instanceof Parsed.Ok<SignedCheckpoint>(SignedCheckpoint checkpoint)
        ? of(logs.keys().all(tenant), checkpoint)
            .filter(own -> own.checkpoint().checkpoint().size() <= logs.publishedSize(tenant))
        : Optional.empty();
  }

  private static Optional<OwnSignatures> of(List<LogKey> keys, SignedCheckpoint checkpoint) {
    List<VerifierKey> known =
        keys.stream().map(key -> VerifierKey.parse(key.verifierKey()).orThrow()).toList();
    return switch (checkpoint.note().verify(known)) {
      case SignedNote.Signers.Known(List<VerifierKey> signers) ->
          Optional.of(new OwnSignatures(only(checkpoint, signers), signers));
      case SignedNote.Signers.Rejected _ -> Optional.empty();
    };
  }

  private static SignedCheckpoint only(SignedCheckpoint checkpoint, List<VerifierKey> signers) {
    NoteSignature[] own =
        checkpoint.note().signatures().stream()
            .filter(signature -> signers.stream().anyMatch(key -> key.matches(signature)))
            .toArray(NoteSignature[]::new);
    return new SignedCheckpoint(
        checkpoint.checkpoint(), SignedNote.of(checkpoint.note().text(), own));
  }
}
