package dev.indelible.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.syntax.ArchRuleDefinition;
import dev.indelible.stranger.StrangersTree;
import dev.indelible.stranger.StrangersVerifier;
import dev.indelible.stranger.Untrue;
import dev.indelible.testing.Eventually;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Checks a server's answers with a verifier that was written from the format pages alone. */
class StrangerTest {

  private static final Path PAGES = Path.of("..", "docs", "formats");

  @TempDir private Path folder;

  @Test
  void theStrangerUsesNothingOfThisProject() {
    ArchRuleDefinition.classes()
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage("dev.indelible.stranger", "java..")
        .check(new ClassFileImporter().importPackages("dev.indelible.stranger"));
  }

  @Test
  void theExamplesOfThePagesHold() throws Exception {
    String page = Files.readString(PAGES.resolve("checkpoint.md"));
    StrangersVerifier verifier =
        new StrangersVerifier(
            "audit.example.com/t/7f3a",
            List.of(line(page, "audit.example.com/t/7f3a+")),
            List.of(line(page, "witness.example.net/w1+")));
    String proof = Files.readString(PAGES.resolve("proof.md"));
    String file = proof.substring(proof.lastIndexOf("c2sp.org/tlog-proof@v1\n"));
    file = file.substring(0, file.indexOf("```"));
    byte[] leaf = verifier.proofFile(file);
    assertThat(leaf).hasSize(73);
    StrangersVerifier.Checkpoint checkpoint =
        verifier.checkpoint(file.substring(file.indexOf("\n\n") + 2));
    assertThat(checkpoint.size()).isEqualTo(3);
    assertThat(checkpoint.witnesses()).isEqualTo(1);
  }

  private static String line(String page, String beginning) {
    return page.lines().filter(line -> line.startsWith(beginning)).findFirst().orElseThrow();
  }

  @Test
  void whatAServerPublishesHoldsAndNoByteOfItCanBeChanged() throws Exception {
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    try (GovernedServer server = new GovernedServer(folder)) {
      server.tenant("acme", "standard");
      String log = "/v1/tenants/acme/log/";
      record(server, 0, 300);
      recordSealed(server, event("held", ""));
      String keys = new String(server.bytes(log + "key"), UTF_8);
      String origin = keys.substring(0, keys.indexOf('+'));
      StrangersVerifier verifier = new StrangersVerifier(origin, keys.lines().toList(), List.of());
      String heldNote = text(server, log + "checkpoint");
      StrangersVerifier.Checkpoint held = verifier.checkpoint(heldNote);
      record(server, 300, 900);
      JsonNode last = recordSealed(server, event("last", ",\"name\":\"Ana\""));
      verifier.proofDocument(last.path("proof").toString());

      String document = text(server, "/v1/tenants/acme/events/last/proof");
      StrangersVerifier.Checkpoint shown = verifier.proofDocument(document);
      assertThat(shown.size()).isGreaterThan(1200);
      verifier.proofDocument(text(server, "/v1/tenants/acme/events/e17/proof"));

      StrangersTree.Files files = path -> server.bytes(log + path);
      StrangersVerifier.Checkpoint now = verifier.checkpoint(text(server, log + "checkpoint"));
      List<byte[]> proof = StrangersTree.consistencyFromTiles(held.size(), now.size(), files);
      StrangersTree.checkConsistency(held.size(), held.root(), now.size(), now.root(), proof);
      List<byte[]> leafHashes =
          StrangersTree.leaves(now.size(), files).stream().map(StrangersTree::leafHash).toList();
      assertThat(StrangersTree.root(leafHashes)).isEqualTo(now.root());

      byte[] otherRoot = held.root().clone();
      otherRoot[3] ^= 4;
      assertThatThrownBy(
              () ->
                  StrangersTree.checkConsistency(
                      held.size(), otherRoot, now.size(), now.root(), proof))
          .isInstanceOf(Untrue.class);
      byte[] hash = proof.get(random.nextInt(proof.size()));
      hash[random.nextInt(hash.length)] ^= (byte) (1 << random.nextInt(8));
      assertThatThrownBy(
              () ->
                  StrangersTree.checkConsistency(
                      held.size(), held.root(), now.size(), now.root(), proof))
          .as("seed %d", seed)
          .isInstanceOf(Untrue.class);
      alteredDocumentsAreFound(verifier, document, random, seed);
    }
  }

