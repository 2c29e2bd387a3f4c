package dev.indelible.systemtests.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.FilePayload;
import dev.indelible.systemtests.browser.Browsing.Look;
import dev.indelible.systemtests.browser.Browsing.Tab;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Follows what {@code ./indelible demo} prints, as a reader does: the link, the curl, the entry
 * that appears by itself and is verified, and the copy in which somebody altered an entry.
 */
class DemoMomentTest {

  @RegisterExtension static final Browsing.Extension BROWSING = new Browsing.Extension();

  private static String printed(String pattern) throws Exception {
    String greeting = BROWSING.get().greeting();
    Matcher matcher = Pattern.compile(pattern).matcher(greeting);
    assertThat(matcher.find()).as("%s in %s", pattern, greeting).isTrue();
    return matcher.group(1);
  }

  private static Path copy() throws Exception {
    return BROWSING.get().tamperedCopy();
  }

  private static Tab check() {
    return BROWSING.get().open(Look.WIDE).console("/t/acme-support/check");
  }

  private static Locator checked(Tab tab, FilePayload file) {
    tab.page.locator(".drop input").setInputFiles(file);
    return tab.page.locator("[data-check]:not([data-check=running])");
  }

  private static FilePayload file(String name, byte[] bytes) {
    return new FilePayload(name, "application/x-ndjson", bytes);
  }

