package dev.indelible.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.indelible.ports.blob.BlobStore;
import dev.indelible.server.audit.DataDirectoryAudit;
import dev.indelible.server.blob.DirectoryBlobStore;
import dev.indelible.server.disk.SystemDisk;
import dev.indelible.verify.audit.Finding;
import dev.indelible.verify.audit.Trust;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A data directory whose control log is another server's. */
class ForeignControlLogTest {

  private static final String MIRRORED = "control/mirrored";

  @TempDir private static Path prepared;
  private static Path own;
  private static Path stranger;

  @TempDir private Path directory;

  /** Two servers, stopped: each test works on a copy of the first. */
  @BeforeAll
  static void prepare() throws Exception {
    own = data("own", "acme", "bolt");
    stranger = data("stranger", "acme", "other");
  }

  private static Path data(String name, String... tenants) throws Exception {
    try (GovernedServer server = new GovernedServer(prepared.resolve(name))) {
      for (String tenant : tenants) {
        server.tenant(tenant, "standard");
        server.record(tenant, "e1", "user.login", "u_1", "Ana");
        assertThat(server.find(tenant, "action:audit.tenant.create", 1)).hasSize(1);
      }
      server.stop();
      return server.data;
    }
  }

  private Path copyOfOwn() throws IOException {
    Path copy = directory.resolve("data");
    try (Stream<Path> files = Files.walk(own)) {
      for (Path file : files.toList()) {
        Files.copy(file, copy.resolve(own.relativize(file).toString()));
      }
    }
    return copy;
  }

  private static void replace(Path from, Path to) throws IOException {
    try (Stream<Path> files = Files.list(to)) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
    }
    try (Stream<Path> files = Files.list(from)) {
      for (Path file : files.toList()) {
        Files.copy(file, to.resolve(file.getFileName()));
      }
    }
  }

  private static ServerConfig config(Path data) throws ConfigurationException {
    return ServerConfig.of(
        Settings.resolve(Map.of(Setting.DATA, data.toString(), Setting.PORT, "0"), Map.of(), null));
  }

  private static List<String> broken(Path data) throws InterruptedException {
    DataDirectory places = new DataDirectory(data);
    return DataDirectoryAudit.run(
            new DataDirectoryAudit.Places(
                places.eventsJournal(),
                places.controlJournal(),
                places.headsJournal(),
                places.blobs()),
            new DataDirectoryAudit.Question(null, Trust.NOTHING, _ -> {}))
        .directory()
        .stream()
        .filter(Finding::breaks)
        .map(Finding::code)
        .distinct()
        .toList();
  }

  private static List<String> failures(Path data) throws Exception {
    return Diagnosis.of(config(data)).stream()
        .filter(finding -> finding.severity() == Diagnosis.Severity.FAILURE)
        .map(Diagnosis.Finding::detail)
        .toList();
  }

  /** Leaves of the state the position alone, as earlier versions stored it. */
  private static void forgetTheHash(Path data) throws IOException {
    try (BlobStore blobs =
        DirectoryBlobStore.open(new SystemDisk(), new DataDirectory(data).blobs())) {
      BlobStore.State state = blobs.state(MIRRORED).orElseThrow();
      assertThat(state.bytes()).hasSize(40);
      assertThat(
              blobs.compareAndSetState(
                  MIRRORED, state.version(), Arrays.copyOf(state.bytes(), Long.BYTES)))
          .isTrue();
    }
  }

  @Test
  void theControlLogOfAnotherServerIsNoticedByTheStartTheDoctorAndVerify() throws Exception {
    Path data = copyOfOwn();
    assertThat(broken(data)).isEmpty();
    assertThat(failures(data)).isEmpty();
    replace(new DataDirectory(stranger).controlJournal(), new DataDirectory(data).controlJournal());
    assertThat(broken(data)).contains("foreign_control_log", "unknown_tenant");
    assertThat(failures(data)).anyMatch(detail -> detail.contains("The control log is another"));
    assertThatThrownBy(() -> IndelibleServer.start(config(data)).close())
        .isInstanceOf(IOException.class)
        .hasMessageContaining("the control log is not the one");
  }

  private static void replaceState(Path to) throws IOException {
    Path target = new DataDirectory(to).states().resolve(MIRRORED);
    Files.delete(target);
    Files.copy(new DataDirectory(stranger).states().resolve(MIRRORED), target);
  }

  /** Replacing the record of what was mirrored as well is revealed by the signed entries. */
  @Test
  void entriesOfTenantsThatTheConfigurationDoesNotKnowAreAFinding() throws Exception {
    Path data = copyOfOwn();
    replace(new DataDirectory(stranger).controlJournal(), new DataDirectory(data).controlJournal());
    replaceState(data);
    assertThat(broken(data)).contains("unknown_tenant", "foreign_control_log");
    try (GovernedServer server = new GovernedServer(directory)) {
      server.key = Files.readString(stranger.resolve("operator.key")).strip();
      assertThat(server.get("/health/ready").path("warnings").toString())
          .contains("tenants that the configuration does not know (1: bolt)");
      assertThat(server.metric("indelible_tenants_unknown")).isEqualTo(1);
    }
  }

  @Test
  void aFolderOfBeforeStartsAndKnowsItsControlLogFromThenOn() throws Exception {
    Path data = copyOfOwn();
    forgetTheHash(data);
    assertThat(broken(data)).isEmpty();
    IndelibleServer.start(config(data)).close();
    try (BlobStore blobs =
        DirectoryBlobStore.open(new SystemDisk(), new DataDirectory(data).blobs())) {
      assertThat(blobs.state(MIRRORED).orElseThrow().bytes()).hasSize(40);
    }
  }
}
