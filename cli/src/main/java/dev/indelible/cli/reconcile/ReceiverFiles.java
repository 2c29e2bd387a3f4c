package dev.indelible.cli.reconcile;

import dev.indelible.cli.reconcile.Content.Digest;
import dev.indelible.cli.reconcile.Doubts.Doubt;
import dev.indelible.cli.reconcile.Report.Finding;
import dev.indelible.cli.reconcile.Report.Kind;
import dev.indelible.cli.source.JsonSource;
import dev.indelible.cli.source.SourceRecord;
import dev.indelible.verify.Hash;
import dev.indelible.verify.Leaf;
import dev.indelible.verify.Parsed;
import dev.indelible.verify.Sha256;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Files of a receiver: JSON on lines or not, gzipped, compressed with Zstandard, or plain. Not
 * thread-safe.
 */
public final class ReceiverFiles {

  /** The most files. */
  public static final int MAX_FILES = 1_000_000;

  /** Digest of a line whose parts are not those of its leaf, which no leaf has. */
  private static final Digest FORGED = new Digest(-1, -1);

  private final List<Path> files;
  private final @Nullable String tenant;
  private final Content content = new Content();
  private final String standardInput;

  private ReceiverFiles(List<Path> files, @Nullable String tenant, String standardInput) {
    this.files = files;
    this.tenant = tenant;
    this.standardInput = standardInput;
  }

  /**
   * The files of a tenant's receiver.
   *
   * @param paths files, and folders with all that is in them but hidden files
   * @param tenant whose entries are looked at; null for those of all
   * @param standardInput the file in {@code paths} that standard input was copied to; null when
   *     none was
   */
  public static ReceiverFiles of(
      List<Path> paths, @Nullable String tenant, @Nullable Path standardInput) throws IOException {
    List<Path> files = new ArrayList<>();
    for (Path path : paths) {
      if (!Files.isDirectory(path)) {
        files.add(path);
        continue;
      }
      try (Stream<Path> inside = Files.walk(path)) {
        inside
            .filter(Files::isRegularFile)
            .filter(file -> !path.relativize(file).toString().matches("(.*/)?\\..*"))
            .sorted()
            .forEach(files::add);
      }
    }
    if (files.size() > MAX_FILES) {
      throw new IOException("more than " + MAX_FILES + " files");
    }
    return new ReceiverFiles(files, tenant, String.valueOf(standardInput));
  }

  /** How many there are. */
  public int count() {
    return files.size();
  }

  private String name(int file) {
    String name = files.get(file).toString();
    return name.equals(standardInput) ? "-" : name;
  }

  String place(ReceiptLine line) {
    return name(line.file()) + ":" + line.line();
  }

  /** Takes what is to be done with each entry, at its line. */
  @FunctionalInterface
  private interface Taker {
    void take(Received one, SourceRecord.Place place) throws IOException;
  }

  /** Reads all files, and says of every line that is no entry where it is and why. */
  void readInto(SortedReceipts receipts, Report report) throws IOException {
    for (int i = 0; i < files.size(); i++) {
      int file = i;
      read(
          file,
          report,
          (one, place) -> {
            report.count("lines", 1);
            if (tenant != null && one.tenant() != null && !one.tenant().equals(tenant)) {
              report.count("other_tenants", 1);
            } else if (one.seq() < 0) {
              report.found(
                  Kind.UNREADABLE,
                  new Finding(
                      -1,
                      one.id() == null ? "" : one.id(),
                      place.toString(),
                      "it has no seq",
                      List.of()));
            } else {
              int hash = one.id() == null ? 0 : idHash(one.id());
              receipts.add(
                  new ReceiptLine(one.seq(), file, place.line(), one.form(), digest(one), hash));
            }
          });
    }
  }

  /** Reads the lines in doubt again, and says which fields of which are not the log's. */
  void settle(Doubts doubts, Report report) throws IOException {
    for (int file = 0; file < files.size(); file++) {
      List<Doubt> left = new ArrayList<>(doubts.of(file));
      if (!left.isEmpty()) {
        read(file, null, (one, place) -> settle(one, place.line(), left, report));
      }
    }
  }

  private void settle(Received one, long line, List<Doubt> left, Report report) {
    JsonNode body = one.body();
    if (body == null || left.isEmpty() || left.getFirst().line().line() > line) {
      return;
    }
    Digest digest = content.digest(body);
    for (Doubt doubt : left) {
      ReceiptLine at = doubt.line();
      if (at.line() == line && at.seq() == one.seq() && at.digest().equals(digest)) {
        List<String> fields =
            doubt.partial()
                ? Content.lacking(doubt.expected(), body)
                : Content.differences(doubt.expected(), body);
        if (fields.isEmpty()) {
          report.count("compared_in_part", 1);
        } else {
          report.found(Kind.ALTERED, new Finding(at.seq(), doubt.id(), place(at), "", fields));
          report.alteredIn(at.seq());
        }
        left.remove(doubt);
        return;
      }
    }
  }

  private void read(int file, @Nullable Report report, Taker taker) throws IOException {
    String name = name(file);
    try (JsonSource source =
        new JsonSource(
            name, new BufferedInputStream(Files.newInputStream(files.get(file))), null)) {
      for (SourceRecord record = source.next(); record != null; record = source.next()) {
        switch (record) {
          case SourceRecord.Parsed(SourceRecord.Place place, JsonNode tree) -> {
            for (Received one : Received.of(tree)) {
              taker.take(one, place);
            }
          }
          case SourceRecord.Unreadable(SourceRecord.Place place, String why) -> {
            if (report != null) {
              report.found(Kind.UNREADABLE, new Finding(-1, "", place.toString(), why, List.of()));
            }
          }
        }
      }
    }
  }

  private Digest digest(Received one) {
    JsonNode body = one.body();
    if (body == null) {
      return Digest.NONE;
    }
    return switch (one.form()) {
      case NAMED -> Digest.NONE;
      case WHOLE, FORMED -> content.digest(body);
      case LEAF -> hasItsParts(body) ? leafDigest(body.path("leaf").asString("")) : FORGED;
    };
  }

  /** A hash of an id that is never 0. */
  static int idHash(String id) {
    int hash = id.hashCode();
    return hash == 0 ? 1 : hash;
  }

  static Digest leafDigest(String leaf) {
    ByteBuffer hash =
        ByteBuffer.wrap(Sha256.create().digest(leaf.getBytes(StandardCharsets.UTF_8)));
    return new Digest(hash.getLong(), hash.getLong());
  }

  /** Whether the parts that a line has are those that its leaf was made of. */
  private static boolean hasItsParts(JsonNode line) {
    try {
      byte[] bytes = Base64.getDecoder().decode(line.path("leaf").asString(""));
      return Leaf.decode(bytes) instanceof Parsed.Ok<Leaf>(Leaf leaf)
          && isOf(line, "facts", leaf.facts())
          && isOf(line, "personal", leaf.personal());
    } catch (IllegalArgumentException e) {
      return false; // Not base64, or not a salt.
    }
  }

  private static boolean isOf(JsonNode line, String part, Hash digest) {
    if (!line.has(part)) {
      return true;
    }
    byte[] salt = Base64.getDecoder().decode(line.path(part + "_salt").asString(""));
    byte[] bytes = line.path(part).asString("").getBytes(StandardCharsets.UTF_8);
    return Leaf.digest(salt, bytes).equals(digest);
  }
}
