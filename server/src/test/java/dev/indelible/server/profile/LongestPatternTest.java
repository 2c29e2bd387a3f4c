package dev.indelible.server.profile;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tests which of several fitting patterns of a profile an action is found by. */
class LongestPatternTest {

  private static final String PERMISSION = "      - {action: \"permission.*\"";

  private static String more(String action) {
    return "      - {action: \"%s\", verb: update, says: \"{actor} did it\"}\n".formatted(action);
  }

  private static Classifier classifier() {
    Profiles profiles = Profiles.builtIn();
    String yaml = profiles.source("standard");
    assertThat(yaml).contains(PERMISSION);
    // The shorter one stands before the longer ones and behind one of them.
    String patterns =
        more("permission.set.*") + PERMISSION + "%s" + more("permission.set.shared.*");
    int at = yaml.indexOf(PERMISSION);
    int end = yaml.indexOf('\n', at) + 1;
    return new Classifier(
        profiles.read(
            "mine.yaml",
            yaml.substring(0, at)
                + patterns.formatted(yaml.substring(at + PERMISSION.length(), end))
                + more("permission.set.shared.removed")
                + yaml.substring(end)));
  }

  @ParameterizedTest
  @CsvSource({
    "permission.granted, permission.*",
    "permission.set.created, permission.set.*",
    "permission.set.shared.created, permission.set.shared.*",
    "permission.set.shared.removed, permission.set.shared.removed"
  })
  void theLongestThatFitsIsMeantWhereverItStands(String action, String found) {
    assertThat(requireNonNull(classifier().action(action)).action()).isEqualTo(found);
  }

  @Test
  void aPatternIsNoBeginningOfAnotherWord() {
    assertThat(classifier().action("permissions.granted")).isNull();
  }
}
