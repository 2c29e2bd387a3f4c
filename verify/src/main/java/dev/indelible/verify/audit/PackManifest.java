package dev.indelible.verify.audit;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The list of an evidence pack's files with their hashes: {@code manifest.json}, the last file of
 * the pack, in the one form that {@code docs/formats/pack.md} says.
 *
 * @param files all files of the pack but the manifest itself, in the order of the ZIP
 */
public record PackManifest(List<PackedFile> files) {

  /** Path of the manifest in a pack. */
  public static final String PATH = "manifest.json";

  /** The most files of a pack, the manifest not counted. */
  public static final int MAX_FILES = 256;

  /** The longest manifest, in bytes. */
  static final int MAX_BYTES = MAX_FILES * 512;

  private static final Pattern FILE_PATH =
      Pattern.compile("[A-Za-z0-9][A-Za-z0-9_.-]*(?:/[A-Za-z0-9][A-Za-z0-9_.-]*)*");
  private static final int MAX_PATH_CHARS = 200;
  private static final String BEGIN =
      "{\"format\":\"indelible-pack-manifest\",\"version\":1,\"files\":[\n";
  private static final String END = "]}\n";
  private static final Pattern LINE =
      Pattern.compile(
          "\\{\"path\":\"([^\"]+)\",\"bytes\":(0|[1-9][0-9]{0,9}),"
              + "\"sha256\":\"([0-9a-f]{64})\",\"packed_sha256\":\"([0-9a-f]{64})\"\\}");

  public PackManifest {
    files = List.copyOf(files);
    Set<String> paths = new HashSet<>();
    for (PackedFile file : files) {
      if (!paths.add(file.path()) || file.path().equals(PATH)) {
        throw new IllegalArgumentException("the path " + file.path() + " twice");
      }
    }
    if (files.size() > MAX_FILES) {
      throw new IllegalArgumentException("more than " + MAX_FILES + " files");
    }
  }

  /**
   * A file of a pack.
   *
   * @param path its path in the pack, such as {@code sections/sign_ins.csv}
   * @param bytes its length
   * @param sha256 SHA-256 of its bytes, in lower-case hexadecimal
   * @param packedSha256 SHA-256 of the bytes that it is compressed to in the ZIP, likewise
   */
  public record PackedFile(String path, long bytes, String sha256, String packedSha256) {
    public PackedFile {
      if (!isPath(path)) {
        throw new IllegalArgumentException("not a path in a pack: " + path);
      }
    }
  }

  /** Whether a file of a pack can have that path. */
  static boolean isPath(String path) {
    return path.length() <= MAX_PATH_CHARS && FILE_PATH.matcher(path).matches();
  }

  /** The manifest as the file that it is. */
  public byte[] encode() {
    StringBuilder text = new StringBuilder(BEGIN);
    for (int i = 0; i < files.size(); i++) {
      PackedFile file = files.get(i);
      text.append("{\"path\":\"").append(file.path());
      text.append("\",\"bytes\":").append(file.bytes());
      text.append(",\"sha256\":\"").append(file.sha256());
      text.append("\",\"packed_sha256\":\"").append(file.packedSha256());
      text.append(i + 1 < files.size() ? "\"},\n" : "\"}\n");
    }
    return text.append(END).toString().getBytes(StandardCharsets.US_ASCII);
  }

  /** Reads a manifest; empty when it is not of its one form, byte for byte. */
  static Optional<PackManifest> parse(byte[] bytes) {
    String text = new String(bytes, StandardCharsets.ISO_8859_1);
    if (!text.startsWith(BEGIN) || !text.endsWith(END)) {
      return Optional.empty();
    }
    List<PackedFile> files = new ArrayList<>();
    String lines = text.substring(BEGIN.length(), text.length() - END.length());
    for (String line : lines.lines().toList()) {
      Matcher matcher =
          LINE.matcher(line.endsWith(",") ? line.substring(0, line.length() - 1) : line);
      if (!matcher.matches() || !isPath(matcher.group(1)) || files.size() == MAX_FILES) {
        return Optional.empty();
      }
      files.add(
          new PackedFile(
              matcher.group(1),
              Long.parseLong(matcher.group(2)),
              matcher.group(3),
              matcher.group(4)));
    }
    if (files.stream().map(PackedFile::path).distinct().count() < files.size()
        || files.stream().anyMatch(file -> file.path().equals(PATH))) {
      return Optional.empty();
    }
    PackManifest manifest = new PackManifest(files);
    return Arrays.equals(manifest.encode(), bytes) ? Optional.of(manifest) : Optional.empty();
  }

  /** SHA-256 of bytes, as manifests have it. */
  static String hex(byte[] digest) {
    return HexFormat.of().formatHex(digest);
  }
}
