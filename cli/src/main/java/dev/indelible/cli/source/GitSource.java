package dev.indelible.cli.source;

import dev.indelible.cli.source.SourceRecord.Parsed;
import dev.indelible.cli.source.SourceRecord.Place;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Reads a repository's history through {@code git log}, oldest commit first, one record per commit.
 *
 * <p>The fields are separated by NUL, which no commit message and no path can contain, so that
 * nothing that somebody wrote into a message can pass for another commit. What could make the same
 * commit look different on another machine (mailmap, rename detection, diff algorithm) is fixed, so
 * that sending twice from two clones gives the same events.
 *
 * <p>Text that is not UTF-8, as file names of old systems are, is not replaced: its bytes are given
 * in base64, as {@code path_base64} in place of {@code path}.
 */
public final class GitSource implements RecordSource {

  /** The longest field, in bytes; a longer message is cut and says so. */
  static final int MAX_FIELD_BYTES = 128 * 1024;

  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
  private static final Pattern NUMSTAT =
      Pattern.compile("\\n?(\\d+|-)\\t(\\d+|-)\\t(.*)", Pattern.DOTALL);
  private static final Pattern HASH = Pattern.compile("[0-9a-f]{40,64}");

  private static final List<String> LOG =
      List.of(
          "-c",
          "i18n.logOutputEncoding=UTF-8",
          "-c",
          "log.showSignature=false",
          "log",
          "--reverse",
          "--topo-order",
          "-z",
          "--numstat",
          "--no-renames",
          "--no-mailmap",
          "--no-ext-diff",
          "--no-textconv",
          "--no-color",
          "--diff-algorithm=myers",
          "--diff-merges=off",
          "--format=%H%x00%P%x00%an%x00%ae%x00%aI%x00%cn%x00%ce%x00%cI%x00%s%x00%b");

  private final String repository;
  private final Process git;
  private final InputStream out;
  private final ProcessErrors errors;
  private long bytesRead;
  private long ordinal;
  private @Nullable Field pending;
  private boolean ended;

  /**
   * A field of git's answer.
   *
   * @param text the text; of bytes that are not UTF-8, one character for each byte
   */
  private record Field(String text, boolean isUtf8) {

    /** Puts {@code part} of the text under {@code key}, or its bytes beside it. */
    void put(ObjectNode into, String key, String part) {
      if (isUtf8) {
        into.put(key, part);
      } else {
        byte[] bytes = part.getBytes(StandardCharsets.ISO_8859_1);
        into.put(key + "_base64", Base64.getEncoder().encodeToString(bytes));
      }
    }
  }

  /** Starts {@code git log} in {@code directory}. */
  public GitSource(Path directory) throws IOException {
    this.repository = repositoryName(directory);
    List<String> command = new java.util.ArrayList<>(List.of("git", "-C", directory.toString()));
    command.addAll(LOG);
    this.git =
        new ProcessBuilder(command)
            .redirectInput(ProcessBuilder.Redirect.from(new java.io.File("/dev/null")))
            .start();
    this.errors = ProcessErrors.of(git);
    this.out = new BufferedInputStream(git.getInputStream(), 64 * 1024);
  }

  @Override
  public @Nullable SourceRecord next() throws IOException {
    if (ended) {
      return null;
    }
    Field hash = pending == null ? field() : pending;
    pending = null;
    if (hash == null) {
      ended = true;
      finish();
      return null;
    }
    ObjectNode commit = NODES.objectNode();
    commit.put("repository", repository);
    commit.put("commit", hash.text().strip());
    List<String> parents =
        List.of(required().text().split(" ")).stream().filter(p -> !p.isEmpty()).toList();
    commit.put("kind", parents.size() > 1 ? "merge" : "commit");
    ArrayNode parentList = commit.putArray("parents");
    parents.forEach(parentList::add);
    person(commit.putObject("author"));
    person(commit.putObject("committer"));
    text(commit, "subject");
    Field body = required();
    if (!body.text().isBlank()) {
      body.put(commit, "body", body.text().strip());
    }
    files(commit);
    ordinal++;
    return new Parsed(new Place(repository, ordinal, ordinal), commit);
  }

  @Override
  public String identity() {
    return repository;
  }

  @Override
  public long bytesRead() {
    return bytesRead;
  }

  @Override
  public void close() throws IOException {
    git.destroy();
    out.close();
  }

  private void person(ObjectNode person) throws IOException {
    text(person, "name");
    text(person, "email");
    text(person, "date");
  }

  private void text(ObjectNode into, String key) throws IOException {
    Field field = required();
    field.put(into, key, field.text());
  }

  /** The changed files: lines of {@code --numstat} until something that is none of them. */
  private void files(ObjectNode commit) throws IOException {
    ArrayNode files = NODES.arrayNode();
    for (Field next = field(); next != null; next = field()) {
      Matcher file = NUMSTAT.matcher(next.text());
      if (file.matches()) {
        ObjectNode entry = files.addObject();
        next.put(entry, "path", file.group(3));
        // git writes "-" for binary files, which have no lines.
        if (!file.group(1).equals("-")) {
          entry.put("added", Long.parseLong(file.group(1)));
          entry.put("deleted", Long.parseLong(file.group(2)));
        }
      } else if (HASH.matcher(next.text().strip()).matches()) {
        pending = next;
        break;
      } else if (!next.text().isBlank()) {
        throw new IOException("git log answered something unexpected: " + next.text());
      }
    }
    if (!files.isEmpty()) {
      commit.set("files", files);
    }
  }

  private Field required() throws IOException {
    Field field = field();
    if (field == null) {
      finish();
      throw new IOException("git log ended in the middle of a commit");
    }
    return field;
  }

  private @Nullable Field field() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    boolean cut = false;
    int next = out.read();
    if (next < 0) {
      return null;
    }
    for (; next > 0; next = out.read()) {
      bytesRead++;
      // A character is not cut in two: its later bytes go with the first one.
      boolean later = (next & 0xc0) == 0x80 && bytes.size() < MAX_FIELD_BYTES + 3;
      if (!cut && (bytes.size() < MAX_FIELD_BYTES || later)) {
        bytes.write(next);
      } else {
        cut = true;
      }
    }
    return decoded(bytes.toByteArray(), cut ? "… (cut)" : "");
  }

  private static Field decoded(byte[] bytes, String end) {
    try {
      String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
      return new Field(text + end, true);
    } catch (CharacterCodingException _) {
      return new Field(new String(bytes, StandardCharsets.ISO_8859_1), false);
    }
  }

  private void finish() throws IOException {
    try {
      int code = git.waitFor();
      if (code != 0) {
        throw new IOException("git log failed: " + errors.text());
      }
    } catch (InterruptedException failure) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", failure);
    }
  }

  /** Name of the repository at its remote, or else the name of its directory. */
  private static String repositoryName(Path directory) throws IOException {
    Process git =
        new ProcessBuilder(
                "git", "-C", directory.toString(), "config", "--get", "remote.origin.url")
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    String url;
    try (InputStream out = git.getInputStream()) {
      url = new String(out.readAllBytes(), StandardCharsets.UTF_8).strip();
    }
    String name = url.replaceAll("(\\.git)?/*$", "").replaceAll("^.*[/:]", "");
    return name.isEmpty() ? directory.toRealPath().getFileName().toString() : name;
  }
}
