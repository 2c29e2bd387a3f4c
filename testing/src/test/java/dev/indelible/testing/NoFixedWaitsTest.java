package dev.indelible.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/**
 * No test of any module waits for a time: it is too short on one machine and too long on all
 * others. {@link Eventually} waits for conditions; {@link Pace} pauses where the pause is what is
 * tested.
 */
class NoFixedWaitsTest {

  private static final Pattern WAIT =
      Pattern.compile(
          "Thread\\s*\\.\\s*sleep\\s*\\(|\\.sleep\\s*\\(|parkNanos|parkUntil|waitForTimeout\\s*\\("
              + "|CompletableFuture\\.delayedExecutor|new Promise\\(.{0,40}setTimeout"
              + "|\\bvi\\.wait(For|Until)\\(");

  private static final Set<String> WHERE_WAITS_ARE_MADE =
      Set.of("NoFixedWaitsTest.java", "eventually.ts");

  private static final int FEWEST_FILES = 250;

  private static List<String> waits(String name, String source) {
    List<String> found = new ArrayList<>();
    List<String> lines = source.lines().toList();
    for (int i = 0; i < lines.size(); i++) {
      if (WAIT.matcher(lines.get(i)).find()) {
        found.add(name + ":" + (i + 1) + ": " + lines.get(i).strip());
      }
    }
    return found;
  }

  @Test
  void noTestWaitsForATime() throws IOException {
    List<String> found = new ArrayList<>();
    List<Path> tests = SourceFiles.ofTests();
    for (Path test : tests) {
      if (!WHERE_WAITS_ARE_MADE.contains(test.getFileName().toString())) {
        found.addAll(waits(SourceFiles.name(test), Files.readString(test)));
      }
    }
    assertThat(found)
        .as("waits for a time; use Eventually, or Pace where a pause is tested")
        .isEmpty();
    assertThat(tests).hasSizeGreaterThan(FEWEST_FILES);
  }

  @Test
  void theRuleFindsEachKindOfWait() {
    for (String wait :
        List.of(
            "Thread.sleep(5);",
            "TimeUnit.MILLISECONDS.sleep(5);",
            "java.util.concurrent.locks.LockSupport.parkNanos(5);",
            "tab.page.waitForTimeout(200);",
            "await new Promise((resolve) => setTimeout(resolve, 5));",
            "await vi.waitFor(() => expect(seen).toBe(1));")) {
      assertThat(waits("a.java", "\n" + wait)).as(wait).containsExactly("a.java:2: " + wait);
    }
    assertThat(waits("a.java", "Eventually.holds(\"it\", () -> true);")).isEmpty();
  }
}
