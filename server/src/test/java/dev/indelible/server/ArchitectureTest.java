package dev.indelible.server;

import static com.tngtech.archunit.core.domain.JavaCall.Predicates.target;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.nameMatching;
import static com.tngtech.archunit.core.domain.properties.HasOwner.Predicates.With.owner;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.ArchConfiguration;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import dev.indelible.server.query.TenantScope;
import java.time.Clock;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Holds the table of packages in ARCHITECTURE.md; every rule is shown not to hold of nothing. */
class ArchitectureTest {

  private static final String ROOT = "dev.indelible.server";

  /** Packages of modules below the server: ports, and the language of maps. */
  private static final List<String> BELOW =
      List.of(
          "ports.blob", "ports.journal", "mapping", "mapping.form", "mapping.text", "mapping.out");

  /** Package to the packages of the server, and of modules below it, that it may use. */
  private static final Map<String, List<String>> MAY_USE =
      new TreeMap<>(
          Map.ofEntries(
              Map.entry("json", List.of()),
              Map.entry("event", List.of("json", "mapping.form")),
              Map.entry("profile", List.of("event")),
              Map.entry("disk", List.of()),
              Map.entry("journal", List.of("ports.journal", "disk", "thread")),
              Map.entry("blob", List.of("ports.blob", "disk")),
              Map.entry("run", List.of("ports.blob", "event")),
              Map.entry("share", List.of()),
              Map.entry(
                  "follow", List.of("event", "journal", "ports.journal", "log", "run", "thread")),
              Map.entry("thread", List.of()),
              Map.entry(
                  "log", List.of("event", "ports.journal", "ports.blob", "run", "share", "thread")),
              Map.entry(
                  "proof",
                  List.of(
                      "event",
                      "journal",
                      "ports.journal",
                      "log",
                      "control",
                      "run",
                      "follow",
                      "seal",
                      "thread")),
              Map.entry("query", List.of("event", "mapping.form")),
              Map.entry("index", List.of("json", "event", "query", "ports.journal")),
              Map.entry("control", List.of("event", "ports.journal", "thread")),
              Map.entry(
                  "access",
                  List.of(
                      "control",
                      "event",
                      "query",
                      "profile",
                      "journal",
                      "ports.journal",
                      "ports.blob")),
              Map.entry(
                  "ingest",
                  List.of(
                      "event",
                      "profile",
                      "ports.journal",
                      "control",
                      "log",
                      "access",
                      "ports.blob",
                      "thread")),
              Map.entry(
                  "trail",
                  List.of(
                      "event", "profile", "ports.journal", "control", "access", "ingest", "query")),
              Map.entry(
                  "search",
                  List.of(
                      "event",
                      "ports.journal",
                      "query",
                      "index",
                      "log",
                      "run",
                      "share",
                      "follow",
                      "thread")),
              Map.entry(
                  "retention",
                  List.of(
                      "event",
                      "profile",
                      "ports.journal",
                      "ports.blob",
                      "run",
                      "log",
                      "query",
                      "index",
                      "control",
                      "search",
                      "thread")),
              Map.entry(
                  "audit",
                  List.of(
                      "event",
                      "ingest",
                      "disk",
                      "journal",
                      "ports.journal",
                      "blob",
                      "ports.blob",
                      "run",
                      "log",
                      "control",
                      "proof",
                      "search",
                      "retention",
                      "thread")),
              Map.entry("print", List.of()),
              Map.entry("witness", List.of("event", "proof", "follow")),
              Map.entry(
                  "takeout",
                  List.of(
                      "json",
                      "event",
                      "profile",
                      "control",
                      "access",
                      "query",
                      "proof",
                      "audit",
                      "index",
                      "log",
                      "run",
                      "search",
                      "retention",
                      "print",
                      "share",
                      "takeout.file",
                      "trail")),
              Map.entry(
                  "takeout.file", List.of("json", "event", "query", "run", "search", "print")),
              Map.entry(
                  "evidence.pack",
                  List.of(
                      "event",
                      "json",
                      "print",
                      "profile",
                      "query",
                      "run",
                      "search",
                      "takeout.file")),
              Map.entry("evidence.period", List.of("event", "index", "query", "search")),
              Map.entry(
                  "evidence.access",
                  List.of(
                      "control",
                      "event",
                      "log",
                      "profile",
                      "proof",
                      "query",
                      "retention",
                      "run",
                      "search",
                      "takeout")),
              Map.entry("evidence.story", List.of("event", "query", "search", "takeout")),
              Map.entry("seal", List.of("event")),
              Map.entry("deliver", List.of("json", "event", "disk", "query", "control", "seal")),
              Map.entry(
                  "export",
                  List.of(
                      "access",
                      "control",
                      "event",
                      "evidence.pack",
                      "index",
                      "journal",
                      "ports.journal",
                      "log",
                      "profile",
                      "proof",
                      "query",
                      "retention",
                      "run",
                      "search",
                      "share",
                      "takeout",
                      "takeout.file",
                      "thread",
                      "trail")),
              Map.entry(
                  "schedule",
                  List.of(
                      "access",
                      "control",
                      "deliver",
                      "event",
                      "export",
                      "journal",
                      "ports.journal",
                      "log",
                      "profile",
                      "query",
                      "search",
                      "share",
                      "thread",
                      "trail")),
              Map.entry("sink", List.of("control", "deliver", "event", "json", "otlp")),
              Map.entry(
                  "stream",
                  List.of(
                      "access",
                      "control",
                      "deliver",
                      "disk",
                      "event",
                      "export",
                      "follow",
                      "journal",
                      "log",
                      "mapping",
                      "mapping.out",
                      "ports.journal",
                      "profile",
                      "proof",
                      "query",
                      "retention",
                      "run",
                      "seal",
                      "search",
                      "share",
                      "sink",
                      "takeout",
                      "thread",
                      "trail")),
              Map.entry("otlp", List.of("json", "event", "mapping.form")),
              Map.entry("review", List.of("control", "deliver", "ports.journal", "thread")),
              Map.entry("http", List.of("json", "share")),
              Map.entry(
                  "api.caller",
                  List.of(
                      "http",
                      "event",
                      "mapping.form",
                      "profile",
                      "control",
                      "access",
                      "ingest",
                      "journal",
                      "ports.journal",
                      "query",
                      "proof",
                      "index",
                      "search",
                      "share",
                      "trail",
                      "takeout")),
              Map.entry(
                  "api.events",
                  List.of(
                      "api.caller",
                      "http",
                      "json",
                      "event",
                      "profile",
                      "control",
                      "access",
                      "ingest",
                      "otlp",
                      "query",
                      "proof",
                      "index",
                      "search",
                      "share",
                      "takeout")),
              Map.entry(
                  "api.access",
                  List.of(
                      "api.caller",
                      "http",
                      "json",
                      "event",
                      "profile",
                      "control",
                      "access",
                      "query",
                      "search")),
              Map.entry(
                  "api.governance",
                  List.of(
                      "api.access",
                      "api.caller",
                      "http",
                      "json",
                      "event",
                      "profile",
                      "control",
                      "access",
                      "ingest",
                      "query",
                      "proof",
                      "index",
                      "search",
                      "retention",
                      "takeout")),
              Map.entry(
                  "api.evidence",
                  List.of(
                      "api.caller",
                      "control",
                      "event",
                      "evidence.access",
                      "evidence.story",
                      "http",
                      "json",
                      "profile",
                      "query",
                      "search",
                      "takeout")),
              Map.entry(
                  "api.takeout",
                  List.of(
                      "api.caller",
                      "access",
                      "control",
                      "deliver",
                      "event",
                      "evidence.pack",
                      "export",
                      "http",
                      "json",
                      "profile",
                      "schedule",
                      "search",
                      "takeout",
                      "takeout.file")),
              Map.entry(
                  "api.stream",
                  List.of(
                      "access",
                      "api.caller",
                      "api.takeout",
                      "control",
                      "event",
                      "http",
                      "json",
                      "profile",
                      "query",
                      "search",
                      "seal",
                      "sink",
                      "stream",
                      "trail")),
              Map.entry(
                  "api.review",
                  List.of(
                      "api.caller",
                      "access",
                      "control",
                      "event",
                      "evidence.access",
                      "evidence.pack",
                      "evidence.period",
                      "http",
                      "index",
                      "json",
                      "log",
                      "profile",
                      "query",
                      "review",
                      "run",
                      "search",
                      "takeout")),
              Map.entry(
                  "api",
                  List.of(
                      "api.review",
                      "api.stream",
                      "api.takeout",
                      "evidence.pack",
                      "api.evidence",
                      "evidence.access",
                      "export",
                      "deliver",
                      "schedule",
                      "api.events",
                      "api.access",
                      "api.governance",
                      "api.caller",
                      "http",
                      "json",
                      "access",
                      "control",
                      "ingest",
                      "log",
                      "profile",
                      "proof",
                      "retention",
                      "search",
                      "share",
                      "stream",
                      "trail",
                      "takeout"))));

