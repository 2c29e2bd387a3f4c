package dev.indelible.server.ingest;

import static dev.indelible.server.ingest.IngestFixture.ACME;
import static dev.indelible.server.ingest.IngestFixture.NOW;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.indelible.ports.journal.JournalUnavailableException.Cause;
import dev.indelible.ports.journal.Position;
import dev.indelible.ports.testing.InMemoryBlobStore;
import dev.indelible.ports.testing.InMemoryJournal;
import dev.indelible.server.access.AccessServices;
import dev.indelible.server.access.KnownActors;
import dev.indelible.server.control.Account;
import dev.indelible.server.control.ApiKey;
import dev.indelible.server.control.AppliedChange;
import dev.indelible.server.control.Change;
import dev.indelible.server.control.Change.ChangedBy;
import dev.indelible.server.control.ChangeOutcome;
import dev.indelible.server.control.ControlLog;
import dev.indelible.server.control.SavedView;
import dev.indelible.server.control.Tenant;
import dev.indelible.server.event.Entry;
import dev.indelible.server.event.Event;
import dev.indelible.server.query.HashedActors;
import dev.indelible.testing.Eventually;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The entries that changes of the configuration make. */
class ControlMirrorTest {

  private final InMemoryBlobStore blobs = new InMemoryBlobStore();
  private IngestFixture fixture;
  private InMemoryJournal sessions;
  private KnownActors actors;

  @BeforeEach
  void open() throws Exception {
    fixture = new IngestFixture();
    sessions = new InMemoryJournal(fixture.clock);
    actors =
        new KnownActors(
            fixture.control.configuration(),
            AccessServices.open(
                fixture.control.configuration(),
                fixture.profiles,
                sessions,
                blobs,
                fixture.clock,
                new Random(3),
                _ -> new HashedActors(id -> id)));
  }

  @AfterEach
  void close() {
    fixture.close();
    sessions.close();
  }

  /** Mirrors the changes from a number on, as after a start. */
  private void mirror(int from) throws Exception {
    try (ControlMirror mirror = new ControlMirror(blobs)) {
      fixture.changes.subList(from, fixture.changes.size()).forEach(mirror::accept);
      mirror.start(fixture.ingest, actors);
      AppliedChange last = fixture.changes.getLast();
      assertThat(mirror.awaitMirrored(last.position(), Eventually.LIMIT)).isTrue();
      assertThat(mirror.position()).isEqualTo(last.next());
    }
  }

  private List<String> actions() throws Exception {
    return fixture.entries(ACME).stream().map(entry -> entry.event().action()).toList();
  }

  private static SavedView view(String id, @Nullable String owner) {
    return new SavedView(
        ACME, id, owner, "Logins", "action:user.login", null, null, null, List.of(), "local", null);
  }

  @Test
  void eachChangeIsAnEntryOfItsTenantThatSaysWhatChanged() throws Exception {
    fixture.tenant(ACME, "standard");
    fixture.change(new Account(ACME, "eu", "Europe", null));
    fixture.change(new Account(ACME, "eu", "EU", null));
    fixture.change(new Account(ACME, "eu", "EU", NOW));
    fixture.change(new Account(ACME, "eu", "EU again", null));
    fixture.change(view("v", null));
    fixture.change(view("v", null).removed(NOW));
    mirror(0);
    assertThat(actions())
        .containsExactly(
            "audit.tenant.create",
            "audit.account.create",
            "audit.account.update",
            "audit.account.remove",
            "audit.account.create",
            "audit.saved_view.create",
            "audit.saved_view.remove");
    Event renamed = fixture.entries(ACME).get(2).event();
    assertThat(renamed.targets()).containsExactly(new Event.Target("account", "eu", "EU", null));
    assertThat(renamed.changes())
        .singleElement()
        .satisfies(
            change -> {
              assertThat(change.field()).isEqualTo("name");
              assertThat(String.valueOf(change.before())).isEqualTo("\"Europe\"");
              assertThat(String.valueOf(change.after())).isEqualTo("\"EU\"");
            });
  }

  @Test
  void whatOneSavesForOneselfIsNobodysBusiness() throws Exception {
    fixture.tenant(ACME, "standard");
    fixture.change(view("mine", "u_1"));
    fixture.change(view("ours", null));
    mirror(0);
    assertThat(actions()).containsExactly("audit.tenant.create", "audit.saved_view.create");
    assertThat(fixture.entries(ACME).getLast().event().targets())
        .extracting(Event.Target::id)
        .containsExactly("ours");
  }

  @Test
  void noEntryHoldsAKeysHash() throws Exception {
    fixture.tenant(ACME, "standard");
    ApiKey key =
        new ApiKey("k", ACME, "CI", Set.of("events.write"), "5ec4e7", List.of(), NOW, null, null);
    fixture.change(key);
    fixture.change(key.revoked(NOW));
    mirror(0);
    assertThat(actions())
        .containsExactly("audit.tenant.create", "audit.key.create", "audit.key.revoke");
    assertThat(fixture.entries(ACME).toString()).doesNotContain("5ec4e7");
  }

