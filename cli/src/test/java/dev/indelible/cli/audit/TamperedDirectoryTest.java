package dev.indelible.cli.audit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.indelible.cli.audit.RootOperator.Tree;
import dev.indelible.server.audit.DataDirectoryAudit;
import dev.indelible.server.run.StoredEntry;
import dev.indelible.verify.SignedCheckpoint;
import dev.indelible.verify.VerifierKey;
import dev.indelible.verify.audit.Finding;
import dev.indelible.verify.audit.Trust;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Tampering with the data directory of a real server by somebody with every right on the machine,
 * and the findings of {@code verify}: for a reader who holds nothing, and for one who holds a
 * checkpoint. The table is that of {@code docs/reliability.md}.
 */
class TamperedDirectoryTest {

  @TempDir private Path folder;
  private Path base = Path.of("");
  private Path older = Path.of("");
  private Path stranger = Path.of("");
  private @Nullable SignedCheckpoint held;
  private List<VerifierKey> keys = List.of();

  /** One attack. */
  @FunctionalInterface
  private interface Attack {
    void on(RootOperator operator, Path data) throws Exception;
  }

  /**
   * An attack, and the kinds of finding that reveal it.
   *
   * @param alone found without anything from elsewhere
   * @param withHeld found besides by a reader who holds a checkpoint and the key
   */
  private record Expected(Attack attack, String alone, String withHeld) {}

  private void prepare() throws Exception {
    Path data = folder.resolve("data");
    base = folder.resolve("base");
    older = folder.resolve("older");
    try (AuditedServer server = AuditedServer.start(data)) {
      server.createTenant("acme");
      server.createTenant("bolt");
      server.record("acme", 0, 60);
      server.record("bolt", 0, 30);
      server.awaitCheckpoint("acme", 60);
      server.awaitCheckpoint("bolt", 30);
    }
    AuditedServer.copy(data, older);
    try (AuditedServer server = AuditedServer.start(data)) {
      for (int i = 0; i < 20; i++) {
        server.record("acme", 100 + i, 1);
      }
      held = server.awaitCheckpoint("acme", 80);
      keys =
          server
              .send("GET", "/v1/tenants/acme/log/key", null)
              .lines()
              .map(line -> VerifierKey.parse(line).orThrow())
              .toList();
      server.awaitCheckpoint("bolt", 30);
      server.copyTo(base);
    }
    stranger = folder.resolve("stranger");
    try (AuditedServer server = AuditedServer.start(stranger)) {
      server.createTenant("acme");
      server.createTenant("bolt");
      server.record("acme", 0, 60);
      server.record("bolt", 0, 30);
      server.awaitCheckpoint("acme", 60);
      server.awaitCheckpoint("bolt", 30);
    }
  }

  private static Attack changing(
      Tree tree, java.util.function.UnaryOperator<List<StoredEntry>> how) {
    return (operator, _) -> operator.rewriteRun("acme", tree, how);
  }

  private static List<StoredEntry> edited(List<StoredEntry> entries) {
    int at = 20;
    entries.set(at, RootOperator.reworded(entries.get(at), "user.login", "user.logon"));
    return entries;
  }

