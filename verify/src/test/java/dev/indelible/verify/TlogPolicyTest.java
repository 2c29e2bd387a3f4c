package dev.indelible.verify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Tests policy files, and whom their quorums are content with. */
class TlogPolicyTest {

  private static VerifierKey key(String name, VerifierKey.Type type, int number) {
    return CheckpointTest.signer(name, type, number).verifierKey();
  }

  private static VerifierKey log(int number) {
    return key("log.test/t/" + number, VerifierKey.Type.ED25519, 100 + number);
  }

  private static VerifierKey witness(int number) {
    return key("w.test/" + number, VerifierKey.Type.COSIGNATURE_V1, number);
  }

  private static String witnesses(int from, int to) {
    StringBuilder lines = new StringBuilder();
    IntStream.rangeClosed(from, to)
        .forEach(n -> lines.append("witness w" + n + " " + witness(n) + "\n"));
    return lines.toString();
  }

  private static Parsed<TlogPolicy> parse(String text) {
    return TlogPolicy.parse(text.getBytes(StandardCharsets.UTF_8));
  }

  private static boolean reached(TlogPolicy policy, int... signers) {
    return policy
        .quorum()
        .isReachedBy(IntStream.of(signers).mapToObj(TlogPolicyTest::witness).toList());
  }

  @Test
  void groupsOfGroupsAskForSomeOfEach() {
    TlogPolicy policy =
        parse(
                "# two houses\n\n"
                    + "log "
                    + log(1)
                    + " https://log.test/1\n\t log "
                    + log(2)
                    + " \n"
                    + witnesses(1, 6)
                    + "group X 2 w1 w2 w3\n"
                    + "group Y any w4 w5\t w6\n"
                    + "group both all X Y\n"
                    + "quorum both\n")
            .orThrow();
    assertThat(policy.logs())
        .containsExactly(
            new TlogPolicy.Log(log(1), "https://log.test/1"), new TlogPolicy.Log(log(2), null));
    assertThat(policy.witnesses()).hasSize(6);
    assertThat(policy.quorum().fewest()).isEqualTo(3);
    assertThat(policy.quorum().words()).isEqualTo("2 of (2 of (w1, w2, w3), 1 of (w4, w5, w6))");
    assertThat(policy.quorum().witnesses())
        .containsExactly(witness(1), witness(2), witness(3), witness(4), witness(5), witness(6));
    assertThat(reached(policy, 1, 2, 4)).isTrue();
    assertThat(reached(policy, 3, 6, 2, 5)).isTrue();
    assertThat(reached(policy, 1, 2, 3)).isFalse();
    assertThat(reached(policy, 1, 4, 5, 6)).isFalse();
    assertThat(reached(policy)).isFalse();
  }

  @Test
  void aQuorumIsOneWitnessOrNone() {
    TlogPolicy one =
        parse(witnesses(1, 2) + "quorum w2").orThrow(); // the last newline may be missing
    assertThat(reached(one, 2)).isTrue();
    assertThat(reached(one, 1)).isFalse();
    TlogPolicy none = parse("quorum none\n" + witnesses(1, 1)).orThrow();
    assertThat(none.quorum()).isEqualTo(Quorum.NONE);
    assertThat(reached(none)).isTrue();
  }

  @Test
  void namesAreBytes() {
    // A Kelvin sign is no K, and a name in another encoding is a name.
    assertThat(parse("witness K " + witness(1) + "\nquorum \u212a\n"))
        .isInstanceOf(Parsed.Malformed.class);
    byte[] latin =
        ("witness \u00fc " + witness(1) + "\nquorum \u00fc\n")
            .getBytes(StandardCharsets.ISO_8859_1);
    assertThat(TlogPolicy.parse(latin)).isInstanceOf(Parsed.Ok.class);
    assertThat(
            parse("witness \u00fc " + witness(1) + "\nquorum \u00fc\n").orThrow().quorum().words())
        .isEqualTo("\u00fc");
  }

