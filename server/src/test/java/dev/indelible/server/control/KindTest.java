package dev.indelible.server.control;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.indelible.server.event.TenantId;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The registry of kinds, and the bytes that each kind has in control records. */
class KindTest {

  private static final Instant NOW = Instant.parse("2026-11-20T10:00:00Z");

  /** The records that a sealed interface permits, directly or by another one. */
  static Set<Class<?>> permitted(Class<?> sealed) {
    Class<?>[] direct = sealed.getPermittedSubclasses();
    return direct == null
        ? Set.of(sealed)
        : Arrays.stream(direct)
            .flatMap(type -> permitted(type).stream())
            .collect(Collectors.toSet());
  }

  /** Records as the build before there were kinds wrote them, at least one of each. */
  private static List<String> earlier() throws IOException {
    try (InputStream lines =
        requireNonNull(KindTest.class.getResourceAsStream("records-of-version-1.ndjson"))) {
      return new String(lines.readAllBytes(), UTF_8).lines().toList();
    }
  }

  @Test
  void everyRecordThatIsPermittedHasOneKind() {
    List<Class<?>> types = new ArrayList<>();
    ConfigurationObject.kinds().forEach(kind -> types.add(kind.type()));
    assertThat(types)
        .doesNotHaveDuplicates()
        .hasSameElementsAs(permitted(ConfigurationObject.class));
    assertThat(ConfigurationObject.kinds()).extracting(Kind::name).doesNotHaveDuplicates();
  }

  @Test
  void aRecordOfAnEarlierBuildIsReadAndWouldBeWrittenByteForByteAgain() throws Exception {
    Set<Class<?>> shown = new HashSet<>();
    for (String line : earlier()) {
      ControlRecordCodec.Decoded decoded = ControlRecordCodec.decode(line.getBytes(UTF_8));
      assertThat(new String(ControlRecordCodec.encode(7, decoded.changes()), UTF_8))
          .isEqualTo(line);
      ConfigurationObject object = decoded.changes().getFirst().object();
      assertThat(object.kind().type()).isEqualTo(object.getClass());
      shown.add(object.getClass());
    }
    assertThat(shown).isEqualTo(permitted(ConfigurationObject.class));
  }

  @Test
  void nothingSecretIsShownOfAnyKind() throws Exception {
    for (String line : earlier()) {
      ConfigurationObject object =
          ControlRecordCodec.decode(line.getBytes(UTF_8)).changes().getFirst().object();
      assertThat(ControlLog.describe(object).toString()).doesNotContain("secret_hash", "sealed");
      assertThat(EntryWords.of(null, object).map(EntryWords::toString).orElse(""))
          .doesNotContain("secret_hash", "sealed");
    }
  }

  @Test
  void anObjectBeyondALimitIsRefusedBeforeItIsRecorded() {
    String name = "n".repeat(Hold.MAX_NAME_LENGTH + 1);
    Hold hold = new Hold(new TenantId("t"), "h", name, "", false, NOW, null, null);
    assertThatThrownBy(() -> hold.kind().requireValid(hold))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("a hold with a name of 201, and there may be 200");
  }

  @Test
  void recordsOfOtherVersionsAndKindsAreRefusedBySayingWhich() {
    assertThatThrownBy(() -> ControlRecordCodec.decode("{\"v\":3,\"ticket\":1}".getBytes(UTF_8)))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("control record of version 3, this program reads 1 and 2");
    assertThatThrownBy(
            () ->
                ControlRecordCodec.decode(
                    "{\"v\":1,\"ticket\":1,\"replaces\":0,\"by\":{\"type\":\"system\"},\"kind\":\"alert\",\"object\":{}}"
                        .getBytes(UTF_8)))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("control record of unknown kind alert");
    assertThatThrownBy(
            () ->
                ControlRecordCodec.decode("{\"v\":2,\"ticket\":1,\"changes\":[]}".getBytes(UTF_8)))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("of several changes has 0");
  }
}