  @Test
  void theLinkTheCurlTheEntryAndItsProof() throws Exception {
    try (Tab tab = BROWSING.get().open(Look.WIDE)) {
      tab.page.navigate(BROWSING.get().freshSignInLink());
      assertThat(tab.page.locator("main h1")).hasText("Tenants");
      tab.page
          .locator("table.rows a", new Page.LocatorOptions().setHasText("Acme Support"))
          .click();
      tab.page
          .locator(".rail a.item")
          .filter(new Locator.FilterOptions().setHasText("Log"))
          .click();
      tab.page.locator("tr.entry[data-id]").first().waitFor();
      assertThat(tab.page.locator(".live")).hasText("Live");
      Process curl =
          new ProcessBuilder("sh", "-c", printed("(curl -sS [^\n]*\n[^\n]*)\n"))
              .redirectErrorStream(true)
              .start();
      String answer = new String(curl.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertThat(curl.waitFor()).as(answer).isZero();
      // Others look at this log too, and some of that is an entry.
      Locator arrived =
          tab.page
              .locator("tr.entry.arrived")
              .filter(
                  new Locator.FilterOptions()
                      .setHasText("Me changed the role of Bo from agent to admin"))
              .first();
      arrived.locator("td.time a").click();
      assertThat(tab.page.locator(".panel h2")).containsText("Me changed the role of Bo");
      assertThat(tab.page.locator("[data-proof]")).hasAttribute("data-proof", "verified");
    }
  }

  @Test
  void theCopyFailsAtTheCommandLineWithTheEntryNamed() throws Exception {
    List<String> said = BROWSING.get().run("verify", copy().toString());
    assertThat(said.getLast()).endsWith("does NOT hold.");
    assertThat(said)
        .filteredOn(line -> line.startsWith("  ✗"))
        .singleElement()
        .asString()
        .matches("  ✗ Entry \\d+ was altered: its facts are not what was recorded\\.");
  }

  @Test
  void theCopyFailsInTheBrowserAndLeadsToWhatWasRecorded() throws Exception {
    byte[] bytes = Files.readAllBytes(copy());
    try (Tab tab = check()) {
      Locator state = checked(tab, file("tampered.ndjson", bytes));
      assertThat(state).hasAttribute("data-check", "broken");
      assertThat(state).containsText("tampered.ndjson does not hold");
      Locator finding = state.locator(".findings li");
      assertThat(finding).hasCount(1);
      assertThat(finding).containsText(Pattern.compile("Entry [0-9]+ was altered"));
      assertThat(finding).containsText("u_chiara changed the role of");
      Axe.assertNoFaults(tab.page, "a copy that does not hold");
      finding
          .getByRole(AriaRole.LINK, new Locator.GetByRoleOptions().setName("See what was recorded"))
          .click();
      assertThat(tab.page.locator(".panel h2")).containsText("Daniel Müller");
      assertThat(tab.page.locator("[data-proof]")).hasAttribute("data-proof", "verified");
      assertThat(tab.complaints).isEmpty();
    }
  }

  @Test
  @Tag("long")
  void whoeverEditsItFurtherIsToldOfThatTooAndTheUnalteredOneHolds() throws Exception {
    String text = Files.readString(copy());
    String edited = text.replaceFirst("(\\\\\"outcome\\\\\":\\\\\")success", "$1failure");
    assertThat(edited).isNotEqualTo(text);
    Path whole = Files.createTempDirectory("indelible-copy").resolve("whole.ndjson");
    BROWSING
        .get()
        .run(
            "export",
            "--tenant",
            "acme-support",
            "--reason",
            "to check it",
            "--out",
            whole.toString());
    try (Tab tab = check()) {
      Locator state = checked(tab, file("edited.ndjson", edited.getBytes(StandardCharsets.UTF_8)));
      assertThat(state.locator(".findings li")).hasCount(2);
      String cut = text.substring(0, text.length() / 2);
      state = checked(tab, file("cut.ndjson", cut.getBytes(StandardCharsets.UTF_8)));
      assertThat(state).containsText("the file was cut");
      state = checked(tab, file("whole.ndjson", Files.readAllBytes(whole)));
      assertThat(state).hasAttribute("data-check", "holds");
      assertThat(state).containsText("are what was recorded");
      Axe.assertNoFaults(tab.page, "a copy that holds");
      state = checked(tab, file("notes.txt", "hello".getBytes(StandardCharsets.UTF_8)));
      assertThat(state).hasAttribute("data-check", "unreadable");
      assertThat(state).containsText("notes.txt is not an export of a log");
      Axe.assertNoFaults(tab.page, "no copy");
    } finally {
      Files.delete(whole);
      Files.delete(whole.getParent());
    }
  }

  @Test
  @Tag("long")
  void aCopyWhoseSignatureTheBrowserCannotCheckIsNeitherCalledGoodNorBroken() throws Exception {
    Path whole = Files.createTempDirectory("indelible-copy").resolve("whole.ndjson");
    BROWSING.get().run("export", "--tenant", "lumen-studio", "--out", whole.toString());
    byte[] bytes = Files.readAllBytes(whole);
    Files.delete(whole);
    Files.delete(whole.getParent());
    try (Tab tab = BROWSING.get().open(Look.WIDE)) {
      tab.page.addInitScript(
          "crypto.subtle.importKey = () => Promise.reject(new DOMException('none', 'NotSupportedError'));");
      tab.console("/t/lumen-studio/check");
      Locator state = checked(tab, file("whole.ndjson", bytes));
      assertThat(state).hasAttribute("data-check", "open");
      assertThat(state.locator(".notice")).containsText("whole.ndjson was not fully checked.");
      assertThat(state.locator(".notice")).not().hasClass(Pattern.compile("good|danger"));
      assertThat(state.locator(".reasons")).containsText("Ed25519");
      Axe.assertNoFaults(tab.page, "a copy that was not fully checked");
      // What does not hold does not, whoever signed it.
      String text = new String(bytes, StandardCharsets.UTF_8);
      String edited = text.replaceFirst("(\\\\\"outcome\\\\\":\\\\\")success", "$1failure");
      assertThat(edited).isNotEqualTo(text);
      state = checked(tab, file("edited.ndjson", edited.getBytes(StandardCharsets.UTF_8)));
      assertThat(state).hasAttribute("data-check", "broken");
      assertThat(state.locator(".findings li")).hasCount(1);
    }
  }

  @Test
  @Tag("long")
  void aCopySaysWhatWasErasedAndWhichEntryRecordedIt() throws Exception {
    Browsing browsing = BROWSING.get();
    String tenant = browsing.newTenant("erased", "inbox");
    Events.record(
        browsing,
        "{\"tenant\":\"%s\",\"action\":\"user.login\",\"actor\":{\"type\":\"user\",\"id\":\"u_gone\",\"name\":\"Gone\"}}"
            .formatted(tenant));
    String erasures = "/v1/tenants/" + tenant + "/erasures";
    String received = Events.post(browsing, erasures, "{\"identifiers\":[\"u_gone\"]}");
    String id = received.replaceAll("(?s).*\"id\":\"(erasure-[^\"]+)\".*", "$1");
    Events.post(browsing, erasures + "/" + id + "/approve", "{\"reason\":\"identity checked\"}");
    Path whole = Files.createTempDirectory("indelible-copy").resolve("whole.ndjson");
    browsing.run("export", "--tenant", tenant, "--out", whole.toString());
    List<String> said = browsing.run("verify", whole.toString());
    String text = Files.readString(whole);
    Files.delete(whole);
    Files.delete(whole.getParent());
    String line = said.stream().filter(one -> one.contains("erased at")).findFirst().orElseThrow();
    String entry = line.replaceAll("^\\D*(\\d+) .*", "$1");
    String by = line.replaceAll(".*erased at (\\d+)\\..*", "$1");
    try (Tab tab = browsing.open(Look.WIDE).console("/t/" + tenant + "/check")) {
      Locator state = checked(tab, file("whole.ndjson", text.getBytes(StandardCharsets.UTF_8)));
      assertThat(state).hasAttribute("data-check", "holds");
      Locator gone = state.locator("[data-deletions] li");
      assertThat(gone)
          .hasText(
              "The personal part of entry %s was erased. Entry %s says so".formatted(entry, by));
      Axe.assertNoFaults(tab.page, "a copy with a deletion");
      gone.getByRole(AriaRole.LINK).click();
      assertThat(tab.page.locator(".panel .where"))
          .containsText("%,d".formatted(Long.parseLong(by)));
      assertThat(tab.page.locator(".panel h2"))
          .hasText("The operator erased the personal parts of entries: 1");
    }
    // Whoever takes a personal part out of the copy, and says that it was erased, is found out.
    String erased =
        text.replaceFirst(
            "(?m)^(\\{\"seq\":\\d+,[^\n]*?\"state\":\")whole(\"[^\n]*?),\"personal\":\"(?:[^\"\\\\]|\\\\.)*\",\"personal_salt\":\"[^\"]*\"",
            "$1personal_erased$2");
    assertThat(erased).isNotEqualTo(text);
    try (Tab tab = browsing.open(Look.WIDE).console("/t/" + tenant + "/check")) {
      Locator state = checked(tab, file("erased.ndjson", erased.getBytes(StandardCharsets.UTF_8)));
      assertThat(state).hasAttribute("data-check", "broken");
      assertThat(state.locator("[data-deletions] li").first())
          .containsText("without its personal part, and no entry says who erased it");
      Axe.assertNoFaults(tab.page, "a copy with a deletion that nobody recorded");
    }
  }

  @Test
  @Tag("long")
  void anotherTenantsCopyIsNotTakenForThisOnes() throws Exception {
    byte[] bytes = Files.readAllBytes(copy());
    try (Tab tab = BROWSING.get().open(Look.WIDE).console("/t/lumen-studio/check")) {
      Locator state = checked(tab, file("tampered.ndjson", bytes));
      assertThat(state).containsText("not signed by a key of this log that you know");
    }
  }
}
