package dev.indelible.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** {@code ./check --changed} runs what a change can break: the script and its table. */
class ChangedTestsTest {

  private static final Path ROOT = Objects.requireNonNull(Path.of("").toAbsolutePath().getParent());
  private static final String SERVER = "server/src/main/java/dev/indelible/server/";

  /** Modules, test classes and analyzed files that the script prints. */
  private record Selection(List<String> modules, List<String> tests, List<String> analyzed) {}

  private record Row(Pattern pattern, List<String> tests) {}

  private static Selection of(String... files) throws Exception {
    Process process =
        new ProcessBuilder("bash", ROOT.resolve("scripts/changed-tests").toString(), "-")
            .redirectErrorStream(true)
            .start();
    try (var in = process.getOutputStream()) {
      in.write(String.join("\n", files).concat("\n").getBytes(StandardCharsets.UTF_8));
    }
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(Eventually.ended("the script", process)).as(said).isZero();
    List<String> lines = said.lines().toList();
    return new Selection(
        List.of(lines.get(0).split(",")),
        List.of(lines.get(1).split(",")),
        List.of(lines.get(2).split(" ")));
  }

  private static List<Row> table() throws IOException {
    List<Row> rows = new ArrayList<>();
    for (String line : Files.readAllLines(ROOT.resolve("scripts/tests-of-changes"))) {
      if (!line.isBlank() && !line.startsWith("#")) {
        List<String> words = List.of(line.strip().split("\\s+"));
        String expression =
            Stream.of(words.getFirst().split("(?<=\\*\\*)(?!\\*)|(?=\\*\\*)"))
                .map(part -> part.equals("**") ? ".*" : inOneName(part))
                .reduce("", String::concat);
        rows.add(new Row(Pattern.compile(expression), words.subList(1, words.size())));
      }
    }
    return rows;
  }

  private static String inOneName(String part) {
    return Stream.of(part.split("(?=\\*)|(?<=\\*)"))
        .map(each -> each.equals("*") ? "[^/]*" : Pattern.quote(each))
        .reduce("", String::concat);
  }