  /** The server's classes; of others they only know the names, which is what the rules are of. */
  private static final JavaClasses SERVER =
      ArchConfiguration.withThreadLocalScope(
          configuration -> {
            configuration.setResolveMissingDependenciesFromClassPath(false);
            return new ClassFileImporter()
                .withImportOption(new ImportOption.DoNotIncludeTests())
                .importPackages(ROOT);
          });

  @Test
  void everyPackageUsesOnlyThoseThatTheTableAllows() {
    for (Map.Entry<String, List<String>> row : MAY_USE.entrySet()) {
      String self = packageOf(row.getKey());
      assertThat(SERVER.containPackage(self)).as("%s is there", self).isTrue();
      List<String> forbidden = new ArrayList<>();
      Stream.concat(MAY_USE.keySet().stream(), BELOW.stream())
          .filter(other -> !other.equals(row.getKey()) && !row.getValue().contains(other))
          .forEach(other -> forbidden.add(packageOf(other)));
      forbidden.add(ROOT);
      noClasses()
          .that(resideInAPackage(self))
          .should()
          .dependOnClassesThat(resideInAnyPackage(forbidden.toArray(String[]::new)))
          .check(SERVER);
    }
  }

  @Test
  void theTableAllowsNothingThatNobodyUses() {
    List<String> unused = new ArrayList<>();
    MAY_USE.forEach(
        (name, allowed) -> {
          Set<String> used = usedBy(packageOf(name));
          allowed.stream()
              .filter(other -> !used.contains(packageOf(other)))
              .forEach(other -> unused.add(name + " uses nothing of " + other));
        });
    assertThat(unused).isEmpty();
    assertThat(usedBy(packageOf("index"))).contains(packageOf("query"), "org.apache.lucene.index");
  }

