package dev.indelible.verify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.security.KeyFactory;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Tests cosignatures with ML-DSA-44, which say less than those with Ed25519 and name more. */
class MlDsaCosignatureTest {

  private static final Instant NOW = Instant.parse("2026-11-21T10:00:00Z");
  private static final String NAME = "witness.example.net/w1";
  private static final Checkpoint CHECKPOINT =
      new Checkpoint("log.example/t", 3, Rfc6962.leafHash(new byte[] {1}));

  private final MlDsa44Key key = MlDsa44Key.generate();
  private final NoteSigner witness = new NoteSigner(NAME, key);

  private static boolean isKnown(SignedNote note, VerifierKey key) {
    return note.verify(List.of(key)) instanceof SignedNote.Signers.Known;
  }

  @Test
  void theSignedMessageIsThatOfTheSpecification() throws Exception {
    NoteSignature signature = witness.cosign(CHECKPOINT.text(), NOW);
    byte[] bytes = signature.bytes();
    assertThat(bytes).hasSize(8 + 2420);
    assertThat(ByteBuffer.wrap(bytes).getLong()).isEqualTo(NOW.getEpochSecond());
    assertThat(signature.cosignedAt()).hasValue(NOW);
    String message =
        HexFormat.of().formatHex("subtree/v1\n\0".getBytes("US-ASCII"))
            + "16"
            + HexFormat.of().formatHex(NAME.getBytes("US-ASCII"))
            + "%016x".formatted(NOW.getEpochSecond())
            + "0d"
            + HexFormat.of().formatHex("log.example/t".getBytes("US-ASCII"))
            + "0000000000000000"
            + "0000000000000003"
            + HexFormat.of().formatHex(CHECKPOINT.root().toBytes());
    Signature other = Signature.getInstance("ML-DSA-44");
    other.initVerify(
        KeyFactory.getInstance("ML-DSA-44")
            .generatePublic(new X509EncodedKeySpec(witness.verifierKey().subjectPublicKeyInfo())));
    other.update(HexFormat.of().parseHex(message));
    assertThat(other.verify(bytes, 8, 2420)).isTrue();
  }

  @Test
  void itCountsForItsNameTimeOriginSizeAndRootAlone() {
    String text = CHECKPOINT.text();
    NoteSignature signature = witness.cosign(text, NOW);
    VerifierKey own = witness.verifierKey();
    assertThat(isKnown(SignedNote.of(text, signature), own)).isTrue();
    assertThat(isKnown(SignedNote.of(text + "an extension\n", signature), own))
        .as("nothing is said of further lines")
        .isTrue();
    for (String other :
        List.of(
            text.replace("\n3\n", "\n4\n"),
            text.replace("log.example", "log.example2"),
            text.replace(CHECKPOINT.root().toBase64(), Rfc6962.EMPTY_ROOT.toBase64()),
            "no checkpoint\n")) {
      assertThat(SignedNote.of(other, signature).verify(List.of(own)))
          .isInstanceOf(SignedNote.Signers.Rejected.class);
    }
    byte[] later = signature.bytes();
    later[7] ^= 1;
    assertThat(isKnown(SignedNote.of(text, signed(own, later)), own)).isFalse();
    byte[] never = signature.bytes();
    java.util.Arrays.fill(never, 0, 8, (byte) 0);
    assertThat(isKnown(SignedNote.of(text, signed(own, never)), own)).isFalse();
    assertThat(isKnown(SignedNote.of(text, signed(own, new byte[8])), own)).isFalse();
    VerifierKey renamed = VerifierKey.of("w.example/2", own.type(), own.publicKey());
    assertThat(isKnown(SignedNote.of(text, signed(renamed, signature.bytes())), renamed))
        .as("the message names who cosigns")
        .isFalse();
  }

  private static NoteSignature signed(VerifierKey by, byte[] bytes) {
    return new NoteSignature(by.name(), by.id(), bytes);
  }

  @Test
  void aKeyIsReadAsItIsWritten() {
    VerifierKey own = witness.verifierKey();
    String text = own.toString();
    assertThat(VerifierKey.parse(text).orThrow()).isEqualTo(own);
    assertThat(text.length()).isLessThan(VerifierKey.MAX_CHARS);
    assertThat(VerifierKey.parse(text.substring(0, text.length() - 4)))
        .isInstanceOfSatisfying(
            Parsed.Malformed.class,
            malformed -> assertThat(malformed.problem()).contains("not 1312"));
    assertThatThrownBy(() -> VerifierKey.of(NAME, VerifierKey.Type.ML_DSA_44, new byte[32]))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(MlDsa44Key.of(key.toPkcs8(), key.publicKey())).isInstanceOf(Parsed.Ok.class);
    assertThat(MlDsa44Key.of(key.toPkcs8(), MlDsa44Key.generate().publicKey()))
        .isInstanceOf(Parsed.Malformed.class);
    assertThat(MlDsa44Key.of(new byte[] {1}, key.publicKey())).isInstanceOf(Parsed.Malformed.class);
  }

  @Test
  void itIsAWitnessesKeyAndNoLogs() {
    assertThatThrownBy(() -> witness.sign("a\n")).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> new TrustPolicy("o", List.of(witness.verifierKey()), List.of(), 0))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(Quorum.of(1, List.of(witness.verifierKey())).fewest()).isEqualTo(1);
    assertThatThrownBy(() -> witness.cosign("no checkpoint\n", NOW))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> witness.cosign(CHECKPOINT.text(), Instant.EPOCH))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