  @Test
  void aFaultIsToldWithItsLine() {
    String two = witnesses(1, 2);
    assertFault("line 1", "begins with none", "Log " + log(1) + "\nquorum none\n");
    assertFault("line 2", "has a control character", "# a\nquorum none\r\n");
    assertFault("line 1", "is not \"log\"", "log " + log(1) + " https://a b\nquorum none\n");
    assertFault(
        "line 1",
        "w.test/1 has a key that is not a log's",
        "log " + witness(1) + "\nquorum none\n");
    assertFault(
        "line 1",
        "log.test/t/1 has a key that is not a witness's",
        "witness w " + log(1) + "\nquorum w\n");
    assertFault(
        "line 2",
        "that log's key is given twice",
        "log "
            + log(1)
            + "\nlog "
            + key("log.test/other", VerifierKey.Type.ED25519, 101)
            + "\nquorum none\n");
    assertFault(
        "line 2",
        "that witness's key is given twice",
        "witness a " + witness(1) + "\nwitness b " + witness(1) + "\nquorum a\n");
    assertFault(
        "line 2",
        "the name a is given twice",
        "witness a " + witness(1) + "\nwitness a " + witness(2) + "\nquorum a\n");
    assertFault("line 3", "w3 is not defined", two + "group g any w1 w3\n" + witnesses(3, 3));
    assertFault("line 4", "w1 is a member already", two + "group g all w1\ngroup h any w1 w2\n");
    assertFault("line 3", "w2 is a member already", two + "group g all w2 w2\n");
    assertFault(
        "line 3", "\"3\" is not all, any, or a number from 1 to 2", two + "group g 3 w1 w2\n");
    assertFault("line 3", "\"0\" is not all", two + "group g 0 w1\n");
    assertFault("line 3", "\"01\" is not all", two + "group g 01 w1\n");
    assertFault("line 3", "is not \"group\"", two + "group g all\n");
    assertFault("line 3", "none is not defined", two + "group g any none\n");
    assertFault("line 3", "\"none\" is no name", two + "group none any w1\n");
    assertFault("line 4", "is the second", two + "quorum w1\nquorum w1\n");
    assertFault("line 3", "g is not defined", two + "quorum g\ngroup g any w1\n");
    assertFault("line 1", "is not \"quorum\" and one name", "quorum\n");
    assertFault("end", "no line says", two);
    assertFault("line 1", "is not of the form", "log abc\nquorum none\n");
  }

  private static void assertFault(String where, String problem, String text) {
    assertThat(parse(text))
        .as(text)
        .isInstanceOfSatisfying(
            Parsed.Malformed.class,
            malformed -> {
              assertThat(malformed.where()).isEqualTo(where);
              assertThat(malformed.problem()).contains(problem);
            });
  }

  @Test
  void aFileHasLimits() {
    assertThat(parse(witnesses(1, TlogPolicy.MAX_WITNESSES) + "quorum w1\n"))
        .isInstanceOf(Parsed.Ok.class);
    assertMalformed(
        witnesses(1, TlogPolicy.MAX_WITNESSES + 1), "more than " + TlogPolicy.MAX_WITNESSES);
    List<String> groups = new ArrayList<>();
    for (int i = 0; i <= TlogPolicy.MAX_GROUPS; i++) {
      groups.add("group g" + i + " all " + (i == 0 ? "w1" : "g" + (i - 1)));
    }
    String chain = witnesses(1, 1) + String.join("\n", groups.subList(0, TlogPolicy.MAX_GROUPS));
    assertThat(parse(chain + "\nquorum g" + (TlogPolicy.MAX_GROUPS - 1) + "\n"))
        .isInstanceOf(Parsed.Ok.class);
    assertMalformed(
        witnesses(1, 1) + String.join("\n", groups), "more than " + TlogPolicy.MAX_GROUPS);
    assertMalformed("#".repeat(TlogPolicy.MAX_BYTES + 1), "bytes");
    StringBuilder logs = new StringBuilder("quorum none\n");
    IntStream.rangeClosed(1, TlogPolicy.MAX_LOGS + 1)
        .forEach(n -> logs.append("log ").append(longKey(n)).append('\n'));
    assertMalformed(logs.toString(), "more than " + TlogPolicy.MAX_LOGS);
  }

  private static VerifierKey longKey(int number) {
    byte[] publicKey = new byte[Ed25519Key.PUBLIC_KEY_BYTES];
    publicKey[0] = (byte) number;
    publicKey[1] = (byte) (number >> 8);
    return VerifierKey.of("l" + number, VerifierKey.Type.ED25519, publicKey);
  }

  private static void assertMalformed(String text, String problem) {
    assertThat(parse(text))
        .isInstanceOfSatisfying(
            Parsed.Malformed.class, malformed -> assertThat(malformed.problem()).contains(problem));
  }

  @Test
  void aNumberOfWitnessesIsAQuorumToo() {
    Quorum two = Quorum.of(2, List.of(witness(1), witness(2), witness(3)));
    assertThat(two.fewest()).isEqualTo(2);
    assertThat(two.isReachedBy(List.of(witness(1), witness(3)))).isTrue();
    assertThat(two.isReachedBy(List.of(witness(1), witness(4), witness(1)))).isFalse();
    assertThat(Quorum.of(0, List.of(witness(1))).isReachedBy(List.of())).isTrue();
    for (int wrong : new int[] {-1, 2}) {
      assertThatThrownBy(() -> Quorum.of(wrong, List.of(witness(1))))
          .isInstanceOf(IllegalArgumentException.class);
    }
    assertThatThrownBy(() -> Quorum.of(1, List.of(witness(1), witness(1))))
        .hasMessageContaining("twice");
    assertThatThrownBy(() -> Quorum.of(1, List.of(log(1)))).hasMessageContaining("witnesses");
  }
}