  /** Packages of the classes that the classes of a package use. */
  private static Set<String> usedBy(String name) {
    return SERVER.stream()
        .filter(resideInAPackage(name))
        .flatMap(javaClass -> javaClass.getDirectDependenciesFromSelf().stream())
        .map(dependency -> dependency.getTargetClass().getPackageName())
        .collect(Collectors.toSet());
  }

  private static String packageOf(String name) {
    return BELOW.contains(name) ? "dev.indelible." + name : ROOT + "." + name;
  }

  @Test
  void theTableNamesEveryPackage() {
    List<String> packages =
        SERVER.stream()
            .map(javaClass -> javaClass.getPackageName())
            .filter(name -> !name.equals(ROOT))
            .map(name -> name.substring(ROOT.length() + 1))
            .distinct()
            .sorted()
            .toList();
    assertThat(packages).containsExactlyElementsOf(MAY_USE.keySet());
  }

  @Test
  void packagesHaveNoCycles() {
    slices().matching(ROOT + ".(**)").should().beFreeOfCycles().check(SERVER);
  }

  @Test
  void luceneIsKnownInIndexAloneAndJettyInHttpAlone() {
    holdsOnlyIn("org.apache.lucene..", ROOT + ".index..");
    holdsOnlyIn("org.eclipse.jetty..", ROOT + ".http..");
    holdsOnlyIn("com.github.luben..", ROOT + ".run..", ROOT + ".sink..");
    holdsOnlyIn("org.apache.kafka..", ROOT + ".sink..");
    holdsOnlyIn("org.apache.pdfbox..", ROOT + ".print..");
    holdsOnlyIn("org.apache.fontbox..", ROOT + ".print..");
    holdsOnlyIn("com.openhtmltopdf..", ROOT + ".print..");
    holdsOnlyIn("org.apache.hc..", ROOT + ".deliver..", ROOT + ".sink..");
    holdsOnlyIn("software.amazon.awssdk..", ROOT + ".deliver..");
    holdsOnlyIn("jakarta.mail..", ROOT + ".deliver..");
    holdsOnlyIn("com.google.protobuf..", ROOT + ".otlp..");
    holdsOnlyIn("org.eclipse.angus..", ROOT + ".deliver..");
  }

