package dev.indelible.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Requests per second with 16 connections from the same JVM: figures, printed, not judged. */
@Tag("long")
final class HttpFiguresTest {

  private static final int CONNECTIONS = 16;
  private static final long WARM_UP_NANOS = 4_000_000_000L;
  private static final long RUN_NANOS = 5_000_000_000L;

  @Test
  void requestsPerSecond() throws Exception {
    try (TestServer server = new TestServer(HttpServerConfig.plain("127.0.0.1", 0))) {
      server.recording = false;
      measure(server, "GET of 17 B", "GET /hello HTTP/1.1\r\nHost: x\r\n\r\n");
      measure(server, "POST of 700 B", post(700));
      measure(server, "POST of 72 KB", post(72_000));
    }
  }

  private static String post(int bytes) {
    return "POST /big HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: "
        + bytes
        + "\r\n\r\n"
        + "x".repeat(bytes);
  }

  private static void measure(TestServer server, String name, String request) throws Exception {
    byte[] bytes = request.getBytes(StandardCharsets.US_ASCII);
    long warmUntil = System.nanoTime() + WARM_UP_NANOS;
    long until = warmUntil + RUN_NANOS;
    try (ExecutorService threads = Executors.newFixedThreadPool(CONNECTIONS)) {
      var runs =
          IntStream.range(0, CONNECTIONS)
              .mapToObj(i -> threads.submit(() -> run(server, bytes, warmUntil, until)))
              .toList();
      long[] all = new long[0];
      for (Future<long[]> run : runs) {
        long[] latencies = run.get();
        int old = all.length;
        all = Arrays.copyOf(all, old + latencies.length);
        System.arraycopy(latencies, 0, all, old, latencies.length);
      }
      Arrays.sort(all);
      assertThat(all).isNotEmpty();
      System.out.printf(
          "%s: %,.0f requests/s, p50 %.2f ms, p99 %.2f ms%n",
          name,
          all.length / (RUN_NANOS / 1e9),
          all[all.length / 2] / 1e6,
          all[all.length * 99 / 100] / 1e6);
    }
  }

  private static long[] run(TestServer server, byte[] request, long warmUntil, long until)
      throws IOException {
    long[] latencies = new long[2_000_000];
    int count = 0;
    try (RawClient client = new RawClient(server.port())) {
      while (true) {
        long start = System.nanoTime();
        client.send(request);
        int status = client.answer().status();
        long end = System.nanoTime();
        if (status != 200) {
          throw new IOException("status " + status);
        }
        if (end >= until) {
          return Arrays.copyOf(latencies, count);
        }
        if (start >= warmUntil) {
          latencies[count++] = end - start;
        }
      }
    }
  }
}
