package dev.indelible.verify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class LeafTest {

  private static final byte[] SALT = new byte[Leaf.SALT_BYTES];
  private static final byte[] FACTS = "{\"action\":\"a\"}".getBytes(StandardCharsets.UTF_8);

  @Test
  void hasTheBytesOfTheFormat() {
    Leaf leaf = new Leaf(0x0102030405060708L, Leaf.digest(SALT, FACTS), Leaf.NO_PERSONAL);
    byte[] bytes = leaf.encode();
    assertThat(bytes).hasSize(73).startsWith(1, 1, 2, 3, 4, 5, 6, 7, 8);
    assertThat(Hash.of(bytes, 9)).isEqualTo(leaf.facts());
    assertThat(Arrays.copyOfRange(bytes, 41, 73)).containsOnly(0);
    assertThat(leaf.hasPersonal()).isFalse();
    assertThat(leaf.hash()).isEqualTo(Rfc6962.leafHash(bytes));
  }

  @Test
  void theServersPathGivesTheSameBytesAndHashAndIsReusable() {
    long seed = 20261120;
    Random random = new Random(seed);
    LeafHasher hasher = new LeafHasher();
    for (int i = 0; i < 500; i++) {
      byte[] facts = bytes(random, random.nextInt(400));
      byte[] factsSalt = bytes(random, Leaf.SALT_BYTES);
      byte @Nullable [] personal = random.nextBoolean() ? bytes(random, random.nextInt(99)) : null;
      byte @Nullable [] personalSalt = personal == null ? null : bytes(random, Leaf.SALT_BYTES);
      long recordedAtMillis = random.nextLong() >>> 1;
      Hash digest =
          personal == null || personalSalt == null
              ? Leaf.NO_PERSONAL
              : Leaf.digest(personalSalt, personal);
      Leaf leaf = new Leaf(recordedAtMillis, Leaf.digest(factsSalt, facts), digest);

      Hash hash = hasher.hash(recordedAtMillis, factsSalt, facts, personalSalt, personal);

      byte[] copied = new byte[3 + Leaf.BYTES];
      hasher.copyLeafTo(copied, 3);
      assertThat(hash).as("seed %d, round %d", seed, i).isEqualTo(leaf.hash());
      assertThat(Arrays.copyOfRange(copied, 3, copied.length)).isEqualTo(leaf.encode());
      assertThat(Leaf.decode(leaf.encode())).isEqualTo(new Parsed.Ok<>(leaf));
    }
  }

  @Test
  void anyOtherLengthVersionOrTimeIsRefusedWithItsPlace() {
    byte[] good = new Leaf(1, Leaf.digest(SALT, FACTS), Leaf.NO_PERSONAL).encode();
    assertMalformed(Arrays.copyOf(good, 72), "leaf, byte 0: a leaf has 73 bytes, this one 72");
    assertMalformed(Arrays.copyOf(good, 74), "leaf, byte 0: a leaf has 73 bytes, this one 74");
    assertMalformed(new byte[0], "leaf, byte 0: a leaf has 73 bytes, this one 0");
    byte[] newer = good.clone();
    newer[0] = 2;
    assertMalformed(newer, "leaf, byte 0: version 2 is not known, only 1");
    byte[] late = good.clone();
    late[1] = (byte) 0x80;
    assertMalformed(late, "leaf, byte 1: recorded_at 9223372036854775809 is beyond 2^63 - 1");
  }

  @Test
  void refusesOtherSaltsAndHalvesOfAPersonalPart() {
    LeafHasher hasher = new LeafHasher();
    assertThatThrownBy(() -> Leaf.digest(new byte[15], FACTS)).hasMessageContaining("16 bytes");
    assertThatThrownBy(() -> hasher.hash(1, new byte[17], FACTS, null, null))
        .hasMessageContaining("16 bytes, not 17");
    assertThatThrownBy(() -> hasher.hash(1, SALT, FACTS, SALT, null))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> hasher.hash(1, SALT, FACTS, null, FACTS))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> hasher.hash(-1, SALT, FACTS, null, null))
        .hasMessageContaining("before the epoch");
    assertThatThrownBy(() -> new Leaf(-1, Leaf.NO_PERSONAL, Leaf.NO_PERSONAL))
        .hasMessageContaining("before the epoch");
  }

  private static void assertMalformed(byte[] leaf, String message) {
    assertThat(Leaf.decode(leaf))
        .isInstanceOfSatisfying(
            Parsed.Malformed.class,
            malformed -> assertThat(malformed.message()).isEqualTo(message));
  }

  private static byte[] bytes(Random random, int length) {
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    return bytes;
  }
}
