package dev.indelible.stranger;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/** {@code docs/formats/leaf.md}, {@code checkpoint.md}, {@code proof.md}. */
public final class StrangersVerifier {

  private static final byte[] ED25519 = HexFormat.of().parseHex("302a300506032b6570032100");
  private static final int LOG = 1;
  private static final int WITNESS = 4;

  private final String origin;
  private final List<Key> logKeys;
  private final List<Key> witnesses;

  /** Brings what checkpoint.md says that the verifier brings. */
  public StrangersVerifier(String origin, List<String> logKeys, List<String> witnesses) {
    this.origin = origin;
    this.logKeys = logKeys.stream().map(StrangersVerifier::key).toList();
    this.witnesses = witnesses.stream().map(StrangersVerifier::key).toList();
  }

  /** A checkpoint that holds. */
  public record Checkpoint(String origin, long size, String rootHex, int witnesses) {
    /** The root, 32 bytes. */
    public byte[] root() {
      return HexFormat.of().parseHex(rootHex);
    }
  }

  private record Key(String name, int id, int type, PublicKey publicKey) {}

  private static Key key(String line) {
    String[] parts = line.split("\\+", 3);
    byte[] typeAndKey = base64(parts[2]);
    byte[] name = parts[0].getBytes(UTF_8);
    int id = ByteBuffer.wrap(StrangersTree.sha256(name, new byte[] {'\n'}, typeAndKey)).getInt();
    if (!parts[1].equals(HexFormat.of().toHexDigits(id)) || typeAndKey.length != 33) {
      throw new Untrue("a verifier key");
    }
    byte[] encoded = Arrays.copyOf(ED25519, 44);
    System.arraycopy(typeAndKey, 1, encoded, 12, 32);
    try {
      return new Key(
          parts[0],
          id,
          typeAndKey[0],
          KeyFactory.getInstance("Ed25519").generatePublic(new X509EncodedKeySpec(encoded)));
    } catch (GeneralSecurityException e) {
      throw new Untrue("a public key: " + e);
    }
  }

  /** "Checking a checkpoint". */
  public Checkpoint checkpoint(String note) {
    int split = note.lastIndexOf("\n\n");
    if (split < 0 || !note.endsWith("\n")) {
      throw new Untrue("no signed note");
    }
    String text = note.substring(0, split + 1);
    String[] lines = text.split("\n", -1);
    if (lines.length < 4 || !lines[0].equals(origin)) {
      throw new Untrue("another origin");
    }
    List<Key> signed = new ArrayList<>();
    for (String line : note.substring(split + 2).lines().toList()) {
      String[] words = line.split(" ", -1);
      if (words.length != 3 || !words[0].equals("—")) {
        throw new Untrue("a signature line");
      }
      ByteBuffer signature = ByteBuffer.wrap(base64(words[2]));
      int id = signature.getInt();
      byte[] bytes = new byte[signature.remaining()];
      signature.get(bytes);
      for (List<Key> keys : List.of(logKeys, witnesses)) {
        for (Key key : keys) {
          if (key.name().equals(words[1]) && key.id() == id && !signed.contains(key)) {
            verify(key, text, bytes);
            signed.add(key);
          }
        }
      }
    }
    if (signed.stream().noneMatch(logKeys::contains)) {
      throw new Untrue("no key of the log signed");
    }
    byte[] root = base64(lines[2]);
    if (root.length != 32) {
      throw new Untrue("a root's length");
    }
    int cosigned = (int) signed.stream().filter(witnesses::contains).count();
    return new Checkpoint(lines[0], decimal(lines[1]), HexFormat.of().formatHex(root), cosigned);
  }

  private static void verify(Key key, String text, byte[] bytes) {
    String message = text;
    byte[] signature = bytes;
    if (key.type() == WITNESS) {
      long seconds = ByteBuffer.wrap(bytes).getLong();
      message = "cosignature/v1\ntime " + seconds + "\n" + text;
      signature = Arrays.copyOfRange(bytes, 8, bytes.length);
    } else if (key.type() != LOG) {
      throw new Untrue("a key's type");
    }
    try {
      Signature ed25519 = Signature.getInstance("Ed25519");
      ed25519.initVerify(key.publicKey());
      ed25519.update(message.getBytes(UTF_8));
      if (signature.length != 64 || !ed25519.verify(signature)) {
        throw new Untrue("a false signature");
      }
    } catch (GeneralSecurityException e) {
      throw new Untrue("a signature: " + e);
    }
  }