  private static void holdsOnlyIn(String library, String... homes) {
    long users =
        SERVER.stream()
            .filter(
                javaClass ->
                    javaClass.getDirectDependenciesFromSelf().stream()
                        .anyMatch(d -> resideInAPackage(library).test(d.getTargetClass())))
            .count();
    assertThat(users).as("classes that use %s", library).isPositive();
    noClasses()
        .that()
        .resideOutsideOfPackages(homes)
        .should()
        .dependOnClassesThat()
        .resideInAPackage(library)
        .check(SERVER);
  }

  @Test
  void theSystemClockIsReadAtTheRootAlone() {
    noClasses()
        .that()
        .resideOutsideOfPackage(ROOT)
        .should()
        .callMethod(Instant.class, "now")
        .orShould()
        .callMethod(System.class, "currentTimeMillis")
        .orShould()
        .callMethod(InstantSource.class, "system")
        .orShould()
        .callMethod(Clock.class, "systemUTC")
        .check(SERVER);
    assertThat(callsAtTheRoot(InstantSource.class, "system")).isPositive();
  }

  @Test
  void randomnessIsMadeAtTheRootAlone() {
    noClasses()
        .that()
        .resideOutsideOfPackage(ROOT)
        .should()
        .callConstructorWhere(
            target(owner(nameMatching("java\\.security\\.SecureRandom|java\\.util\\.Random"))))
        .orShould()
        .callMethodWhere(
            target(
                    owner(
                        nameMatching(
                            "java\\.util\\.concurrent\\.ThreadLocalRandom|java\\.util\\.UUID")))
                .and(target(nameMatching("current|randomUUID"))))
        .check(SERVER);
  }

  @Test
  void aTenantScopeIsMadeInAccessAlone() {
    noClasses()
        .that()
        .resideOutsideOfPackages(ROOT + ".access..", ROOT + ".query..")
        .should()
        .callConstructorWhere(
            target(owner(nameMatching(TenantScope.class.getName().replace(".", "\\.")))))
        .check(SERVER);
    assertThat(
            SERVER.stream()
                .filter(resideInAPackage(ROOT + ".access.."))
                .flatMap(javaClass -> javaClass.getConstructorCallsFromSelf().stream())
                .filter(call -> call.getTargetOwner().isEquivalentTo(TenantScope.class))
                .count())
        .isPositive();
  }

  private static long callsAtTheRoot(Class<?> owner, String method) {
    return SERVER.stream()
        .filter(javaClass -> javaClass.getPackageName().equals(ROOT))
        .flatMap(javaClass -> javaClass.getMethodCallsFromSelf().stream())
        .filter(
            call -> call.getTargetOwner().isEquivalentTo(owner) && call.getName().equals(method))
        .count();
  }
}
