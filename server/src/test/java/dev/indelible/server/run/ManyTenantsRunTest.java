package dev.indelible.server.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.indelible.server.event.TenantId;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

/** Many tenants with 3 entries each: no heap per tenant, and each is found at once. */
@Isolated("measures the heap")
class ManyTenantsRunTest {

  private static final int EACH = 3;

  /** The most heap that an open run of this size may hold, in bytes. */
  private static final long MAX_OPEN_BYTES = 200_000;

  @Test
  @Tag("long")
  void tenantsCostNoHeapOnceWritten(@TempDir Path folder) throws IOException {
    writeAndRead(folder, 20_000, 4_000);
  }

  @Test
  @Tag("long")
  void aHundredThousandTenantsCostNoHeapOnceWritten(@TempDir Path folder) throws IOException {
    writeAndRead(folder, 100_000, 20_000);
  }

  private static void writeAndRead(Path folder, int tenants, int lookups) throws IOException {
    FolderBlobStore store = new FolderBlobStore(folder);
    long started = System.nanoTime();
    RunWriter.write(
        store,
        "many",
        1,
        writer -> {
          for (int tenant = 0; tenant < tenants; tenant++) {
            TenantId id = tenant(tenant);
            AuditEvents events = new AuditEvents(tenant, 3);
            writer.startTenant(id);
            for (int seq = 0; seq < EACH; seq++) {
              StoredEntry entry = events.next(seq, Sample.EPOCH_MILLIS + tenant + seq * 1000L);
              writer.add(entry, Sample.leafHash(entry));
              writer.addIdHash(Sample.idHash(id, seq));
            }
            writer.endTenant(List.of(), Sample.frontier(id, EACH));
          }
        });
    double writeSeconds = (System.nanoTime() - started) / 1e9;
    try (RunCache none = new RunCache(0);
        RunReader warm = RunReader.open(store, "many", none)) {
      long before = usedHeapBytes();
      started = System.nanoTime();
      RunReader run = RunReader.open(store, "many", none);
      double openMillis = (System.nanoTime() - started) / 1e6;
      long heldBytes = usedHeapBytes() - before;
      Random random = new Random(1);
      started = System.nanoTime();
      for (int i = 0; i < lookups; i++) {
        TenantId id = tenant(random.nextInt(tenants));
        Slice slice = run.slice(id).orElseThrow();
        assertThat(slice.count()).isEqualTo(EACH);
        assertThat(slice.tenant()).isEqualTo(id);
      }
      double lookupMicros = (System.nanoTime() - started) / 1e3 / lookups;
      System.out.printf(
          "%,d tenants x 3: %d bytes (%d per entry), written in %.1f s, opened in %.2f ms, holds"
              + " %d bytes, look-up %.1f us (with assertions, without a cache)%n",
          tenants,
          run.info().sizeBytes(),
          run.info().sizeBytes() / run.info().entries(),
          writeSeconds,
          openMillis,
          heldBytes,
          lookupMicros);
      assertThat(warm.info()).isEqualTo(run.info());
      assertThat(run.info().tenants()).isEqualTo(tenants);
      assertThat(heldBytes).isLessThan(MAX_OPEN_BYTES);
      run.verify(RunAssertions.strict());
      run.close();
    }
  }

  private static TenantId tenant(int number) {
    return new TenantId("customer-%06d".formatted(number));
  }

  private static long usedHeapBytes() {
    for (int i = 0; i < 3; i++) {
      System.gc();
    }
    Runtime runtime = Runtime.getRuntime();
    return runtime.totalMemory() - runtime.freeMemory();
  }
}
