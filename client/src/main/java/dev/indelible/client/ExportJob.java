package dev.indelible.client;

import java.util.Optional;
import java.util.Set;

/**
 * An export as the server told of it: what was asked for, how far it is, and its file. Immutable.
 */
public final class ExportJob {

  private static final Set<String> UNDER_WAY = Set.of("waiting", "running");

  private final JsonText json;

  ExportJob(JsonText json) {
    this.json = json;
  }

  /**
   * The file of an export that is done.
   *
   * @param name the name that the server gives it, without a folder
   * @param mediaType its type
   * @param bytes its size
   * @param sha256 its hash, in lower-case hexadecimal digits
   * @param expiresAt when the server deletes it, RFC 3339
   */
  public record File(String name, String mediaType, long bytes, String sha256, String expiresAt) {}

  /** The id. */
  public String id() {
    return text("id");
  }

  /**
   * The state: {@code waiting}, {@code running}, {@code done}, {@code failed}, {@code canceled},
   * {@code expired}, or {@code withdrawn} when a deletion touched what it held.
   */
  public String state() {
    return text("state");
  }

  /** Whether it is waiting or running. */
  public boolean isUnderWay() {
    return UNDER_WAY.contains(state());
  }

  /** Whether its file can be downloaded. */
  public boolean isDone() {
    return state().equals("done");
  }

  /** The format, such as {@code csv}. */
  public String format() {
    return text("format");
  }

  /** The query; empty for everything. */
  public String query() {
    return text("query");
  }

  /** Time at which it was asked for, RFC 3339. */
  public String createdAt() {
    return text("created_at");
  }

  /** Expected number of entries; 0 while that is not known. */
  public long estimate() {
    return number("estimate");
  }

  /** Number of entries so far. */
  public long entries() {
    return number("entries");
  }

  /** The file; empty unless it is done. */
  public Optional<File> file() {
    JsonText file = json.at("file");
    if (!file.isObject()) {
      return Optional.empty();
    }
    return Optional.of(
        new File(
            file.at("name").text().orElse(""),
            file.at("media_type").text().orElse(""),
            file.at("bytes").integer().orElse(0),
            file.at("sha256").text().orElse(""),
            file.at("expires_at").text().orElse("")));
  }

  /** Failure in words for people; empty when there is none. */
  public String problem() {
    return json.at("problem", "detail").text().orElse("");
  }

  /** The document that the server sent, with all that it says. */
  public JsonText json() {
    return json;
  }

  private String text(String member) {
    return json.at(member).text().orElse("");
  }

  private long number(String member) {
    return json.at(member).integer().orElse(0);
  }

  /** The document as JSON. */
  @Override
  public String toString() {
    return json.toString();
  }
}