  private static List<String> files() throws IOException {
    List<String> files = new ArrayList<>();
    Files.walkFileTree(
        ROOT,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
            String name = Objects.requireNonNull(folder.getFileName()).toString();
            return Set.of(".git", ".build", "target", "node_modules").contains(name)
                ? FileVisitResult.SKIP_SUBTREE
                : FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            files.add(ROOT.relativize(file).toString().replace('\\', '/'));
            return FileVisitResult.CONTINUE;
          }
        });
    return files;
  }

  @Test
  void everyRowFitsAFileAndNamesTestsThatAreThere() throws IOException {
    List<String> files = files();
    Set<String> names = new TreeSet<>();
    for (Row row : table()) {
      assertThat(files).as("%s", row.pattern).anyMatch(f -> row.pattern.matcher(f).matches());
      names.addAll(row.tests);
    }
    names.removeAll(Set.of("*", "web"));
    assertThat(names)
        .allSatisfy(
            name ->
                assertThat(files)
                    .as(name)
                    .anyMatch(
                        f -> f.contains("/src/test/java/") && f.endsWith("/" + name + ".java")));
    assertThat(names).hasSizeGreaterThan(40);
  }

  @Test
  void aChangeOfAPackageRunsItsTestsAndThoseOfItsUsers() throws Exception {
    Selection selection = of(SERVER + "run/RunReader.java");
    assertThat(selection.modules).contains("server").doesNotContain("cli");
    assertThat(selection.tests)
        .contains(
            "dev/indelible/server/run/**/*Test",
            "dev/indelible/server/log/**/*Test",
            "ArchitectureTest")
        .doesNotContain("dev/indelible/server/query/**/*Test");
  }

  @Test
  void everyPackageOfTheServerHasTestsOfTheWholeServerToo() throws Exception {
    try (Stream<Path> packages = Files.list(ROOT.resolve(SERVER))) {
      for (Path each : packages.filter(Files::isDirectory).sorted().toList()) {
        String file = SERVER + each.getFileName() + "/Any.java";
        assertThat(table())
            .as(file)
            .anyMatch(
                row ->
                    row.pattern.matcher(file).matches()
                        && !row.pattern.matcher("Any.java").matches());
      }
    }
  }

  @Test
  void aChangeOfAPortRunsItsContractsAndTheTestsOfThoseWhoUseIt() throws Exception {
    Selection port = of("ports/src/main/java/dev/indelible/ports/blob/BlobStore.java");
    assertThat(port.modules).contains("ports-testing", "server");
    assertThat(port.tests)
        .contains(
            "dev/indelible/ports/testing/**/*Test",
            "dev/indelible/server/blob/**/*Test",
            "dev/indelible/server/run/**/*Test",
            "ArchitectureTest")
        .doesNotContain("dev/indelible/server/trail/**/*Test");
    Selection contract =
        of("ports-testing/src/main/java/dev/indelible/ports/testing/BlobStoreContractTest.java");
    assertThat(contract.modules).contains("ports-testing", "server");
    assertThat(contract.tests)
        .contains("dev/indelible/ports/testing/**/*Test", "dev/indelible/server/blob/**/*Test");
  }

  @Test
  void aChangeOfTheFormsOfFieldsRunsTheTestsOfThoseWhoUseThem() throws Exception {
    Selection forms = of("mapping/src/main/java/dev/indelible/mapping/form/IpLiteral.java");
    assertThat(forms.modules).contains("mapping", "server");
    assertThat(forms.tests)
        .contains(
            "dev/indelible/mapping/**/*Test",
            "dev/indelible/server/event/**/*Test",
            "dev/indelible/server/query/**/*Test",
            "TextFormsTest");
  }

  @Test
  void errorProneLooksAtWhatChangedAndAtWhatNamesIt() throws Exception {
    assertThat(of(SERVER + "query/Atom.java").analyzed)
        .contains(SERVER + "query/Atom.java", SERVER + "query/FilterEvaluator.java")
        .doesNotContain(SERVER + "query/Cursor.java");
    assertThat(of(SERVER + "query/package-info.java").analyzed)
        .contains(SERVER + "query/Cursor.java", SERVER + "query/package-info.java");
    assertThat(of("web/src/console/access/keys.ts").analyzed).containsExactly("");
  }

  @Test
  void aChangeOfTheClientRunsItsTestsAndThoseOfTheCommandLine() throws Exception {
    Selection selection = of("client/src/main/java/dev/indelible/client/Tail.java");
    assertThat(selection.modules).containsExactlyInAnyOrder("client", "cli", "server", "testing");
    assertThat(selection.tests)
        .contains("dev/indelible/client/**/*Test", "ClientOfServerTest", "SearchAndTailTest");
  }

  @Test
  void aFixtureRunsTheTestsThatNameIt() throws Exception {
    Selection selection = of("server/src/test/java/dev/indelible/server/GovernedServer.java");
    assertThat(selection.modules).contains("server", "system-tests", "web");
    assertThat(selection.tests).contains("HoldTest", "RetentionPagesTest");
  }

  @Test
  void aPageRunsTheChecksOfTheWebModuleAndThoseInABrowser() throws Exception {
    Selection selection = of("web/src/console/access/keys.ts");
    assertThat(selection.modules).containsExactlyInAnyOrder("web", "web-checks", "system-tests");
    assertThat(selection.tests).contains("AccessPagesTest").doesNotContain("RetentionPagesTest");
  }

  @Test
  void theBuildItselfCanBreakAnything() throws Exception {
    assertThat(of("pom.xml")).isEqualTo(new Selection(List.of("*"), List.of("*"), List.of("*")));
    assertThat(of("README.md", "server/pom.xml").modules).containsExactly("*");
  }
}
