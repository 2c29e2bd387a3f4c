package dev.indelible.mapping.out;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.ObjectNode;

/**
 * Processor time of each form, in turns in one run, so that other work on the machine is in all of
 * them alike. Prints microseconds an entry, the median of the turns.
 */
@Tag("long")
class FormatSpeedTest {

  /** So few that they stay in the processor's cache: a stream writes what it has just read. */
  private static final int ENTRIES = 50;

  private static final int ROUNDS = 60;
  private static final int TURNS = 25;

  /** Times the entry as it is: measured 3.3 to 4.3. */
  private static final double MAX_OCSF_TIMES = 6;

  @Test
  void ocsfTakesAFewTimesWhatTheEntryAsItIsTakes() {
    List<ObjectNode> entries = typical();
    Map<String, double[]> micros = new LinkedHashMap<>();
    long sink = 0;
    for (int turn = 0; turn < TURNS; turn++) {
      for (String name : EntryFormats.NAMES) {
        EntryFormat format = EntryFormats.byName(name).orElseThrow();
        long before = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
        for (int round = 0; round < ROUNDS; round++) {
          for (ObjectNode entry : entries) {
            sink += format.format(entry, Entries.INTEGRITY).length;
          }
        }
        long nanos = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - before;
        micros.computeIfAbsent(name, _ -> new double[TURNS])[turn] =
            nanos / 1e3 / (ENTRIES * ROUNDS);
      }
    }
    assertThat(sink).isPositive();
    double asItIs = median(micros.get("native"));
    micros.forEach(
        (name, all) ->
            System.out.printf(
                "%s: %.2f µs an entry, %.1f times native%n",
                name, median(all), median(all) / asItIs));
    assertThat(median(micros.get("ocsf")) / asItIs).isLessThan(MAX_OCSF_TIMES);
  }

  private static double median(double[] all) {
    // The first turns run while the compiler is at work.
    double[] sorted = Arrays.copyOfRange(all, TURNS / 5, TURNS);
    Arrays.sort(sorted);
    return sorted[sorted.length / 2];
  }

  /** Entries such as programs send: about 1 KiB. */
  private static List<ObjectNode> typical() {
    Random random = new Random(5);
    List<ObjectNode> entries = new ArrayList<>();
    for (int i = 0; i < ENTRIES; i++) {
      String text =
          """
          {"id":"0193%08d","tenant":"acme","seq":%d,"recorded_at":"2026-11-20T10:00:00.120Z","occurred_at":"2026-11-20T10:00:00.000Z","account":"eu",
           "action":"%s","category":"%s","verb":"%s","security_relevant":%s,"recorded_by":{"type":"api_key","id":"key_7"},
           "actor":{"type":"user","id":"u_%d","name":"Ana Ribeiro","email":"ana@acme.test","roles":["tenant_admin"]},
           "targets":[{"type":"%s","id":"u_9","name":"Bo Berlin","href":"https://app.acme.test/users/u_9"}],
           "outcome":"success","changes":[{"field":"role","before":"agent","after":"admin"}],"reason":"ticket 4711",
           "context":{"ip":"203.0.113.9","user_agent":"Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36","session_id":"s1","request_id":"r1","trace_id":"t1",
            "location":{"country":"DE","city":"Berlin","latitude":52.52,"longitude":13.4}},
           "details":{"ticket":{"id":4711,"labels":["a","b"]},"price":12.50}}
          """;
      String verb = List.of("update", "login", "create", "assign", "read").get(random.nextInt(5));
      String type = List.of("user", "role", "ticket", "file", "table").get(random.nextInt(5));
      String category = List.of("configuration", "data_access").get(random.nextInt(2));
      entries.add(
          (ObjectNode)
              Entries.JSON.readTree(
                  text.formatted(
                      i, i, type + "." + verb, category, verb, random.nextBoolean(), i, type)));
    }
    return entries;
  }
}
