package dev.indelible.server.deliver;

import static dev.indelible.server.deliver.Surroundings.ACME;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.indelible.server.control.Destination;
import dev.indelible.server.deliver.Delivery.Outcome;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DirectoryDeliveryTest {

  private static final byte[] CONTENT = "seq,action\n1,a\n".getBytes(StandardCharsets.UTF_8);

  @TempDir Path temporary;
  private Path root;
  private Parcel parcel;
  private final Surroundings surroundings = new Surroundings();

  @BeforeEach
  void makeRoot() throws Exception {
    root = Files.createDirectory(temporary.resolve("root"));
    parcel = Surroundings.parcel(temporary, CONTENT);
  }

  private Delivery to(String path) {
    return new Deliveries(surroundings.root(root).around())
        .of(ACME, new Destination.Directory(path));
  }

  private static List<String> names(Path folder) throws Exception {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  @Test
  void aFileIsWholeInItsTenantsFolderAndNothingElseIsThere() throws Exception {
    assertThat(to("siem/daily").deliver(parcel))
        .isEqualTo(new Outcome.Arrived("acme/siem/daily/nightly-2026-11-20.csv"));
    Path folder = root.resolve("acme/siem/daily");
    assertThat(names(folder)).containsExactly("nightly-2026-11-20.csv");
    assertThat(folder.resolve("nightly-2026-11-20.csv")).hasBinaryContent(CONTENT);
    assertThat(surroundings.attempts).containsExactly("directory arrived");
  }

  @Test
  void aRepeatPutsTheFileInItsOwnPlaceAlsoBehindACrash() throws Exception {
    Path folder = Files.createDirectories(root.resolve("acme"));
    Files.writeString(folder.resolve("." + parcel.id() + ".part"), "half");
    Files.writeString(folder.resolve(parcel.fileName()), "older");
    for (int i = 0; i < 2; i++) {
      assertThat(to("").deliver(parcel)).isInstanceOf(Outcome.Arrived.class);
    }
    assertThat(names(folder)).containsExactly(parcel.fileName());
    assertThat(folder.resolve(parcel.fileName())).hasBinaryContent(CONTENT);
  }

  @Test
  void aTestLeavesNothing() throws Exception {
    assertThat(to("a").probe()).isEqualTo(new Outcome.Arrived("acme/a"));
    assertThat(names(root.resolve("acme/a"))).isEmpty();
  }

  @Test
  void aLinkOnTheWayIsNotFollowed() throws Exception {
    Path elsewhere = Files.createDirectory(temporary.resolve("elsewhere"));
    Files.createSymbolicLink(root.resolve("acme"), elsewhere);
    assertThat(to("").deliver(parcel)).isInstanceOf(Outcome.Refused.class);
    Files.delete(root.resolve("acme"));
    Files.createDirectory(root.resolve("acme"));
    Files.createSymbolicLink(root.resolve("acme/in"), elsewhere);
    assertThat(to("in").deliver(parcel)).isInstanceOf(Outcome.Refused.class);
    assertThat(to("in/deeper").deliver(parcel)).isInstanceOf(Outcome.Refused.class);
    assertThat(names(elsewhere)).isEmpty();
  }

  /** The link is replaced; what it pointed to stays. */
  @Test
  void aLinkInPlaceOfTheFileIsReplacedAndNotWrittenThrough() throws Exception {
    Path precious = Files.writeString(temporary.resolve("precious"), "precious");
    Path folder = Files.createDirectories(root.resolve("acme"));
    Files.createSymbolicLink(folder.resolve(parcel.fileName()), precious);
    Files.createSymbolicLink(folder.resolve("." + parcel.id() + ".part"), precious);
    assertThat(to("").deliver(parcel)).isInstanceOf(Outcome.Arrived.class);
    assertThat(precious).hasContent("precious");
    assertThat(Files.isSymbolicLink(folder.resolve(parcel.fileName()))).isFalse();
    assertThat(folder.resolve(parcel.fileName())).hasBinaryContent(CONTENT);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "..",
        "a/..",
        "../acme2",
        "/etc",
        "a//b",
        "a/",
        ".hidden",
        "a\\b",
        "a/./b",
        "a\u0000",
        "ä",
        "1/2/3/4/5/6/7/8/9",
        "a b",
        "-x",
        "~"
      })
  void aPathThatIsNotPlainNamesIsNone(String path) {
    assertThatThrownBy(() -> new Destination.Directory(path))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void aFileInPlaceOfTheFolderIsRefusedAndAMissingRootMayComeBack() throws Exception {
    Files.writeString(root.resolve("acme"), "a file");
    assertThat(to("").deliver(parcel)).isInstanceOf(Outcome.Refused.class);
    root = temporary.resolve("unmounted");
    Outcome outcome = to("").deliver(parcel);
    assertThat(outcome).isInstanceOf(Outcome.Failed.class);
    assertThat(outcome.toString()).doesNotContain(temporary.toString());
    assertThat(Files.exists(root)).as("it is not made in place of the mount").isFalse();
  }

  @Test
  void aDamagedFileDoesNotArrive() throws Exception {
    Files.writeString(parcel.file(), "something else");
    Outcome outcome = to("").deliver(parcel);
    assertThat(outcome).isInstanceOf(Outcome.Failed.class);
    assertThat(outcome.toString()).contains("damaged");
    assertThat(names(root.resolve("acme"))).isEmpty();
  }

  @Test
  void withoutARootEverythingIsRefused() throws Exception {
    assertThat(
            new Deliveries(new Surroundings().around())
                .of(ACME, new Destination.Directory(""))
                .deliver(parcel))
        .isInstanceOf(Outcome.Refused.class);
  }
}
