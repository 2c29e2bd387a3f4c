package dev.indelible.verify;

import static dev.indelible.verify.MerkleTreeTest.assertFails;
import static dev.indelible.verify.MerkleTreeTest.assertHolds;
import static dev.indelible.verify.SignedNoteTest.message;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.indelible.verify.SignedNote.Signers;
import dev.indelible.verify.Verdict.Problem;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class CheckpointTest {

  private static final String ROOT = "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=";
  private static final String EMPTY = Rfc6962.EMPTY_ROOT.toBase64();

  /** A checkpoint of a public log as it was served, with cosignatures of public witnesses. */
  private static final String SERVED =
      """
      arche2025h1.staging.ct.transparency.dev
      1432088532
      U7WM79jrzyhGZ5/GUBTpM7NzwdyfFx61t3RovgcC4Ro=

      — arche2025h1.staging.ct.transparency.dev zTM8sQAAAZ5W0WdjBAMARjBEAiBjW5IQf9pvsYLfQFX6hoGREPMHbdQ3urbllzalApkptQIgIpwtEroeW2BXaHAI4kJXFbon5Ch9MNL5zRNZ55lvGt0=
      — arche2025h1.staging.ct.transparency.dev ui8GwCF1+kWqZrxGdhj4aX3gcw7XUlXQQabg/27lefwhUkzbC3NygNI75MdhL1bfTW9g8Ei59RA23oHP7Ry1k3ZFWwQ=
      — transparency.dev/DEV:witness-little-garden 2AQqhwAAAABqEiEgzgFIqqhbUoDwjMWE6UP8nd8/KYTzwZ2rhIgcqoXHAwVkjZr4AscylP3v7sEodkRAErumC2q44vdgJY096st5BQ==
      — witness1.smartit.nu/witness1 pIyCDwAAAABqEiEghIp82KWebrw7/oHQwlTAm3g2RKS4+eebl8eO0WH+/iEcxZ75W3u5hNI7TOQtmJbqmNWVuE0tgh0XwzdZsDsUAQ==
      — remora.n621.de 2net5wAAAABqEiEgPlfF3V06o0Y+fHM+J5J9s27wgxxcOVSpZ/2g/KSiXCg9DEZI+aVCIobWX9sXTynk5XeU/zZ0WBxtqB0DrAWfBw==
      — witness.stagemole.eu Z/euoAAAAABqEiEgw0i+7g2ENfDAWHmtRzCfKTHSDwYDJA2NmKeGi9Y8FtEyOUvVr+AJmIY/2TUFucgKi7lI7cUiOvKFYe/TmN9DAg==
      """;

  private static final VerifierKey SERVED_LOG =
      VerifierKey.parse(
              "arche2025h1.staging.ct.transparency.dev+ba2f06c0+AU0vHmlGCS/PdN8b2OaGmKprLI8HKM+dJ472xgFYh15f")
          .orThrow();

  private static final List<VerifierKey> SERVED_WITNESSES =
      List.of(
          key("remora.n621.de+da77ade7+BOvN63jn/bLvkieywe8R6UYAtVtNbZpXh34x7onlmtw2"),
          key("witness.stagemole.eu+67f7aea0+BEqSG3yu9YrmcM3BHvQYTxwFj3uSWakQepafafpUqklv"),
          key("witness1.smartit.nu/witness1+a48c820f+BPSFWg9G6KPiO7QPryYO5Xq4oYJJ+kAvLKLSimDhoxMO"),
          key(
              "transparency.dev/DEV:witness-little-garden+d8042a87+BCtusOxINQNUTN5Oj8HObRkh2yHf/MwYaGX4CPdiVEPM"));

  private final NoteSigner log = signer("log.test/t/a", VerifierKey.Type.ED25519, 1);
  private final NoteSigner witness = signer("w.test/1", VerifierKey.Type.COSIGNATURE_V1, 2);
  private final NoteSigner other = signer("w.test/2", VerifierKey.Type.COSIGNATURE_V1, 3);

  @Test
  void aPublicLogsCheckpointHoldsWithItsWitnesses() {
    SignedCheckpoint served = parse(SERVED).orThrow();
    assertThat(served.checkpoint().size()).isEqualTo(1_432_088_532L);
    assertThat(new String(served.encode(), StandardCharsets.UTF_8)).isEqualTo(SERVED);
    TrustPolicy policy =
        new TrustPolicy(SERVED_LOG.name(), List.of(SERVED_LOG), SERVED_WITNESSES, 4);
    assertHolds(served.check(policy));
    assertFails(
        Problem.BAD_SIGNATURE,
        parse(SERVED.replace("1432088532", "1432088533")).orThrow().check(policy));
  }

  @Test
  void theExampleOfTheDocumentIsRead() {
    String text = "example.com/behind-the-sofa\n20852163\n" + ROOT + "\n";
    assertThat(Checkpoint.parse(text).orThrow())
        .isEqualTo(
            new Checkpoint(
                "example.com/behind-the-sofa", 20_852_163, Hash.fromBase64(ROOT).orThrow()));
    assertThat(Checkpoint.parse(text + "ext 1\next 2\n").orThrow().extensions())
        .containsExactly("ext 1", "ext 2");
    assertThat(Checkpoint.parse(text + "ext 1\n").orThrow().text()).isEqualTo(text + "ext 1\n");
  }

  @Test
  void isSignedCosignedWrittenAndReadAgain() {
    Checkpoint checkpoint = new Checkpoint("log.test/t/a", 0, Rfc6962.EMPTY_ROOT);
    SignedCheckpoint signed =
        checkpoint.sign(log).cosign(witness, Instant.ofEpochSecond(1_700_000_000));
    SignedCheckpoint read = SignedCheckpoint.parse(signed.encode()).orThrow();
    assertThat(read).isEqualTo(signed);
    assertHolds(read.check(TrustPolicy.ofLog(log.verifierKey())));
    assertHolds(read.check(policy(1)));
    assertThat(read.check(policy(2)))
        .isEqualTo(
            new Verdict.Fails(Problem.UNSIGNED, "cosigned by 1 witnesses, not by 2 or more"));
    assertHolds(read.cosign(other, Instant.ofEpochSecond(1)).check(policy(2)));
  }

  @Test
  void aWitnessCannotStandInForTheLogNorAnotherLogForThisOne() {
    Checkpoint checkpoint = new Checkpoint("log.test/t/a", 0, Rfc6962.EMPTY_ROOT);
    String text = checkpoint.text();
    SignedCheckpoint witnessed =
        new SignedCheckpoint(
            checkpoint, SignedNote.of(text, witness.cosign(text, Instant.ofEpochSecond(1))));
    assertFails(Problem.UNSIGNED, witnessed.check(policy(1)));
    SignedCheckpoint elsewhere = new Checkpoint("log.test/t/b", 0, Rfc6962.EMPTY_ROOT).sign(log);
    assertFails(Problem.WRONG_ORIGIN, elsewhere.check(TrustPolicy.ofLog(log.verifierKey())));
    SignedCheckpoint twice =
        checkpoint
            .sign(log)
            .cosign(witness, Instant.ofEpochSecond(1))
            .cosign(witness, Instant.ofEpochSecond(2));
    assertThat(twice.note().signatures()).hasSize(3);
    assertFails(Problem.UNSIGNED, twice.check(policy(2)));
  }

  @Test
  void aRotatedKeyAndTheOldOneBothCountWhileBothSign() {
    NoteSigner next = signer("log.test/t/a", VerifierKey.Type.ED25519, 9);
    SignedCheckpoint signed = new Checkpoint("log.test/t/a", 0, Rfc6962.EMPTY_ROOT).sign(log);
    SignedCheckpoint both =
        new SignedCheckpoint(
            signed.checkpoint(), signed.note().with(next.sign(signed.note().text())));
    assertHolds(both.check(TrustPolicy.ofLog(log.verifierKey())));
    assertHolds(both.check(TrustPolicy.ofLog(next.verifierKey())));
    assertThat(both.note().verify(List.of(next.verifierKey(), log.verifierKey())))
        .isEqualTo(new Signers.Known(List.of(log.verifierKey(), next.verifierKey())));
  }

  @Test
  void whatIsNoCheckpointIsRefusedWithItsLine() {
    assertMalformed("", "checkpoint, line 1: does not end in a newline");
    assertMalformed("o\n1\n" + ROOT, "checkpoint, line 1: does not end in a newline");
    assertMalformed("o\n1\n", "checkpoint, line 2: has 2 lines");
    assertMalformed("\n1\n" + ROOT + "\n", "checkpoint, line 1: is empty");
    assertMalformed("o\n1\n" + ROOT + "\n\n", "checkpoint, line 4: is empty");
    assertMalformed("o\n1\n" + ROOT + "\r\n", "checkpoint, line 3: is empty or has a control");
    assertMalformed("o\n1\n" + ROOT + "\n" + "e\n".repeat(17), "checkpoint, line 20: has 20 lines");
    for (String size :
        List.of("01", "-1", "+1", "1 ", "1e3", "0x1", "9223372036854775808", "٣", "00")) {
      assertMalformed("o\n" + size + "\n" + ROOT + "\n", "checkpoint, line 2: a size is a decimal");
    }
    assertMalformed("o\n1\nAAAA\n", "checkpoint, line 3: a hash has 32 bytes, this one 3");
    assertMalformed(
        "o\n1\n" + ROOT.replace("2I=", "2J=") + "\n",
        "checkpoint, line 3: a hash is not canonical");
    assertMalformed("o\n1\n" + ROOT.replace("=", "") + "\n", "checkpoint, line 3: a hash is not");
    assertMalformed("o\n0\n" + ROOT + "\n", "checkpoint, line 3: is not the root of the empty");
    assertMalformed("o".repeat(256) + "\n0\n" + EMPTY + "\n", "checkpoint, line 1: an origin has");
  }

  @Test
  void acceptsWhatIsJustWithinTheLimits() {
    String text =
        "o".repeat(Checkpoint.MAX_ORIGIN_CHARS)
            + "\n9223372036854775807\n"
            + ROOT
            + "\n"
            + "e\n".repeat(Checkpoint.MAX_EXTENSIONS);
    assertThat(Checkpoint.parse(text).orThrow().text()).isEqualTo(text);
    assertThat(Checkpoint.parse("o\n0\n" + EMPTY + "\n")).isInstanceOf(Parsed.Ok.class);
  }

  @Test
  void aCheckpointThatCannotBeReadAgainCannotBeMade() {
    for (String origin : List.of("", "a\nb", "a\tb", "\udc00", "o".repeat(256))) {
      assertThatThrownBy(() -> new Checkpoint(origin, 0, Rfc6962.EMPTY_ROOT))
          .isInstanceOf(IllegalArgumentException.class);
    }
    assertThatThrownBy(() -> new Checkpoint("o", 0, Leaf.NO_PERSONAL)).hasMessageContaining("0");
    assertThatThrownBy(() -> new Checkpoint("o", -1, Leaf.NO_PERSONAL)).hasMessageContaining("-1");
    assertThatThrownBy(() -> new TrustPolicy("o", List.of(witness.verifierKey()), List.of(), 0))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new TrustPolicy("o", List.of(log.verifierKey()), List.of(), 1))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private TrustPolicy policy(int quorum) {
    return new TrustPolicy(
        "log.test/t/a",
        List.of(log.verifierKey()),
        List.of(witness.verifierKey(), other.verifierKey()),
        quorum);
  }

  static NoteSigner signer(String name, VerifierKey.Type type, int seed) {
    byte[] bytes = new byte[Ed25519Key.SEED_BYTES];
    bytes[0] = (byte) seed;
    return new NoteSigner(name, type, Ed25519Key.fromSeed(bytes));
  }

  private static VerifierKey key(String text) {
    return VerifierKey.parse(text).orThrow();
  }

  private static Parsed<SignedCheckpoint> parse(String note) {
    return SignedCheckpoint.parse(note.getBytes(StandardCharsets.UTF_8));
  }

  private static void assertMalformed(String text, String message) {
    assertThat(message(Checkpoint.parse(text))).startsWith(message);
  }
}
