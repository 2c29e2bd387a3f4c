package dev.indelible.verify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.indelible.verify.SignedNote.Signers;
import dev.indelible.verify.Verdict.Problem;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SignedNoteTest {

  /** The example of c2sp.org/signed-note, with its key. */
  private static final String SPEC_KEY =
      "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k";

  private static final String SPEC_NOTE =
      "This is an example message.\n\n"
          + "— example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3m"
          + "FXmRKuwHjG1Yu72IneyaQM=\n";

  /** The example of its first version, whose key was not published. */
  private static final String POEM =
      """
      Ognuno sta solo sul cuor della terra
      trafitto da un raggio di sole:

      ed è subito sera.

      — quasimodo.example/salvatore NnugSzTjtVAewIS+Z/iJhUPeFDkO/5QQ2i5ddnGITLlC+EhfLW9oJKONrMouFSQU0xMcXxj99ihAQwaqP3ZekRwNtIc=
      """;

  /** The key and note in the documentation of Go's sumdb/note, with the published seed. */
  private static final String GO_KEY =
      "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";

  private static final String GO_SIGNER = "AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz";

  private static final String GO_TEXT =
      """
      If you think cryptography is the answer to your problem,
      then you don't know what your problem is.
      """;

  private static final String GO_LINE =
      "— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE"
          + "6RyyBwJnAM=";

  private static final byte[] SEED = HexFormat.of().parseHex("11".repeat(32));

  @Test
  void theExampleOfTheDocumentVerifies() {
    SignedNote note = parse(SPEC_NOTE).orThrow();
    VerifierKey key = VerifierKey.parse(SPEC_KEY).orThrow();
    assertThat(note.text()).isEqualTo("This is an example message.\n");
    assertThat(note.verify(List.of(key))).isEqualTo(new Signers.Known(List.of(key)));
    assertThat(note).hasToString(SPEC_NOTE);
    assertThat(key).hasToString(SPEC_KEY);
    assertThat(key.id()).isEqualTo(0x530d903a);
    assertThat(parse(SPEC_NOTE.replace("example message", "example massage")).orThrow())
        .satisfies(altered -> assertRejected(Problem.BAD_SIGNATURE, altered, key));
  }

  @Test
  void aTextWithEmptyLinesEndsAtTheLastOne() {
    SignedNote note = parse(POEM).orThrow();
    assertThat(note.text()).endsWith("\n\ned è subito sera.\n");
    assertThat(note.signatures().get(0).keyName()).isEqualTo("quasimodo.example/salvatore");
    assertThat(note.signatures().get(0).keyId()).isEqualTo(0x367ba04b);
    assertThat(note.encode()).isEqualTo(POEM.getBytes(StandardCharsets.UTF_8));
    assertRejected(Problem.UNSIGNED, note, VerifierKey.parse(SPEC_KEY).orThrow());
  }

  @Test
  void signsByteForByteAsTheGoImplementationDoes() {
    byte[] typeAndSeed = Base64.getDecoder().decode(GO_SIGNER);
    byte[] seed = Arrays.copyOfRange(typeAndSeed, 1, typeAndSeed.length);
    NoteSigner signer =
        new NoteSigner("PeterNeumann", VerifierKey.Type.ED25519, Ed25519Key.fromSeed(seed));
    assertThat(signer.verifierKey()).hasToString(GO_KEY);
    assertThat(signer.sign(GO_TEXT).line()).isEqualTo(GO_LINE);
    assertThat(NoteSignature.parse(GO_LINE)).isEqualTo(new Parsed.Ok<>(signer.sign(GO_TEXT)));
  }

  @Test
  void keysHaveThePublicHalfAndSignatureOfRfc8032() {
    Ed25519Key key =
        Ed25519Key.fromSeed(
            HexFormat.of()
                .parseHex("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60"));
    assertThat(HexFormat.of().formatHex(key.publicKey()))
        .isEqualTo("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a");
    assertThat(HexFormat.of().formatHex(key.sign(new byte[0])))
        .isEqualTo(
            "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9"
                + "b46bd25bf5f0595bbe24655141438e7a100b");
    Ed25519Key again = Ed25519Key.fromPkcs8(key.toPkcs8()).orThrow();
    assertThat(again.publicKey()).isEqualTo(key.publicKey());
    assertThat(again.sign(SEED)).isEqualTo(key.sign(SEED));
    assertThat(Ed25519Key.fromPkcs8(new byte[] {1, 2, 3})).isInstanceOf(Parsed.Malformed.class);
    assertThatThrownBy(() -> Ed25519Key.fromSeed(new byte[31])).hasMessageContaining("32 bytes");
  }

  @Test
  void signaturesOfOthersAreIgnoredEvenWithTheSameNameOrTheSameId() {
    NoteSigner log = signer("log.test/a");
    VerifierKey sameName =
        new NoteSigner("log.test/a", VerifierKey.Type.ED25519, Ed25519Key.fromSeed(new byte[32]))
            .verifierKey();
    SignedNote note =
        SignedNote.of("text\n", log.sign("text\n"))
            .with(new NoteSignature("log.test/b", log.verifierKey().id(), new byte[64]))
            .with(new NoteSignature("log.test/a", 7, new byte[64]));
    assertThat(note.verify(List.of(sameName, log.verifierKey())))
        .isEqualTo(new Signers.Known(List.of(log.verifierKey())));
    assertRejected(Problem.UNSIGNED, note, sameName);
    assertRejected(
        Problem.BAD_SIGNATURE,
        note.with(new NoteSignature("log.test/a", log.verifierKey().id(), new byte[64])),
        log.verifierKey());
    assertThat(note.with(log.sign("text\n"))).isSameAs(note);
  }

  @Test
  void aCosignatureCountsForItsTimeAndTextOnlyAndNotAsALogsSignature() {
    String text = new Checkpoint("log.test/a", 0, Rfc6962.EMPTY_ROOT).text();
    Ed25519Key key = Ed25519Key.fromSeed(SEED);
    NoteSigner witness = new NoteSigner("witness.test/w", VerifierKey.Type.COSIGNATURE_V1, key);
    NoteSignature cosignature = witness.cosign(text, Instant.ofEpochSecond(1_679_315_147));
    assertThat(cosignature.bytes()).hasSize(72).startsWith(0, 0, 0, 0, 0x64, 0x18, 0x50, 0xcb);
    SignedNote note = SignedNote.of(text, cosignature);
    assertThat(note.verify(List.of(witness.verifierKey()))).isInstanceOf(Signers.Known.class);
    VerifierKey asLog = VerifierKey.of("witness.test/w", VerifierKey.Type.ED25519, key.publicKey());
    assertThat(asLog.id()).isNotEqualTo(witness.verifierKey().id());
    assertRejected(Problem.UNSIGNED, note, asLog);
    byte[] later = cosignature.bytes();
    later[7]++;
    SignedNote moved =
        SignedNote.of(text, new NoteSignature("witness.test/w", cosignature.keyId(), later));
    assertRejected(Problem.BAD_SIGNATURE, moved, witness.verifierKey());
    assertThatThrownBy(() -> witness.sign(text)).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> signer("a").cosign(text, Instant.EPOCH))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  @Tag("long")
  void everyBitOfASignatureCounts() {
    bitsOfASignatureCount(0, 1);
  }

  /** Which of five is left to chance. */
  @Test
  void everyFifthBitOfASignatureCounts() {
    long seed = System.nanoTime();
    System.out.println("seed " + seed);
    bitsOfASignatureCount(new Random(seed).nextInt(5), 5);
  }

  private static void bitsOfASignatureCount(int first, int step) {
    NoteSigner signer = signer("log.test/a");
    NoteSignature good = signer.sign("text\n");
    for (int bit = first; bit < 8 * Ed25519Key.SIGNATURE_BYTES; bit += step) {
      byte[] bytes = good.bytes();
      bytes[bit / 8] ^= (byte) (1 << bit % 8);
      SignedNote note =
          SignedNote.of("text\n", new NoteSignature(good.keyName(), good.keyId(), bytes));
      assertRejected(Problem.BAD_SIGNATURE, note, signer.verifierKey());
    }
    SignedNote cut =
        SignedNote.of(
            "text\n", new NoteSignature(good.keyName(), good.keyId(), new byte[] {1, 2, 3}));
    assertRejected(Problem.BAD_SIGNATURE, cut, signer.verifierKey());
  }

  @Test
  void whatIsNoNoteIsRefusedWithItsLine() {
    String line = GO_LINE + "\n";
    assertMalformed("", "note, line 1: no empty line");
    assertMalformed("text\n", "note, line 1: no empty line");
    assertMalformed("text\n\n", "note, line 3: no signature follows");
    assertMalformed("text\n\n" + GO_LINE, "note, end: the last line does not end in a newline");
    assertMalformed("text\n\n" + line + "x\n", "note, line 4: a signature line begins");
    assertMalformed("text\n\n- PeterNeumann x08g\n", "note, line 3: a signature line begins");
    assertMalformed("text\n\n— PeterNeumann\n", "note, line 3: a signature line has a name");
    assertMalformed("text\n\n—  x08go/ZJkg==\n", "note, line 3: the key name is empty");
    assertMalformed("text\n\n— a+b x08go/ZJkg==\n", "note, line 3: the key name is empty");
    assertMalformed("text\n\n— a\u00a0b x08go/ZJkg==\n", "note, line 3: the key name is empty");
    assertMalformed("text\n\n— a x08go/ZJkg==\n— a  x08go/ZJkg==\n", "note, line 4: the sig");
    assertMalformed("text\n\n— a x08go/ZJkg\n", "note, line 3: the signature is not canonical");
    assertMalformed("text\n\n— a x08go/ZJkh==\n", "note, line 3: the signature is not canonical");
    assertMalformed("text\n\n— a x08go/ZJkg== \n", "note, line 3: the signature is not canonical");
    assertMalformed(
        "text\n\n— a AAAAAA==\n", "note, line 3: a key id and a signature do not have 4");
    assertMalformed("a\r\n\n" + line, "note, line 1: has the control character U+000D");
    assertMalformed("a\nb\t\n\n" + line, "note, line 2: has the control character U+0009");
    byte[] notUtf8 = ("a\u00e9\n\n" + line).getBytes(StandardCharsets.ISO_8859_1);
    assertThat(message(SignedNote.parse(notUtf8))).isEqualTo("note, byte 1: is not UTF-8");
  }

  @Test
  void notesHaveLimitsAndSixteenSignaturesFit() {
    String line = GO_LINE + "\n";
    assertThat(parse("text\n\n" + line.repeat(SignedNote.MAX_SIGNATURES)))
        .isInstanceOf(Parsed.Ok.class);
    assertMalformed(
        "text\n\n" + line.repeat(SignedNote.MAX_SIGNATURES + 1),
        "note, line 67: has more than 64 signatures");
    String postQuantum = "— a " + Base64.getEncoder().encodeToString(new byte[4 + 4627]) + "\n";
    assertThat(parse("text\n\n" + postQuantum.repeat(16))).isInstanceOf(Parsed.Ok.class);
    String longest =
        Base64.getEncoder().encodeToString(new byte[4 + NoteSignature.MAX_SIGNATURE_BYTES]);
    assertThat(parse("text\n\n— a " + longest + "\n")).isInstanceOf(Parsed.Ok.class);
    String longer =
        Base64.getEncoder().encodeToString(new byte[5 + NoteSignature.MAX_SIGNATURE_BYTES]);
    assertMalformed(
        "text\n\n— a " + longer + "\n", "note, line 3: a key id and a signature do not");
    String full =
        "x".repeat(SignedNote.MAX_BYTES - line.getBytes(StandardCharsets.UTF_8).length - 2);
    assertThat(parse(full + "\n\n" + line)).isInstanceOf(Parsed.Ok.class);
    assertMalformed("x" + full + "\n\n" + line, "note, start: has 262145 bytes");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "a",
        "a+b",
        "+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
        "example.com/foo+530d903b+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
        "example.com/foo+530D903A+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
        "example.com/fop+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
        "example com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
        "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2",
        "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k ",
        "example.com/foo+530d903a+AukyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
        "example.com/foo+530d903a+AQ==",
        "example.com/foo+530d903a+"
      })
  void anyOtherSpellingOfAKeyIsRefused(String text) {
    assertThat(VerifierKey.parse(text)).isInstanceOf(Parsed.Malformed.class);
  }

  @Test
  void keyNamesAreBounded() {
    byte[] publicKey = Ed25519Key.fromSeed(SEED).publicKey();
    String longest = "n".repeat(VerifierKey.MAX_NAME_CHARS);
    VerifierKey key = VerifierKey.of(longest, VerifierKey.Type.ED25519, publicKey);
    assertThat(VerifierKey.parse(key.toString())).isEqualTo(new Parsed.Ok<>(key));
    for (String bad : List.of(longest + "n", "", "a b", "a+b", "a\u2003b", "a\u0085b", "\ud800")) {
      assertThatThrownBy(() -> VerifierKey.of(bad, VerifierKey.Type.ED25519, publicKey))
          .isInstanceOf(IllegalArgumentException.class);
    }
    assertThat(message(VerifierKey.parse("n".repeat(VerifierKey.MAX_CHARS + 1))))
        .contains("longer than " + VerifierKey.MAX_CHARS);
  }

  private static NoteSigner signer(String name) {
    return new NoteSigner(name, VerifierKey.Type.ED25519, Ed25519Key.fromSeed(SEED));
  }

  private static Parsed<SignedNote> parse(String note) {
    return SignedNote.parse(note.getBytes(StandardCharsets.UTF_8));
  }

  private static void assertRejected(Problem problem, SignedNote note, VerifierKey... keys) {
    assertThat(note.verify(List.of(keys)))
        .isInstanceOfSatisfying(
            Signers.Rejected.class,
            rejected -> assertThat(rejected.failure().problem()).isEqualTo(problem));
  }

  private static void assertMalformed(String note, String message) {
    assertThat(message(parse(note))).startsWith(message);
  }

  static String message(Parsed<?> parsed) {
    return parsed instanceof Parsed.Malformed<?> malformed ? malformed.message() : "well-formed";
  }
}
