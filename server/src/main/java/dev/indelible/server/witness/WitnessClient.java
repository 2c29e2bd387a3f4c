package dev.indelible.server.witness;

import dev.indelible.verify.AddCheckpoint;
import dev.indelible.verify.NoteSignature;
import dev.indelible.verify.Parsed;
import dev.indelible.verify.SignedNote;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Speaks to one witness. Believes nothing of what it answers but a cosignature that its key made.
 *
 * <p>Source: c2sp.org/tlog-witness. Thread-safe.
 */
final class WitnessClient implements AutoCloseable {

  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);
  private static final Duration TIMEOUT = Duration.ofSeconds(20);
  private static final int MAX_DETAIL_CHARS = 200;

  /** Answer of a witness. */
  sealed interface Answer {

    /** The witness cosigned; the signature was checked. */
    record Cosigned(NoteSignature signature) implements Answer {}

    /** The size that it cosigned last is another one, or it knows another root of this size. */
    record Conflict(long size) implements Answer {}

    /** The witness does not accept that the log only grew. */
    record NotProven(String detail) implements Answer {}

    /** The witness does not cosign this log, or does not understand. */
    record Refused(int status, String detail) implements Answer {}
  }

  private final WitnessAddress witness;
  private final HttpClient http =
      HttpClient.newBuilder()
          .connectTimeout(CONNECT_TIMEOUT)
          .version(HttpClient.Version.HTTP_1_1)
          .followRedirects(HttpClient.Redirect.NEVER)
          .build();

  WitnessClient(WitnessAddress witness) {
    this.witness = witness;
  }

  /**
   * Asks for a cosignature.
   *
   * @throws IOException when the witness cannot be reached, fails, or answers what is none
   */
  Answer add(AddCheckpoint request) throws IOException, InterruptedException {
    HttpRequest post =
        HttpRequest.newBuilder(URI.create(witness.submissionPrefix() + "/add-checkpoint"))
            .timeout(TIMEOUT)
            .header("User-Agent", "indelible")
            .POST(BodyPublishers.ofByteArray(request.encode()))
            .build();
    HttpResponse<InputStream> response = http.send(post, BodyHandlers.ofInputStream());
    String body;
    try (InputStream in = response.body()) {
      body = new String(in.readNBytes(SignedNote.MAX_BYTES), StandardCharsets.UTF_8);
    }
    int status = response.statusCode();
    return switch (status) {
      case 200 -> cosigned(request, body);
      case 409 -> new Answer.Conflict(size(body));
      case 422 -> new Answer.NotProven(detail(body));
      default -> {
        if (status >= 500 || status == 429) {
          throw new IOException("it answered " + status);
        }
        yield new Answer.Refused(status, detail(body));
      }
    };
  }

  private Answer cosigned(AddCheckpoint request, String body) throws IOException {
    String text = request.checkpoint().note().text();
    List<NoteSignature> own = new ArrayList<>();
    for (String line : body.split("\n", -1)) {
      if (NoteSignature.parse(line) instanceof Parsed.Ok<NoteSignature>(NoteSignature signature)
          && witness.key().matches(signature)) {
        own.add(signature);
      }
    }
    for (NoteSignature signature : own) {
      if (SignedNote.of(text, signature).verify(List.of(witness.key()))
          instanceof SignedNote.Signers.Known) {
        return new Answer.Cosigned(signature);
      }
    }
    throw new IOException("it answered without a cosignature of its key");
  }

  private static long size(String body) throws IOException {
    String line = body.strip();
    if (!line.matches("0|[1-9][0-9]{0,18}")) {
      throw new IOException("it answered a conflict without a size");
    }
    try {
      return Long.parseLong(line);
    } catch (NumberFormatException e) {
      throw new IOException("it answered a conflict with a size that is none", e);
    }
  }

  private static String detail(String body) {
    String line = body.strip().replaceAll("\\p{Cntrl}", " ");
    return line.substring(0, Math.min(line.length(), MAX_DETAIL_CHARS));
  }

  @Override
  public void close() {
    http.shutdownNow();
  }
}