  /** Each member that proves something, changed in one place. */
  private static void alteredDocumentsAreFound(
      StrangersVerifier verifier, String document, Random random, long seed) {
    Set<String> tried = new HashSet<>();
    Matcher value = Pattern.compile("\"(\\w+)\":\\[?\"?([^\"\\[\\]{},]+)").matcher(document);
    while (value.find()) {
      String member = value.group(1);
      if (Set.of("id", "tenant", "verifier_keys").contains(member)
          || value.start() > document.indexOf("\"verifier_keys\"")) {
        continue;
      }
      char[] altered = document.toCharArray();
      int at = value.start(2) + random.nextInt(value.group(2).length());
      altered[at] = altered[at] == '1' ? '2' : '1';
      if (Arrays.equals(altered, document.toCharArray())) {
        continue;
      }
      tried.add(member);
      assertThatThrownBy(() -> verifier.proofDocument(new String(altered)))
          .as("seed %d, %s: %s", seed, member, new String(altered))
          .isInstanceOfAny(RuntimeException.class);
    }
    assertThat(tried)
        .contains(
            "origin",
            "size",
            "root",
            "seq",
            "recorded_at",
            "leaf",
            "facts_digest",
            "inclusion",
            "checkpoint",
            "salt",
            "personal_state");
  }

  @Test
  void whatWasErasedAndWhatWasPurgedIsStillProven() throws Exception {
    try (GovernedServer server = new GovernedServer(folder)) {
      server.tenant("acme", "standard");
      server.expect(201, "POST", "/v1/events", event("u_9", ",\"name\":\"Ana Sousa\""));
      JsonNode asked =
          server.expect(
              201,
              "POST",
              "/v1/tenants/acme/erasures",
              "{\"identifiers\":[\"u_u_9\"],\"reason\":\"r\"}");
      server.expect(
          200,
          "POST",
          "/v1/tenants/acme/erasures/" + asked.path("id").asString() + "/approve",
          "{\"reason\":\"checked\"}");
      String keys = text(server, "/v1/tenants/acme/log/key");
      StrangersVerifier verifier =
          new StrangersVerifier(
              keys.substring(0, keys.indexOf('+')), keys.lines().toList(), List.of());
      String document = text(server, "/v1/tenants/acme/events/u_9/proof");
      assertThat(document).contains("\"personal_state\":\"erased\"").doesNotContain("Ana Sousa");
      verifier.proofDocument(document);
      ObjectNode present = (ObjectNode) JsonMapper.shared().readTree(document);
      present.put("personal_state", "none");
      assertThatThrownBy(() -> verifier.proofDocument(present.toString()))
          .isInstanceOf(Untrue.class);
    }
  }

  private static String text(GovernedServer server, String path) throws Exception {
    return new String(server.bytes(path), UTF_8);
  }

  private static String event(String id, String more) {
    return "{\"id\":\"%s\",\"tenant\":\"acme\",\"action\":\"user.login\",\"actor\":{\"type\":\"user\",\"id\":\"u_%s\"%s}}"
        .formatted(id, id, more);
  }

  /** Records an event until the answer has its proof, which a busy machine may make too late. */
  private static JsonNode recordSealed(GovernedServer server, String event) {
    return Eventually.see(
        "an answer with a proof",
        () -> server.expect(201, "POST", "/v1/events?wait=sealed", event).path("entries").get(0),
        entry -> entry.has("proof"));
  }

  private static void record(GovernedServer server, int first, int count) throws Exception {
    List<String> events = new ArrayList<>();
    for (int i = first; i < first + count; i++) {
      events.add(event("e" + i, i % 3 == 0 ? "" : ",\"name\":\"Ana " + i + "\""));
    }
    server.expect(201, "POST", "/v1/events", events.toString());
  }
}
