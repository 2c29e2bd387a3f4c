package dev.indelible.server.run;

import dev.indelible.server.event.EntryParts;
import dev.indelible.server.event.TenantId;
import dev.indelible.verify.Hash;
import dev.indelible.verify.Leaf;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Objects;

/** Manipulations of a run by somebody who has the program, its files and some time. */
public final class ForgedRun {

  private ForgedRun() {}

  /**
   * Puts another run in the place of one, in which a text of one entry's facts reads otherwise; its
   * leaf hash and every checksum fit.
   */
  public static void replaceText(Path run, TenantId tenant, long seq, String from, String to)
      throws IOException {
    Path folder = Objects.requireNonNull(run.getParent());
    String name = folder.getFileName() + "/" + run.getFileName(); // which is in the run's header
    FolderBlobStore store = new FolderBlobStore(Objects.requireNonNull(folder.getParent()));
    Path elsewhere = Files.createTempDirectory("forged");
    Path forged = Files.createDirectories(elsewhere.resolve(folder.getFileName().toString()));
    try (RunCache cache = new RunCache(0);
        RunReader source = RunReader.open(store, name, cache)) {
      RunWriter.write(
          new FolderBlobStore(elsewhere),
          name,
          source.info().sealedThrough(),
          writer -> {
            RunReader.SliceCursor slices = source.slices();
            for (Slice slice = slices.next(); slice != null; slice = slices.next()) {
              writer.startTenant(slice.tenant());
              EntryCursor entries = source.entries(slice, slice.firstSeq(), slice.endSeq());
              StoredEntry entry;
              while ((entry = entries.next()) != null) {
                boolean meant = slice.tenant().equals(tenant) && entry.seq() == seq;
                StoredEntry written = meant ? replaced(entry, from, to) : entry;
                writer.add(written, leafHash(written));
              }
              long first = slice.firstSubtree();
              writer.endTenant(
                  source.subtrees(slice, first, first + slice.subtreeCount()), slice.frontier());
            }
            for (FilterPart part : source.filterParts()) {
              writer.filter().copy(source.file(), part);
            }
          });
    }
    Files.move(forged.resolve(run.getFileName()), run, StandardCopyOption.REPLACE_EXISTING);
    Files.delete(forged);
    Files.delete(elsewhere);
  }

  private static StoredEntry replaced(StoredEntry entry, String from, String to) {
    if (!(entry.body() instanceof StoredEntry.Whole(EntryParts parts))) {
      throw new IllegalArgumentException("entry " + entry.seq() + " is not whole");
    }
    String facts = new String(parts.facts(), StandardCharsets.UTF_8);
    if (!facts.contains(from)) {
      throw new IllegalArgumentException("entry " + entry.seq() + " does not have " + from);
    }
    byte[] forged = facts.replace(from, to).getBytes(StandardCharsets.UTF_8);
    byte[] personal = parts.personal();
    byte[] salt = parts.personalSalt();
    return new StoredEntry(
        entry.seq(),
        entry.recordedAtMillis(),
        new StoredEntry.Whole(
            personal == null || salt == null
                ? EntryParts.ofFacts(forged, parts.factsSalt())
                : new EntryParts(forged, parts.factsSalt(), personal, salt)));
  }

  private static Hash leafHash(StoredEntry entry) {
    if (!(entry.body() instanceof StoredEntry.Whole(EntryParts parts))) {
      throw new IllegalArgumentException("entry " + entry.seq() + " is not whole");
    }
    byte[] personal = parts.personal();
    byte[] salt = parts.personalSalt();
    return new Leaf(
            entry.recordedAtMillis(),
            Leaf.digest(parts.factsSalt(), parts.facts()),
            personal == null || salt == null ? Leaf.NO_PERSONAL : Leaf.digest(salt, personal))
        .hash();
  }
}