  private Map<String, Expected> attacks() {
    Map<String, Expected> all = new LinkedHashMap<>();
    all.put("nothing", new Expected((_, _) -> {}, "", ""));
    all.put(
        "an entry is altered, checksums made to fit",
        new Expected(changing(Tree.AS_IT_WAS, TamperedDirectoryTest::edited), "altered", ""));
    all.put(
        "an entry is altered, its leaf hash and the tree computed anew",
        new Expected(changing(Tree.ANEW, TamperedDirectoryTest::edited), "forked_history", ""));
    all.put(
        "an entry is altered, the tree anew, and the record of what was signed deleted",
        new Expected(
            (operator, data) -> {
              operator.rewriteRun("acme", Tree.ANEW, TamperedDirectoryTest::edited);
              operator.delete("journal/heads");
            },
            "",
            "forked_history"));
    all.put(
        "an entry in the middle is deleted, later ones renumbered, the tree anew",
        new Expected(
            changing(
                Tree.ANEW,
                entries -> {
                  entries.remove(20);
                  return entries;
                }),
            "forked_history rolled_back",
            ""));
    all.put(
        "two entries are swapped, the tree anew",
        new Expected(
            changing(
                Tree.ANEW,
                entries -> {
                  StoredEntry one = entries.get(20);
                  StoredEntry two = entries.get(30);
                  entries.set(20, new StoredEntry(20, one.recordedAtMillis(), two.body()));
                  entries.set(30, new StoredEntry(30, two.recordedAtMillis(), one.body()));
                  return entries;
                }),
            "forked_history",
            ""));
    all.put(
        "the content of entries is deleted as by a purge that nobody recorded",
        new Expected(
            changing(
                Tree.AS_IT_WAS,
                entries -> {
                  entries.subList(20, 30).replaceAll(RootOperator::purged);
                  return entries;
                }),
            "missing_without_purge",
            ""));
    all.put(
        "the same, and an entry is altered to be a record of that purge, the tree anew",
        new Expected(
            changing(
                Tree.ANEW,
                entries -> {
                  entries.subList(20, 30).replaceAll(RootOperator::purged);
                  StoredEntry record =
                      RootOperator.reworded(entries.get(50), "user.login", "audit.entries.purge");
                  entries.set(
                      50,
                      RootOperator.reworded(
                          record, "\"reason\":", "\"details\":{\"ranges\":[[20,30]]},\"reason\":"));
                  return entries;
                }),
            "forked_history",
            ""));
    all.put(
        "what is personal is deleted as by an erasure that nobody recorded",
        new Expected(
            changing(
                Tree.AS_IT_WAS,
                entries -> {
                  entries.subList(20, 30).replaceAll(RootOperator::erased);
                  return entries;
                }),
            "erased_without_entry",
            ""));
    all.put(
        "the newest entries are cut from the events journal",
        new Expected((operator, _) -> operator.cutJournal("events", 9), "rolled_back", ""));
    all.put(
        "the newest entries are cut, and the record of what was signed deleted",
        new Expected(
            (operator, _) -> {
              operator.cutJournal("events", 9);
              operator.delete("journal/heads");
            },
            "",
            "rolled_back"));
    all.put(
        "the events journal is deleted",
        new Expected((operator, _) -> operator.delete("journal/events"), "damaged", ""));
    all.put(
        "a run is deleted",
        new Expected(
            (operator, _) -> Files.delete(operator.files("blobs", ".run").getFirst()),
            "damaged",
            ""));
    all.put(
        "a run is replaced by one of another server",
        new Expected(
            // Whether the journal has what the foreign run lacks, or was cut behind a run, is
            // chance.
            (operator, _) -> operator.replaceBy(stranger, "blobs"),
            "foreign_control_log forked_history|foreign_control_log forked_history rolled_back",
            ""));
    all.put(
        "runs and journals are those of another server, what was signed is not",
        new Expected(
            (operator, _) -> {
              operator.replaceBy(stranger, "blobs");
              operator.replaceBy(stranger, "journal/events");
            },
            "foreign_control_log forked_history rolled_back",
            ""));
    all.put(
        "runs and events are put back from an older copy, what was signed is not",
        new Expected(
            (operator, _) -> {
              operator.replaceBy(older, "blobs");
              operator.replaceBy(older, "journal/events");
            },
            "rolled_back",
            ""));
    all.put(
        "the whole directory is put back from an older copy",
        new Expected(
            (operator, _) -> {
              operator.replaceBy(older, "blobs");
              operator.replaceBy(older, "journal");
            },
            "",
            "rolled_back"));
    all.put(
        "what was signed is put back from an older copy",
        new Expected((operator, _) -> operator.replaceBy(older, "journal/heads"), "", ""));
    all.put(
        "the directory is another server's, with another key",
        new Expected(
            (operator, _) -> {
              operator.replaceBy(stranger, "blobs");
              operator.replaceBy(stranger, "journal");
            },
            "",
            "rolled_back signature_bad"));
    all.put(
        "the newest changes are cut from the control log",
        new Expected((operator, _) -> operator.cutJournal("control", 7), "damaged", ""));
    all.put(
        "the control log is replaced by another server's",
        new Expected(
            (operator, _) -> operator.replaceBy(stranger, "journal/control"),
            "foreign_control_log",
            ""));
    all.put(
        "the control log is deleted",
        new Expected((operator, _) -> operator.delete("journal/control"), "damaged", ""));
    return all;
  }

  private static String codes(Path data, @Nullable String tenant, Trust trust) throws Exception {
    DataDirectoryAudit.Result result = AuditedServer.audit(data, tenant, trust);
    List<Finding> findings = new ArrayList<>(result.directory());
    result.tenants().forEach(one -> findings.addAll(one.report().findings()));
    TreeSet<String> codes = new TreeSet<>();
    for (Finding finding : findings) {
      if (finding.breaks()) {
        codes.add(finding.code());
      }
    }
    assertThat(result.broken()).isEqualTo(!codes.isEmpty());
    if (codes.contains("foreign_control_log")) {
      codes.remove("damaged"); // which of two servers' control logs is the longer one is chance
    }
    return String.join(" ", codes);
  }

  @Test
  void everyAttackIsFoundByWhomTheTableSays() throws Exception {
    prepare();
    List<String> wrong = new ArrayList<>();
    int number = 0;
    for (Map.Entry<String, Expected> row : attacks().entrySet()) {
      Path data = folder.resolve("attacked-" + number++);
      AuditedServer.copy(base, data);
      row.getValue().attack().on(new RootOperator(data), data);
      String alone = codes(data, null, Trust.NOTHING);
      String withHeld = codes(data, "acme", new Trust(keys, held));
      System.out.printf("| %s | %s | %s |%n", row.getKey(), alone, withHeld);
      if (!List.of(row.getValue().alone().split("\\|", -1)).contains(alone)
          || !withHeld.contains(row.getValue().withHeld())
          || !withHeld.contains(alone)) {
        wrong.add(row.getKey() + ": [" + alone + "] [" + withHeld + "]");
      }
      AuditedServer.delete(data);
    }
    assertThat(wrong).isEmpty();
  }
}
