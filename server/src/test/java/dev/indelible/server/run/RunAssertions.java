package dev.indelible.server.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.indelible.server.event.EntryParts;
import dev.indelible.server.event.TenantId;
import dev.indelible.server.run.StoredEntry.PersonalErased;
import dev.indelible.server.run.StoredEntry.Purged;
import dev.indelible.server.run.StoredEntry.Whole;
import dev.indelible.verify.Hash;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Assertions about runs that several tests share. */
final class RunAssertions {

  private RunAssertions() {}

  static void assertSame(StoredEntry actual, StoredEntry expected) {
    if (!Arrays.equals(encoded(actual), encoded(expected))) {
      throw new AssertionError("expected " + expected + ", got " + actual);
    }
  }

  static void assertSame(List<StoredEntry> actual, List<StoredEntry> expected) {
    assertThat(actual).hasSameSizeAs(expected);
    for (int i = 0; i < expected.size(); i++) {
      assertSame(actual.get(i), expected.get(i));
    }
  }

  /** All that an entry says, in bytes that can be compared. */
  private static byte[] encoded(StoredEntry entry) {
    ByteColumn out = new ByteColumn(256).putLong(entry.seq()).putLong(entry.recordedAtMillis());
    switch (entry.body()) {
      case Whole(EntryParts parts) -> {
        out.putByte(0).putInt(parts.facts().length).put(parts.facts()).put(parts.factsSalt());
        byte[] personal = parts.personal();
        byte[] salt = parts.personalSalt();
        if (personal != null && salt != null) {
          out.putByte(1).put(personal).put(salt);
        }
      }
      case PersonalErased(byte[] facts, byte[] salt, byte[] digest) ->
          out.putByte(2).putInt(facts.length).put(facts).put(salt).put(digest);
      case Purged(byte[] leaf) -> out.putByte(3).put(leaf);
    }
    return Arrays.copyOf(out.array(), out.length());
  }

  static List<StoredEntry> all(EntryCursor cursor) throws IOException {
    List<StoredEntry> entries = new ArrayList<>();
    for (StoredEntry entry = cursor.next(); entry != null; entry = cursor.next()) {
      entries.add(entry);
    }
    return entries;
  }

  /** An inspector that fails the test when an entry does not give its hash. */
  static RunInspector strict() {
    return new RunInspector() {
      @Override
      public Hash leafHash(TenantId tenant, StoredEntry entry) {
        return Sample.leafHash(entry);
      }

      @Override
      public void altered(TenantId tenant, StoredEntry entry, Hash stored, Hash computed) {
        throw new AssertionError("altered: " + tenant + " " + entry.seq());
      }
    };
  }

  /** Holds a run against what it should hold, by every way of reading. */
  static void assertHolds(RunReader run, Sample sample) throws IOException {
    assertThat(run.info().tenants()).isEqualTo(sample.tenants.size());
    assertThat(run.info().entries()).isEqualTo(sample.entries());
    RunReader.SliceCursor slices = run.slices();
    for (TenantId tenant : sample.tenants.keySet()) {
      List<StoredEntry> expected = sample.of(tenant);
      Slice slice = run.slice(tenant).orElseThrow();
      Slice inOrder = slices.next();
      assertThat(inOrder).isNotNull().hasToString(slice.toString());
      long first = expected.getFirst().seq();
      long end = expected.getLast().seq() + 1;
      assertThat(slice.firstSeq()).isEqualTo(first);
      assertThat(slice.endSeq()).isEqualTo(end);
      assertThat(slice.firstRecordedAtMillis()).isEqualTo(expected.getFirst().recordedAtMillis());
      assertThat(slice.lastRecordedAtMillis()).isEqualTo(expected.getLast().recordedAtMillis());
      assertThat(slice.frontier()).isEqualTo(Sample.frontier(tenant, end));
      assertThat(
              run.subtrees(
                  slice, slice.firstSubtree(), slice.firstSubtree() + slice.subtreeCount()))
          .isEqualTo(Sample.subtrees(tenant, first, end));
      List<Hash> hashes = run.leafHashes(slice, first, end);
      List<StoredEntry> forward = all(run.entries(slice, first, end));
      List<StoredEntry> backward = all(run.entriesBackward(slice, first, end)).reversed();
      assertSame(forward, expected);
      assertSame(backward, expected);
      for (int i = 0; i < expected.size(); i++) {
        // Plain comparisons: there are too many for assertions of their own.
        if (!hashes.get(i).equals(Sample.leafHash(expected.get(i)))
            || !run.mightContain(Sample.idHash(tenant, first + i))) {
          throw new AssertionError(tenant + " " + (first + i));
        }
      }
    }
    assertThat(slices.next()).isNull();
    run.verify(strict());
  }
}
