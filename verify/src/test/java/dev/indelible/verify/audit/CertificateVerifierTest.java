package dev.indelible.verify.audit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.indelible.verify.CertificateSeal;
import dev.indelible.verify.Checkpoint;
import dev.indelible.verify.Ed25519Key;
import dev.indelible.verify.Hash;
import dev.indelible.verify.Leaf;
import dev.indelible.verify.MerkleTree;
import dev.indelible.verify.NoteSigner;
import dev.indelible.verify.SignedCheckpoint;
import dev.indelible.verify.SignedNote;
import dev.indelible.verify.VerifierKey;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Certificates that are made by hand, and lies that are sealed with the log's own key. */
class CertificateVerifierTest {

  private static final String ORIGIN = "audit.example.com/t/7f3a";
  private static final long MILLIS = 1_790_000_000_000L;
  private static final byte[] SALT = new byte[Leaf.SALT_BYTES];
  private static final String FACTS =
      "{\"id\":\"purge-1\",\"action\":\"audit.entries.purge\",\"details\":{\"ranges\":[[0,2],[3,4]],\"entries\":3}}";
  private static final String SEAL = ",\"seal\":";

  private final NoteSigner log = signer(1);
  private final Trust trust = new Trust(List.of(log.verifierKey()), null);

  private static NoteSigner signer(int seed) {
    byte[] bytes = new byte[Ed25519Key.SEED_BYTES];
    Arrays.fill(bytes, (byte) seed);
    return new NoteSigner(ORIGIN, VerifierKey.Type.ED25519, Ed25519Key.fromSeed(bytes));
  }

  /** The certificate of a record that is the last of five leaves. */
  private ObjectNode certificate(String facts) throws Exception {
    List<Leaf> leaves = List.of(leaf("0"), leaf("1"), leaf("2"), leaf("3"), leaf(facts));
    MerkleTree tree = MerkleTree.ofLeafHashes(leaves.stream().map(Leaf::hash).toList());
    Checkpoint checkpoint = new Checkpoint(ORIGIN, 5, tree.root());
    ObjectNode json = JsonMapper.shared().createObjectNode();
    json.put("certificate", "deletion").put("version", 1).put("statement", "3 entries are gone");
    json.put("tenant", "acme").put("origin", ORIGIN).put("record_seq", 4).put("kind", "purge");
    json.set("deleted", JsonMapper.shared().readTree("{\"ranges\":[[0,2],[3,4]],\"entries\":3}"));
    ObjectNode proof = json.putObject("proof").put("seq", 4);
    proof.put("leaf", base64(leaves.get(4).encode()));
    proof.putObject("facts").put("text", facts).put("salt", base64(SALT));
    ArrayNode inclusion = proof.putArray("inclusion");
    tree.inclusionProof(4).hashes().stream().map(Hash::toBase64).forEach(inclusion::add);
    proof.put(
        "checkpoint", SignedNote.of(checkpoint.text(), log.sign(checkpoint.text())).toString());
    proof.putArray("verifier_keys").add(log.verifierKey().toString());
    return json;
  }

  private static Leaf leaf(String facts) {
    return new Leaf(
        MILLIS, Leaf.digest(SALT, facts.getBytes(StandardCharsets.UTF_8)), Leaf.NO_PERSONAL);
  }

  private static String base64(byte[] bytes) {
    return Base64.getEncoder().encodeToString(bytes);
  }

  private static byte[] sealed(ObjectNode json, NoteSigner by) {
    String open = json.toString();
    byte[] bytes = open.substring(0, open.length() - 1).getBytes(StandardCharsets.UTF_8);
    String text = CertificateSeal.over(ORIGIN, bytes, bytes.length).text();
    String seal =
        JsonMapper.shared().writeValueAsString(SignedNote.of(text, by.sign(text)).toString());
    return (open.substring(0, open.length() - 1) + SEAL + seal + "}")
        .getBytes(StandardCharsets.UTF_8);
  }

  private List<String> breaking(byte[] certificate) {
    AuditReport report = CertificateVerifier.verify(certificate, trust);
    List<String> codes =
        report.findings().stream().filter(Finding::breaks).map(Finding::code).toList();
    assertThat(report.broken()).isEqualTo(!codes.isEmpty());
    return codes;
  }

