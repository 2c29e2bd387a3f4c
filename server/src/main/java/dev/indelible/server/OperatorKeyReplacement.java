package dev.indelible.server;

import dev.indelible.server.access.KeyRing;
import dev.indelible.server.access.Persons;
import dev.indelible.server.access.Session;
import dev.indelible.server.access.Sessions;
import dev.indelible.server.access.Subject;
import dev.indelible.server.access.Token;
import dev.indelible.server.control.ApiKey;
import dev.indelible.server.control.Change;
import dev.indelible.server.control.Change.ChangedBy;
import dev.indelible.server.control.ChangeOutcome;
import dev.indelible.server.control.Configuration;
import dev.indelible.server.control.ControlLog;
import dev.indelible.server.control.Guest;
import dev.indelible.server.control.Tenant;
import dev.indelible.server.disk.SystemDisk;
import dev.indelible.server.event.TenantId;
import dev.indelible.server.journal.FileJournal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Makes a new operator's key where the old one is lost or known to others, while no server runs.
 *
 * <p>The new key is recorded in the control log, then written to its file, then whoever the others
 * let in is signed out, and only then are they revoked: wherever it is broken off, a key that
 * somebody has still works, and doing it again leaves one key. Who may write the data directory may
 * do this; nobody else can.
 *
 * <p>What lasts and may be in use by others, keys of tenants and guests, is not ended but named.
 */
public final class OperatorKeyReplacement {

  private static final String OPERATOR = "operator:";

  private OperatorKeyReplacement() {}

  /**
   * Result of a replacement.
   *
   * @param file where the new key is
   * @param revoked how many keys do not work any more
   * @param signedOut how many sessions and sign-in links they had made
   * @param left the keys and links that they made and that still work
   */
  public record Replaced(Path file, int revoked, int signedOut, List<Left> left) {
    public Replaced {
      left = List.copyOf(left);
    }
  }

  /**
   * Key or link that a key before the new one made, itself or by a key that it made.
   *
   * @param tenant where
   * @param kind {@code key}, {@code auditor_link} or {@code support_grant}
   * @param id its id
   * @param name of a key its name; of a guest's link when it ends
   */
  public record Left(TenantId tenant, String kind, String id, String name) {}

  /**
   * Replaces every operator's key by a new one.
   *
   * @param reason why, for the control log; may be null
   * @throws IOException when a file cannot be used, or a server has the data directory
   */
  public static Replaced run(ServerConfig config, @Nullable String reason)
      throws IOException, InterruptedException {
    DataDirectory data = new DataDirectory(config.data());
    if (!Files.isDirectory(data.controlJournal())) {
      throw new IOException(data.root() + " is no data directory: it has no control log");
    }
    InstantSource clock = InstantSource.system();
    SecureRandom random = new SecureRandom();
    // Opening the journal takes its lock, so that no server can be at work on the directory.
    try (FileJournal journal =
            FileJournal.open(
                new SystemDisk(),
                data.controlJournal(),
                FileJournal.Options.of(clock, random)
                    .withSegmentBytes(IndelibleServer.CONTROL_SEGMENT_BYTES));
        ControlLog control = new ControlLog(journal, random.nextLong())) {
      control.start(journal.end(), change -> {});
      List<ApiKey> old =
          control.configuration().operatorKeys().stream()
              .filter(key -> key.revokedAt() == null)
              .toList();
      KeyRing.Minted minted = new KeyRing(control.configuration(), clock, random).mintOperatorKey();
      record(control, List.of(new Change(minted.key(), 0, ChangedBy.SYSTEM, reason)));
      DataDirectory.replaceSecret(data.operatorKey(), minted.secret());
      int signedOut = signOut(data, clock, random, minted.key().id());
      List<Change> revocations = new ArrayList<>();
      for (ApiKey key : old) {
        long version = control.configuration().version(key);
        revocations.add(
            new Change(key.revoked(clock.instant()), version, ChangedBy.SYSTEM, reason));
      }
      ControlLog.inParts(revocations).forEach(part -> record(control, part));
      return new Replaced(
          data.operatorKey(),
          old.size(),
          signedOut,
          left(control.configuration(), minted.key().id(), clock.instant()));
    }
  }

  /** Ends whatever sessions and links rest on other operator's keys than the new one. */
  private static int signOut(
      DataDirectory data, InstantSource clock, SecureRandom random, String newKey)
      throws IOException, InterruptedException {
    if (!Files.isDirectory(data.sessionsJournal())) {
      return 0;
    }
    try (FileJournal journal =
        FileJournal.open(
            new SystemDisk(),
            data.sessionsJournal(),
            FileJournal.Options.of(clock, random)
                .withSegmentBytes(IndelibleServer.CONTROL_SEGMENT_BYTES))) {
      return Sessions.open(journal, clock, random)
          .end(session -> isOfOperator(session) && !session.isMadeBy(OPERATOR + newKey));
    }
  }

  private static boolean isOfOperator(Session session) {
    List<String> makers = session.makers();
    if (session.subject() instanceof Subject.OfOperator) {
      return true;
    }
    if (makers == null) {
      // Of an earlier build, which did not say who made it: the operator, for all that is known.
      return session.kind() == Token.Kind.LINK
          || (session.subject() instanceof Subject.OfMember member && member.assignments() != null);
    }
    return makers.stream().anyMatch(maker -> maker.startsWith(OPERATOR));
  }

  private static List<Left> left(Configuration configuration, String newKey, Instant now) {
    Persons persons = new Persons(configuration);
    List<String> others =
        configuration.operatorKeys().stream()
            .map(ApiKey::id)
            .filter(id -> !id.equals(newKey))
            .map(OPERATOR::concat)
            .toList();
    List<Left> left = new ArrayList<>();
    for (Tenant tenant : configuration.tenants(null, Integer.MAX_VALUE)) {
      for (ApiKey key : configuration.keys(tenant.tenant())) {
        if (key.isActive(now) && isBehind(persons, others, "api_key:" + key.id())) {
          left.add(new Left(tenant.tenant(), "key", key.id(), key.name()));
        }
      }
      for (Guest guest : configuration.guests(tenant.tenant())) {
        if (guest.isActive(now) && isBehind(persons, others, guest.grantedBy())) {
          left.add(
              new Left(
                  tenant.tenant(),
                  guest.isSupport() ? "support_grant" : "auditor_link",
                  guest.localId(),
                  guest.expiresAt().toString()));
        }
      }
    }
    return left;
  }

  private static boolean isBehind(Persons persons, List<String> makers, String what) {
    return makers.stream().anyMatch(maker -> persons.isBehind(maker, what));
  }

  private static void record(ControlLog control, List<Change> changes) {
    if (!(control.change(changes) instanceof ChangeOutcome.Applied)) {
      throw new IllegalStateException("somebody else writes the control log");
    }
  }
}
