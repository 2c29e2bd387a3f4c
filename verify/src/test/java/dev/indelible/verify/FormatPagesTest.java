package dev.indelible.verify;

import static dev.indelible.verify.MerkleTreeTest.assertHolds;
import static org.assertj.core.api.Assertions.assertThat;

import dev.indelible.verify.audit.AuditReport;
import dev.indelible.verify.audit.ExportVerifier;
import dev.indelible.verify.audit.Finding;
import dev.indelible.verify.audit.Trust;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The worked example that runs through {@code docs/formats/}: its pages say what the code does. */
class FormatPagesTest {

  private static final HexFormat HEX = HexFormat.of();
  private static final long RECORDED_AT = Instant.parse("2026-11-20T10:00:00Z").toEpochMilli();

  private static final byte[] SALT_0 = HEX.parseHex("000102030405060708090a0b0c0d0e0f");
  private static final byte[] SALT_1 = HEX.parseHex("101112131415161718191a1b1c1d1e1f");
  private static final byte[] FACTS_0 =
      utf8("{\"action\":\"user.login\",\"actor\":{\"id\":\"u_7\"}}");
  private static final byte[] PERSONAL_0 = utf8("{\"actor\":{\"name\":\"Ana\"}}");
  private static final byte[] FACTS_1 =
      utf8("{\"action\":\"user.logout\",\"actor\":{\"id\":\"u_7\"}}");
  private static final byte[] FACTS_2 = utf8("{\"action\":\"audit.purged\"}");

  private static final Leaf LEAF_0 =
      new Leaf(RECORDED_AT, Leaf.digest(SALT_0, FACTS_0), Leaf.digest(SALT_1, PERSONAL_0));
  private static final Leaf LEAF_1 =
      new Leaf(RECORDED_AT + 1500, Leaf.digest(SALT_0, FACTS_1), Leaf.NO_PERSONAL);
  private static final Leaf LEAF_2 =
      new Leaf(RECORDED_AT + 1500, Leaf.digest(SALT_1, FACTS_2), Leaf.NO_PERSONAL);

  private static final List<Hash> HASHES = List.of(LEAF_0.hash(), LEAF_1.hash(), LEAF_2.hash());
  private static final String ORIGIN = "audit.example.com/t/7f3a";

  private final MerkleTree tree = MerkleTree.ofLeafHashes(HASHES);
  private final NoteSigner log =
      new NoteSigner(
          ORIGIN,
          VerifierKey.Type.ED25519,
          Ed25519Key.fromSeed(
              HEX.parseHex("000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f")));
  private final NoteSigner witness =
      new NoteSigner(
          "witness.example.net/w1",
          VerifierKey.Type.COSIGNATURE_V1,
          Ed25519Key.fromSeed(
              HEX.parseHex("202122232425262728292a2b2c2d2e2f303132333435363738393a3b3c3d3e3f")));

  @Test
  void leaf() throws IOException {
    assertPage(
        "leaf.md",
        new String(FACTS_0, StandardCharsets.UTF_8),
        new String(PERSONAL_0, StandardCharsets.UTF_8),
        LEAF_0.facts().toString(),
        LEAF_0.personal().toString(),
        HEX.formatHex(LEAF_0.encode()),
        LEAF_0.hash().toString(),
        HEX.formatHex(LEAF_1.encode()),
        LEAF_1.hash().toString(),
        HEX.formatHex(LEAF_2.encode()),
        LEAF_2.hash().toString(),
        String.valueOf(RECORDED_AT));
  }

  @Test
  void tree() throws IOException {
    Hash two = MerkleTree.ofLeafHashes(HASHES.subList(0, 2)).root();
    assertThat(tree.root()).isEqualTo(Rfc6962.nodeHash(two, LEAF_2.hash()));
    assertThat(tree.inclusionProof(1).hashes()).containsExactly(LEAF_0.hash(), LEAF_2.hash());
    assertThat(tree.inclusionProof(2).hashes()).containsExactly(two);
    assertThat(tree.consistencyProof(2).hashes()).containsExactly(LEAF_2.hash());
    assertPage(
        "tree.md",
        Rfc6962.EMPTY_ROOT.toString(),
        LEAF_0.hash().toString(),
        LEAF_1.hash().toString(),
        LEAF_2.hash().toString(),
        two.toString(),
        tree.root().toString());
  }

