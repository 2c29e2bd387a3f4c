package dev.indelible.verify.audit;

import dev.indelible.verify.Parsed;
import dev.indelible.verify.SignedCheckpoint;
import dev.indelible.verify.VerifierKey;
import dev.indelible.verify.audit.Json.MalformedJsonException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The first line of an export.
 *
 * @param tenant the tenant of the log
 * @param verifierKeys the log's keys, as it names them itself
 * @param checkpoint the checkpoint that the log signed when the export was made
 * @param filter the query whose entries these are, or null
 * @param complete whether all entries of the checkpoint's tree follow
 */
public record ExportHeader(
    String tenant,
    List<VerifierKey> verifierKeys,
    SignedCheckpoint checkpoint,
    @Nullable String filter,
    boolean complete) {

  /** The value of the member {@code format}. */
  public static final String FORMAT = "indelible-export";

  /** The version that is written and read. */
  public static final int VERSION = 1;

  /** The most keys. */
  static final int MAX_KEYS = 64;

  public ExportHeader {
    verifierKeys = List.copyOf(verifierKeys);
  }

  /** Reads the line. */
  static ExportHeader read(byte[] source, int from, int end) throws ExportFormatException {
    try {
      return new Reader().read(new Json().over(source, from, end));
    } catch (MalformedJsonException e) {
      ExportFormatException none =
          new ExportFormatException("line 1 is not the header of an export: " + e.getMessage());
      none.initCause(e);
      throw none;
    }
  }

  /** The line, with its newline. */
  public byte[] encode() {
    StringBuilder line = new StringBuilder("{\"format\":\"" + FORMAT + "\",\"version\":" + VERSION);
    line.append(",\"tenant\":");
    ExportText.quote(line, tenant);
    line.append(",\"origin\":");
    ExportText.quote(line, checkpoint.checkpoint().origin());
    line.append(",\"verifier_keys\":[");
    for (int i = 0; i < verifierKeys.size(); i++) {
      ExportText.quote(line.append(i == 0 ? "" : ","), verifierKeys.get(i).toString());
    }
    line.append("],\"checkpoint\":");
    ExportText.quote(line, checkpoint.note().toString());
    if (filter != null) {
      line.append(",\"filter\":");
      ExportText.quote(line, filter);
    }
    line.append(",\"complete\":").append(complete).append("}\n");
    return line.toString().getBytes(StandardCharsets.UTF_8);
  }

  /** Reads the members, in any order. */
  private static final class Reader {
    private final Json.Bytes text = new Json.Bytes();
    private final List<VerifierKey> keys = new ArrayList<>();
    private final Set<String> seen = new HashSet<>();
    private @Nullable String format;
    private long version = -1;
    private @Nullable String tenant;
    private @Nullable String origin;
    private @Nullable SignedCheckpoint checkpoint;
    private @Nullable String filter;
    private @Nullable Boolean complete;

    ExportHeader read(Json json) throws MalformedJsonException, ExportFormatException {
      json.expect('{');
      do {
        json.string(text);
        json.expect(':');
        member(json, text.toString());
      } while (json.take(','));
      json.expect('}');
      json.expectEnd();
      if (!FORMAT.equals(format)) {
        throw new ExportFormatException("this is not an export of an audit log");
      }
      if (version != VERSION) {
        throw new ExportFormatException(
            "this export has version " + version + ", version " + VERSION + " is read here");
      }
      if (tenant == null || origin == null || checkpoint == null || complete == null) {
        throw json.malformed("a header has tenant, origin, checkpoint and complete");
      }
      if (!checkpoint.checkpoint().origin().equals(origin)) {
        throw json.malformed("the checkpoint is not one of " + origin);
      }
      return new ExportHeader(tenant, keys, checkpoint, filter, complete);
    }

    private void member(Json json, String name) throws MalformedJsonException {
      if (!seen.add(name)) {
        throw json.malformed("the member " + name + " twice");
      }
      switch (name) {
        case "version" -> version = json.integer();
        case "format" -> format = string(json);
        case "tenant" -> tenant = string(json);
        case "origin" -> origin = string(json);
        case "filter" -> filter = string(json);
        case "complete" -> complete = json.bool();
        case "checkpoint" -> {
          json.string(text);
          checkpoint = value(json, SignedCheckpoint.parse(text.copy()));
        }
        case "verifier_keys" -> readKeys(json);
        default -> throw json.malformed("an unknown member " + name);
      }
    }

    private void readKeys(Json json) throws MalformedJsonException {
      json.expect('[');
      if (json.take(']')) {
        return;
      }
      do {
        if (keys.size() == MAX_KEYS) {
          throw json.malformed("more than " + MAX_KEYS + " keys");
        }
        keys.add(value(json, VerifierKey.parse(string(json))));
      } while (json.take(','));
      json.expect(']');
    }

    private String string(Json json) throws MalformedJsonException {
      json.string(text);
      return text.toString();
    }

    private static <T> T value(Json json, Parsed<T> parsed) throws MalformedJsonException {
      if (parsed instanceof Parsed.Ok<T> ok) {
        return ok.value();
      }
      throw json.malformed(((Parsed.Malformed<T>) parsed).message());
    }
  }
}