  /** "Checking" of a proof file; the leaf that it proves. */
  public byte[] proofFile(String file) {
    int split = file.indexOf("\n\n");
    List<String> lines = new ArrayList<>(file.substring(0, split).lines().toList());
    if (!lines.removeFirst().equals("c2sp.org/tlog-proof@v1")) {
      throw new Untrue("no proof file");
    }
    byte[] leaf = base64(after("extra ", lines.removeFirst()));
    long index = decimal(after("index ", lines.removeFirst()));
    Checkpoint checkpoint = checkpoint(file.substring(split + 2));
    StrangersTree.checkInclusion(
        StrangersTree.leafHash(leaf),
        index,
        checkpoint.size(),
        lines.stream().map(StrangersVerifier::base64).toList(),
        checkpoint.root());
    return leaf;
  }

  /** "Proof document"; the checkpoint that the entry is proven by. */
  public Checkpoint proofDocument(String json) {
    Map<String, Object> document = StrangersJson.object(json);
    Checkpoint checkpoint = checkpoint(text(document, "checkpoint"));
    byte[] leaf = base64(text(document, "leaf"));
    long seq = Long.parseLong(document.get("seq").toString());
    List<byte[]> inclusion = new ArrayList<>();
    for (Object hash : (List<?>) document.get("inclusion")) {
      inclusion.add(base64(hash.toString()));
    }
    StrangersTree.checkInclusion(
        StrangersTree.leafHash(leaf), seq, checkpoint.size(), inclusion, checkpoint.root());
    Map<String, Object> fields = StrangersJson.asObject(document.get("leaf_fields"));
    long recordedAt = ByteBuffer.wrap(leaf, 1, 8).getLong();
    boolean repeats =
        text(document, "origin").equals(checkpoint.origin())
            && document.get("size").toString().equals(Long.toString(checkpoint.size()))
            && Arrays.equals(base64(text(document, "root")), checkpoint.root())
            && Instant.parse(text(document, "recorded_at")).toEpochMilli() == recordedAt
            && fields.get("recorded_at_ms").toString().equals(Long.toString(recordedAt))
            && Arrays.equals(base64(text(fields, "facts_digest")), factsDigest(leaf))
            && Arrays.equals(base64(text(fields, "personal_digest")), personalDigest(leaf));
    if (!repeats) {
      throw new Untrue("what is repeated does not agree");
    }
    if (document.containsKey("facts")) {
      parts(document, leaf);
    }
    return checkpoint;
  }

  private static void parts(Map<String, Object> document, byte[] leaf) {
    boolean hasFacts = part(document.get("facts"), factsDigest(leaf), "facts");
    boolean hasPersonal = part(document.get("personal"), personalDigest(leaf), "personal part");
    boolean never = Arrays.equals(personalDigest(leaf), new byte[32]);
    boolean fits =
        switch (text(document, "personal_state")) {
          case "present" -> hasFacts && hasPersonal && !never;
          case "none" -> hasFacts && !hasPersonal && never;
          case "withheld" -> hasFacts && !hasPersonal && !never;
          case "erased" -> hasFacts && !hasPersonal && !never;
          case "purged" -> !hasFacts && !hasPersonal;
          default -> false;
        };
    if (!fits) {
      throw new Untrue("its state is not what is there");
    }
  }

  private static boolean part(Object part, byte[] digest, String what) {
    if (part instanceof StrangersJson.Null) {
      return false;
    }
    Map<String, Object> members = StrangersJson.asObject(part);
    checkPart(base64(text(members, "salt")), text(members, "text"), digest, what);
    return true;
  }

  /** "Checking an entry", one part. */
  static void checkPart(byte[] salt, String text, byte[] digest, String what) {
    if (salt.length != 16
        || !Arrays.equals(StrangersTree.sha256(salt, text.getBytes(UTF_8)), digest)) {
      throw new Untrue("the " + what + " was altered");
    }
  }

  static byte[] factsDigest(byte[] leaf) {
    if (leaf.length != 73 || leaf[0] != 1 || leaf[1] < 0) {
      throw new Untrue("no leaf");
    }
    return Arrays.copyOfRange(leaf, 9, 41);
  }

  static byte[] personalDigest(byte[] leaf) {
    return Arrays.copyOfRange(leaf, 41, 73);
  }

  private static String after(String prefix, String line) {
    if (!line.startsWith(prefix)) {
      throw new Untrue(prefix + "is missing");
    }
    return line.substring(prefix.length());
  }

  private static String text(Map<String, Object> members, String name) {
    if (members.get(name) instanceof String text) {
      return text;
    }
    throw new Untrue(name + " is missing");
  }

  private static long decimal(String text) {
    if (!text.matches("0|[1-9][0-9]{0,18}")) {
      throw new Untrue("a decimal: " + text);
    }
    return Long.parseLong(text);
  }

  private static byte[] base64(String text) {
    byte[] bytes = Base64.getDecoder().decode(text);
    if (!Base64.getEncoder().encodeToString(bytes).equals(text)) {
      throw new Untrue("base64 in another spelling");
    }
    return bytes;
  }
}