  @Test
  void aChangeThatIsSentAgainAfterACrashStaysOneEntry() throws Exception {
    fixture.tenant(ACME, "standard");
    fixture.change(new Account(ACME, "eu", "Europe", null));
    mirror(0);
    fixture.change(new Account(ACME, "us", "America", null));
    mirror(1);
    assertThat(fixture.entries(ACME)).extracting(Entry::id).doesNotHaveDuplicates().hasSize(3);
  }

  /** Makes changes of accounts together. */
  private void together(int count) {
    List<Change> accounts = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      accounts.add(
          new Change(new Account(ACME, "a" + i, "A " + i, null), 0, ChangedBy.SYSTEM, null));
    }
    assertThat(fixture.control.change(accounts)).isInstanceOf(ChangeOutcome.Applied.class);
  }

  @Test
  void changesThatAreMadeTogetherAreOneEntryEachUnderIdsThatNameTheirRecord() throws Exception {
    fixture.tenant(ACME, "standard");
    together(2);
    mirror(0);
    String record = "control-" + fixture.changes.getLast().position().value();
    assertThat(fixture.entries(ACME))
        .extracting(Entry::id)
        .containsExactly("control-0", record + "-0", record + "-1");
    assertThat(actions())
        .containsExactly("audit.tenant.create", "audit.account.create", "audit.account.create");
    String chain = fixture.changes.getLast().chain().after().toString();
    assertThat(fixture.entries(ACME).subList(1, 3))
        .allSatisfy(entry -> assertThat(entry.toString()).contains(chain));
  }

  @Test
  void changesTogetherThatAreSentAgainAfterACrashStayOneEntryEach() throws Exception {
    fixture.tenant(ACME, "standard");
    together(3);
    mirror(0);
    // Of a process that was killed before it stored how far it had come.
    try (ControlMirror again = new ControlMirror(new InMemoryBlobStore())) {
      fixture.changes.forEach(again::accept);
      again.start(fixture.ingest, actors);
      assertThat(again.awaitMirrored(fixture.changes.getLast().position(), Eventually.LIMIT))
          .isTrue();
    }
    assertThat(fixture.entries(ACME)).extracting(Entry::id).doesNotHaveDuplicates().hasSize(4);
  }

  @Test
  void asManyAsCanBeMadeTogetherAreMirroredAsOne() throws Exception {
    fixture.tenant(ACME, "standard");
    together(ControlLog.MAX_TOGETHER);
    fixture.change(new Account(ACME, "eu", "Europe", null));
    mirror(0);
    assertThat(fixture.entries(ACME)).hasSize(ControlLog.MAX_TOGETHER + 2);
    assertThat(fixture.entries(ACME).getLast().event().targets())
        .extracting(Event.Target::id)
        .containsExactly("eu");
  }

  @Test
  void changesOfAStoppedLogAreSentAgainAtTheNextStart() throws Exception {
    fixture.tenant(ACME, "standard");
    mirror(0);
    fixture.log.stop(ACME, "it was rolled back");
    fixture.change(new Account(ACME, "eu", "Europe", null));
    AppliedChange first = fixture.changes.get(1);
    mirror(1);
    try (ControlMirror next = new ControlMirror(blobs)) {
      assertThat(next.position()).isEqualTo(first.position());
    }
  }

  @Test
  void aControlLogThatWasCutOrIsAnotherServersIsNotTheOneThatWasMirrored() throws Exception {
    fixture.tenant(ACME, "standard");
    mirror(0);
    ControlMirror next = new ControlMirror(blobs);
    try (InMemoryJournal empty = new InMemoryJournal(fixture.clock);
        ControlLog cut = new ControlLog(empty, 1)) {
      cut.start(next.position(), _ -> {});
      assertThatThrownBy(() -> next.requireSame(cut))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("its newest changes were cut");
    }
    try (InMemoryJournal others = new InMemoryJournal(fixture.clock)) {
      try (ControlLog other = new ControlLog(others, 2)) {
        other.start(Position.START, _ -> {});
        Tenant acme = fixture.control.configuration().tenant(ACME).orElseThrow();
        other.change(new Change(acme, 0, ChangedBy.SYSTEM, null));
      }
      try (ControlLog again = new ControlLog(others, 3)) {
        again.start(next.position(), _ -> {});
        assertThatThrownBy(() -> next.requireSame(again)).isInstanceOf(IOException.class);
      }
    }
  }

  @Test
  void aChangeWaitsUntilTheJournalTakesItsEntry() throws Exception {
    fixture.tenant(ACME, "standard");
    fixture.events.refuse(Cause.DISK_FULL);
    try (ControlMirror mirror = new ControlMirror(blobs)) {
      mirror.accept(fixture.changes.getFirst());
      mirror.start(fixture.ingest, actors);
      fixture.events.accept();
      assertThat(mirror.awaitMirrored(fixture.changes.getFirst().position(), Eventually.LIMIT))
          .isTrue();
    }
    assertThat(actions()).containsExactly("audit.tenant.create");
  }
}