  @Test
  void tile() throws IOException {
    byte[] bundle = EntryBundle.encode(List.of(LEAF_0.encode(), LEAF_1.encode(), LEAF_2.encode()));
    assertThat(bundle).hasSize(225);
    assertPage(
        "tile.md",
        Tile.in(3, 0, 0).orElseThrow().path(),
        EntryBundle.in(3, 0).orElseThrow().path(),
        HEX.formatHex(bundle),
        HASHES.get(0).toString() + HASHES.get(1) + HASHES.get(2),
        new Tile(0, 1_234_067, 256).path(),
        new Tile(0, 1_234_067, 8).path());
  }

  @Test
  void checkpoint() throws IOException {
    SignedCheckpoint signed = signedCheckpoint();
    assertHolds(
        signed.check(
            new TrustPolicy(
                ORIGIN, List.of(log.verifierKey()), List.of(witness.verifierKey()), 1)));
    assertPage(
        "checkpoint.md",
        log.verifierKey().toString(),
        witness.verifierKey().toString(),
        HEX.formatHex(log.verifierKey().publicKey()),
        signed.note().toString(),
        HEX.formatHex(signed.note().signatures().get(0).bytes()));
  }

  @Test
  void proof() throws IOException {
    LogProof proof = LogProof.ofLeaf(LEAF_1, tree.inclusionProof(1), signedCheckpoint());
    assertHolds(proof.check(TrustPolicy.ofLog(log.verifierKey())));
    assertPage("proof.md", proof.toString());
  }

  /** The limits that the pages state are those of the code. */
  @Test
  void limits() throws IOException {
    assertPage("tile.md", "level from 0 to " + Tile.MAX_LEVEL);
    assertPage(
        "checkpoint.md",
        "| note | " + SignedNote.MAX_BYTES + " bytes |",
        "| signatures of a note | " + SignedNote.MAX_SIGNATURES + " |",
        "| one signature | " + NoteSignature.MAX_SIGNATURE_BYTES + " bytes |",
        "| key name | " + VerifierKey.MAX_NAME_CHARS + " characters |",
        "| origin | " + Checkpoint.MAX_ORIGIN_CHARS + " characters |",
        "| extension lines | " + Checkpoint.MAX_EXTENSIONS + " |");
    assertPage(
        "proof.md",
        "| file | " + LogProof.MAX_BYTES + " bytes |",
        "| extra data | " + LogProof.MAX_EXTRA_BYTES + " bytes |",
        "| hashes | " + InclusionProof.MAX_HASHES + " |");
  }

  @Test
  void anExport() throws IOException {
    String text = Files.readString(pages().resolve("export.md"));
    String example = text.substring(text.indexOf("```\n{\"format\"") + 4, text.lastIndexOf("```"));
    Trust trust = new Trust(List.of(log.verifierKey()), null);
    AuditReport report =
        ExportVerifier.verify(new ByteArrayInputStream(utf8(example)), trust, n -> {});
    assertThat(report.findings()).noneMatch(Finding::breaks);
    assertThat(report.entries()).isEqualTo(3);
    assertThat(example).contains(signedCheckpoint().note().toString().replace("\n", "\\u000a"));
    AuditReport altered =
        ExportVerifier.verify(
            new ByteArrayInputStream(utf8(example.replace("Ana", "Eva"))), trust, n -> {});
    assertThat(altered.findings()).anyMatch(Finding::breaks);
  }

  private SignedCheckpoint signedCheckpoint() throws IOException {
    return new Checkpoint(ORIGIN, 3, tree.root())
        .sign(log)
        .cosign(witness, Instant.parse("2026-11-20T10:00:05Z"));
  }

  /** Each of these is on the page, whatever the line breaks within a long one. */
  private static void assertPage(String page, String... expected) throws IOException {
    String text = Files.readString(pages().resolve(page));
    String joined = text.replaceAll("\\s*\\n {4}", "");
    for (String part : expected) {
      boolean there = text.contains(part) || joined.contains(part);
      assertThat(there).as("%s says%n%s", page, part).isTrue();
    }
  }

  private static Path pages() {
    for (Path at = Path.of("").toAbsolutePath(); at != null; at = at.getParent()) {
      if (Files.isDirectory(at.resolve("docs/formats"))) {
        return at.resolve("docs/formats");
      }
    }
    throw new IllegalStateException("no docs/formats above " + Path.of("").toAbsolutePath());
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
