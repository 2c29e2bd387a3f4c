package dev.indelible.cli.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNoException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.indelible.server.IndelibleServer;
import dev.indelible.server.ServerConfig;
import dev.indelible.server.Setting;
import dev.indelible.server.Settings;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BenchmarkTest {

  @TempDir private Path folder = Path.of(".");

  @Test
  @Tag("long")
  void everythingThatIsAcknowledgedIsFoundAndEveryQuestionIsAnswered() throws Exception {
    Settings settings =
        Settings.resolve(
            Map.of(Setting.DATA, folder.toString(), Setting.PORT, "0"), Map.of(), null);
    try (IndelibleServer server = IndelibleServer.start(ServerConfig.of(settings))) {
      Target target =
          new Target(
              URI.create("http://127.0.0.1:" + server.port()),
              Files.readString(server.operatorKeyFile()).strip());
      Plan plan = new Plan(1, 5_000, 1, Plan.DEFAULT_BATCHES, EnumSet.allOf(Plan.Part.class));
      Report report = new Benchmark(plan, InstantSource.system(), _ -> {}).run(target);
      assertThat(report.loops()).hasSize(9);
      assertThat(report.loops())
          .allSatisfy(
              loop -> {
                assertThat(loop.events()).isPositive();
                assertThat(loop.acknowledgedPerSecond())
                    .isGreaterThanOrEqualTo(loop.indexedPerSecond());
                assertThat(loop.acknowledgement().p99())
                    .isGreaterThanOrEqualTo(loop.acknowledgement().p50());
              });
      assertThat(report.queries()).hasSize(9 + 12);
      assertThat(report.queries().subList(0, 9))
          .allSatisfy(query -> assertThat(query.rows()).isPositive());
      assertThat(report.queries().subList(9, 9 + 12))
          .as("nobody else is refused")
          .allSatisfy(query -> assertThat(query.rows()).isZero());
      assertThat(report.events()).isGreaterThanOrEqualTo(5_000);
      assertThat(report.storage()).isNull();
    }
  }

  @Test
  void aServerThatCannotBeReachedIsAFailureThatSaysSo() {
    Target nowhere = new Target(URI.create("http://127.0.0.1:1"), "ik_x_y");
    Plan plan = new Plan(1, 1, 1, Plan.DEFAULT_BATCHES, EnumSet.allOf(Plan.Part.class));
    assertThatThrownBy(() -> new Benchmark(plan, InstantSource.system(), _ -> {}).run(nowhere))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("refused");
  }

  @Test
  void aPlanIsBounded() {
    List<Integer> batches = Plan.DEFAULT_BATCHES;
    assertThatNoException().isThrownBy(() -> plan(Plan.MAX_SECONDS, Plan.MAX_EVENTS, batches));
    assertThat(plan(1, 1, batches).warmUpSeconds()).isEqualTo(3);
    assertThat(plan(Plan.MAX_SECONDS, 1, batches).warmUpSeconds())
        .isEqualTo(Plan.MAX_WARM_UP_SECONDS);
    assertThatThrownBy(() -> plan(Plan.MAX_SECONDS + 1, 1, batches)).hasMessageContaining("600");
    assertThatThrownBy(() -> plan(1, Plan.MAX_EVENTS + 1, batches))
        .hasMessageContaining("100000000");
    assertThatThrownBy(() -> plan(1, 1, List.of(0))).hasMessageContaining("1 to 10000");
    assertThatThrownBy(() -> new Plan(1, 1, 1, batches, EnumSet.noneOf(Plan.Part.class), 0))
        .hasMessageContaining("1 to 5000000");
    assertThatThrownBy(() -> plan(1, 1, List.of(1, Plan.MAX_BATCH + 1)))
        .hasMessageContaining("1 to 10000");
  }

  private static Plan plan(int seconds, long events, List<Integer> batches) {
    return new Plan(seconds, events, 1, batches, EnumSet.noneOf(Plan.Part.class));
  }
}
