package dev.indelible.cli;

import dev.indelible.client.TenantLog;
import dev.indelible.verify.audit.ExportHeader;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.concurrent.TimeUnit;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * A copy of a log in which one entry was altered: the demonstration's escalation at night, for
 * which the copy blames somebody else. Everything else in it is as the log has it, so that whoever
 * checks it learns which entry it is.
 */
final class TamperedCopy {

  private static final String ACTION = "\"action\":\"user.role.change\"";
  private static final String CULPRIT = "u_daniel";
  private static final String SCAPEGOAT = "u_chiara";

  /** Most polls of the log until it has published the story, and the time between them. */
  private static final int MAX_LOOKS = 100;

  private static final long LOOK_EVERY_MILLIS = 200;

  private static final String REASON = "a copy for the demonstration of verify";

  private final Path file;

  /** The copy beside the data directory {@code data}. */
  TamperedCopy(Path data) {
    Path absolute = data.toAbsolutePath().normalize();
    this.file = absolute.resolveSibling(absolute.getFileName() + "-tampered.ndjson");
  }

  Path file() {
    return file;
  }

  /**
   * Writes it, unless it is there: then somebody may have edited it further.
   *
   * @param size how many entries the log has to have published first
   * @return whether there is one now; the log may not hold that entry any more
   */
  boolean write(TenantLog log, long size) throws IOException, InterruptedException {
    if (Files.exists(file)) {
      return true;
    }
    Path part = file.resolveSibling(file.getFileName() + ".part");
    try {
      ExportHeader header = log.header();
      for (int look = 0; look < MAX_LOOKS && size(header) < size; look++) {
        TimeUnit.MILLISECONDS.sleep(LOOK_EVERY_MILLIS);
        header = log.header();
      }
      boolean altered = write(log, header, part);
      if (altered) {
        Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
      }
      return altered;
    } finally {
      Files.deleteIfExists(part);
    }
  }

  private static long size(ExportHeader header) {
    return header.checkpoint().checkpoint().size();
  }

  private static boolean write(TenantLog log, ExportHeader header, Path part)
      throws IOException, InterruptedException {
    boolean altered = false;
    try (BufferedReader lines =
            new BufferedReader(
                new InputStreamReader(
                    log.entries(size(header), false, REASON), StandardCharsets.UTF_8));
        OutputStream out = Files.newOutputStream(part)) {
      out.write(header.encode());
      String line;
      while ((line = lines.readLine()) != null) {
        String other = altered ? line : altered(line);
        altered = altered || !other.equals(line);
        out.write((other + "\n").getBytes(StandardCharsets.UTF_8));
      }
    }
    return altered;
  }

  /** The line as whoever wants to blame another would have it, when it is the one. */
  private static String altered(String line) {
    if (!line.contains(CULPRIT)) {
      return line;
    }
    JsonNode entry = JsonMapper.shared().readTree(line);
    String facts = entry.path("facts").asString("");
    String actor = "\"actor\":{\"type\":\"user\",\"id\":\"";
    if (!(entry instanceof ObjectNode object)
        || !facts.contains(ACTION)
        || !facts.contains(actor + CULPRIT + "\"")) {
      return line;
    }
    object.put("facts", facts.replace(actor + CULPRIT, actor + SCAPEGOAT));
    return JsonMapper.shared().writeValueAsString(object);
  }
}
