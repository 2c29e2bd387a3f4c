package dev.indelible.server.proof;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.indelible.verify.Checkpoint;
import dev.indelible.verify.Ed25519Key;
import dev.indelible.verify.NoteSigner;
import dev.indelible.verify.Rfc6962;
import dev.indelible.verify.VerifierKey;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Tests when enough witnesses have cosigned a checkpoint. */
class WitnessQuorumTest {

  private static final String TEXT =
      new Checkpoint("log.example/acme", 0, Rfc6962.EMPTY_ROOT).text();

  private static NoteSigner witness(int number) {
    byte[] seed = new byte[32];
    seed[0] = (byte) number;
    return new NoteSigner(
        "witness.example/w" + number, VerifierKey.Type.COSIGNATURE_V1, Ed25519Key.fromSeed(seed));
  }

  private static WitnessQuorum quorum(int needed) {
    return new WitnessQuorum(
        IntStream.rangeClosed(1, 3).mapToObj(number -> witness(number).verifierKey()).toList(),
        needed);
  }

  private static String line(int witness, int second) {
    return witness(witness).cosign(TEXT, Instant.ofEpochSecond(1_795_168_805L + second)).line();
  }

  @Test
  void oneWitnessIsOneHoweverOftenItCosigns() {
    WitnessQuorum two = quorum(2);
    assertThat(two.isReachedBy(List.of())).isFalse();
    assertThat(two.isReachedBy(List.of(line(1, 0)))).isFalse();
    assertThat(two.isReachedBy(List.of(line(1, 0), line(1, 1), line(1, 2)))).isFalse();
    assertThat(two.isReachedBy(List.of(line(1, 0), line(2, 0)))).isTrue();
    assertThat(two.isReachedBy(List.of(line(3, 0), line(1, 0), line(3, 1)))).isTrue();
  }

  @Test
  void othersDoNotCount() {
    WitnessQuorum two = quorum(2);
    assertThat(two.isReachedBy(List.of(line(1, 0), line(4, 0)))).isFalse();
    assertThat(two.isReachedBy(List.of(line(1, 0), "\u2014 witness.example/w2 nonsense")))
        .isFalse();
  }

  @Test
  void withoutWitnessesThereIsNone() {
    assertThat(WitnessQuorum.NONE.isNone()).isTrue();
    assertThat(WitnessQuorum.NONE.isReachedBy(List.of(line(1, 0)))).isFalse();
  }

  @Test
  void asManyAsThereAreCanBeNeededAndNoFewerThanOne() {
    assertThat(quorum(3).isReachedBy(List.of(line(1, 0), line(2, 0)))).isFalse();
    assertThat(quorum(3).isReachedBy(List.of(line(1, 0), line(2, 0), line(3, 0)))).isTrue();
    for (int wrong : new int[] {0, -1, 4}) {
      assertThatThrownBy(() -> quorum(wrong)).isInstanceOf(IllegalArgumentException.class);
    }
  }
}