  @Test
  void aCertificateOfWhatTheLogRecordedHolds() throws Exception {
    AuditReport report = CertificateVerifier.verify(sealed(certificate(FACTS), log), trust);
    assertThat(report.broken()).as("%s", report.findings()).isFalse();
    assertThat(report.findings()).contains(new Finding.Certified(3, true, 4, MILLIS));
    assertThat(report.findings().stream().map(Finding::sentence).collect(Collectors.joining()))
        .contains("The content of 3 entries was deleted: entry 4 of the log says so");
  }

  @Test
  void aCertificateFromBeforeTheHeldCheckpointIsNoSignOfARollback() throws Exception {
    Checkpoint newer = new Checkpoint(ORIGIN, 9, leaf("newer").hash());
    SignedCheckpoint held =
        SignedCheckpoint.parse(
                SignedNote.of(newer.text(), log.sign(newer.text()))
                    .toString()
                    .getBytes(StandardCharsets.UTF_8))
            .orThrow();
    AuditReport report =
        CertificateVerifier.verify(
            sealed(certificate(FACTS), log), new Trust(List.of(log.verifierKey()), held));
    assertThat(report.broken()).as("%s", report.findings()).isFalse();
    assertThat(report.findings()).contains(new Finding.CheckpointNotReached(9, 5));
  }

  @Test
  @Tag("long")
  void everyByteIsSealed() throws Exception {
    areSealed(0, 1);
  }

  /** Which of four is left to chance. */
  @Test
  void everyFourthByteIsSealed() throws Exception {
    long seed = System.nanoTime();
    System.out.println("seed " + seed);
    areSealed(new Random(seed).nextInt(4), 4);
  }

  private void areSealed(int first, int step) throws Exception {
    byte[] certificate = sealed(certificate(FACTS), log);
    for (int i = first; i < certificate.length; i += step) {
      byte[] changed = certificate.clone();
      changed[i] ^= 1;
      assertThat(breaking(changed)).as("byte %d: %s", i, (char) certificate[i]).isNotEmpty();
    }
    byte[] longer = Arrays.copyOf(certificate, certificate.length + 1);
    longer[certificate.length] = '\n';
    assertThat(breaking(longer)).isNotEmpty();
    assertThat(breaking(Arrays.copyOf(certificate, certificate.length - 1))).isNotEmpty();
    assertThat(breaking(new byte[0])).isNotEmpty();
  }

  @Test
  void anothersSealIsNotBelieved() throws Exception {
    assertThat(breaking(sealed(certificate(FACTS), signer(2)))).containsExactly("seal_bad");
  }

  @Test
  void aKeyThatTheReaderHoldsIsBelievedBeforeThatOfTheCertificate() throws Exception {
    byte[] certificate = sealed(certificate(FACTS), log);
    Trust other = new Trust(List.of(signer(2).verifierKey()), null);
    assertThat(CertificateVerifier.verify(certificate, other).broken()).isTrue();
    AuditReport report = CertificateVerifier.verify(certificate, Trust.NOTHING);
    assertThat(report.broken()).isFalse();
    assertThat(report.findings().stream().map(Finding::sentence))
        .anyMatch(sentence -> sentence.contains("You gave no key"));
  }

  @Test
  void aSealedLieIsContradictedByTheRecord() throws Exception {
    ObjectNode fewer = certificate(FACTS);
    fewer.set("deleted", JsonMapper.shared().readTree("{\"ranges\":[[0,2]],\"entries\":2}"));
    assertThat(breaking(sealed(fewer, log))).containsExactly("contradicted");
    ObjectNode otherKind = certificate(FACTS);
    otherKind.put("kind", "erasure");
    assertThat(breaking(sealed(otherKind, log))).containsExactly("contradicted");
    ObjectNode otherRecord = certificate(FACTS);
    otherRecord.put("record_seq", 3);
    assertThat(breaking(sealed(otherRecord, log))).containsExactly("contradicted");
    assertThat(breaking(sealed(certificate("{\"action\":\"user.login\"}"), log)))
        .containsExactly("contradicted");
  }

  @Test
  void aRecordThatTheLogDoesNotHoldCertifiesNothing() throws Exception {
    ObjectNode notRecorded = certificate(FACTS);
    ((ObjectNode) notRecorded.get("proof")).put("leaf", base64(leaf("else").encode()));
    assertThat(breaking(sealed(notRecorded, log))).containsExactly("altered", "not_in_tree");
    ObjectNode otherFacts = certificate(FACTS);
    ((ObjectNode) otherFacts.get("proof").get("facts"))
        .put("text", FACTS.replace("[3,4]", "[3,5]"));
    assertThat(breaking(sealed(otherFacts, log))).containsExactly("altered", "contradicted");
  }
}
