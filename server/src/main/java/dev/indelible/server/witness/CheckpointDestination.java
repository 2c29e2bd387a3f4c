package dev.indelible.server.witness;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Destination of pushed checkpoints, each as one line of JSON; {@code docs/formats/checkpoint.md}.
 */
sealed interface CheckpointDestination extends AutoCloseable {

  /** Name of the destination in metrics. */
  String name();

  /**
   * Takes a line, which ends in a newline; returns when it is there.
   *
   * @throws IOException when it is not, and is to be offered again
   */
  void accept(byte[] line) throws IOException, InterruptedException;

  @Override
  void close();

  /** Appends to a file, which may be renamed or deleted at any time. */
  record ToFile(Path file) implements CheckpointDestination {

    @Override
    public String name() {
      return "file";
    }

    @Override
    public void accept(byte[] line) throws IOException {
      boolean isNew = !Files.exists(file);
      boolean isTorn = !isNew && !endsALine();
      try (FileChannel channel =
          FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
        ByteBuffer bytes = ByteBuffer.allocate(line.length + 1);
        if (isTorn) {
          bytes.put((byte) '\n');
        }
        bytes.put(line).flip();
        while (bytes.hasRemaining()) {
          channel.write(bytes);
        }
        channel.force(true);
      }
      Path folder = file.toAbsolutePath().getParent();
      if (isNew && folder != null) {
        try (FileChannel entries = FileChannel.open(folder, StandardOpenOption.READ)) {
          entries.force(true);
        }
      }
    }

    /** Whether the next line may follow: a full disk can have left half of one. */
    private boolean endsALine() throws IOException {
      try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
        ByteBuffer last = ByteBuffer.allocate(1);
        return channel.size() == 0
            || channel.read(last, channel.size() - 1) < 1
            || last.get(0) == '\n';
      } catch (NoSuchFileException _) {
        return true;
      }
    }

    @Override
    public void close() {}
  }

  /** Posts to an address; any answer of the 200s means that it is there. */
  final class ToWebhook implements CheckpointDestination {

    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);
    private static final Duration TIMEOUT = Duration.ofSeconds(20);
    private static final int MAX_ANSWER_BYTES = 64 << 10;

    private final URI address;
    private final @Nullable Header header;
    private final HttpClient http =
        HttpClient.newBuilder()
            .connectTimeout(CONNECT_TIMEOUT)
            .followRedirects(HttpClient.Redirect.NEVER)
            .build();

    /** A header that every request has, such as one that names a token. */
    record Header(String name, String value) {}

    ToWebhook(URI address, @Nullable Header header) {
      this.address = address;
      this.header = header;
    }

    @Override
    public String name() {
      return "webhook";
    }

    @Override
    public void accept(byte[] line) throws IOException, InterruptedException {
      HttpRequest.Builder request =
          HttpRequest.newBuilder(address)
              .timeout(TIMEOUT)
              .header("User-Agent", "indelible")
              .header("Content-Type", "application/json")
              .POST(BodyPublishers.ofByteArray(line));
      Header named = header;
      if (named != null) {
        request.header(named.name(), named.value());
      }
      HttpResponse<InputStream> response = http.send(request.build(), BodyHandlers.ofInputStream());
      try (InputStream body = response.body()) {
        body.readNBytes(MAX_ANSWER_BYTES); // so that the connection can be used again
      }
      if (response.statusCode() / 100 != 2) {
        throw new IOException("it answered " + response.statusCode());
      }
    }

    @Override
    public void close() {
      http.shutdownNow();
    }
  }
}
