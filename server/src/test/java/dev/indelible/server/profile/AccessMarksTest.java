package dev.indelible.server.profile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.indelible.verify.access.AccessRules;
import dev.indelible.verify.access.AccessRules.Rule;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

/** Marks of what gives and takes access, in the profiles here and in others. */
class AccessMarksTest {

  private static final Profiles PROFILES = Profiles.builtIn();

  private static Map<String, Rule> rules(String profile) {
    Profile found = PROFILES.find(profile);
    assertThat(found).isNotNull();
    return AccessMarks.rules(found).all().stream()
        .collect(Collectors.toMap(Rule::action, Function.identity()));
  }

  @ParameterizedTest
  @CsvSource({
    "standard, user.created, user.deactivated",
    "msp, user_created, user_deactivated",
    "kimondesk, user.created, user.deactivated",
    "rapidesq, api-key.create, api-key.revoke",
    "inbox, agent.added, agent.removed",
    "automation, member.added, member.removed"
  })
  void everyProfileHereSaysWhatGivesAndTakes(String profile, String gives, String takes) {
    Map<String, Rule> rules = rules(profile);
    assertThat(rules.get(gives).realm()).isEqualTo(AccessRules.PRODUCT);
    assertThat(rules.get(gives).effects().getFirst().deed().jsonName()).isEqualTo("grants");
    assertThat(rules.get(takes).effects().getFirst().deed().jsonName()).isEqualTo("revokes");
    assertThat(rules.get("audit.member.create").realm()).isEqualTo(AccessRules.LOG);
  }

  @Test
  void catalogsOfOtherProgramsHaveRealmsOfTheirOwnAndTheProfileGoesFirst() {
    Map<String, Rule> standard = rules("standard");
    assertThat(standard.get("org.add_member").realm()).isEqualTo("github");
    assertThat(standard.get("user.lifecycle.deactivate").realm()).isEqualTo("okta");
    assertThat(standard.get("iam.create_user").realm()).isEqualTo("cloudtrail");
    assertThat(standard.get("user.created").realm()).isEqualTo(AccessRules.PRODUCT);
  }

  private static String profile(String access) {
    return PROFILES
        .source("standard")
        .replace("name: standard", "name: mine")
        .replace(
            "says: \"{actor} changed the profile of {target}\", targets: [user]}",
            "says: \"{actor} changed the profile of {target}\", targets: [user], access: ["
                + access
                + "]}");
  }

  @Test
  void aProfileOfOnesOwnMayHaveMarks() {
    Profile mine =
        PROFILES.read("mine", profile("{grants: access, of: [actor], what: [details.a.b]}"));
    Rule rule =
        AccessMarks.rules(mine).all().stream()
            .filter(one -> one.action().equals("user.updated"))
            .findFirst()
            .orElseThrow();
    assertThat(rule.effects().getFirst().what()).containsExactly("details.a.b");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{grants: everything, of: [actor], what: [session]}",
        "{of: [actor], what: [session]}",
        "{grants: role, revokes: role, of: [actor], what: [session]}",
        "{grants: role, of: [nobody], what: [session]}",
        "{grants: role, of: [actor], what: [\"*\"]}",
        "{revokes: role, of: [holder], what: [target.role]}",
        "{grants: role, of: [actor]}",
        "{grants: role, of: [actor], what: [target.role], why: x}"
      })
  void aMarkThatIsNoneIsAFaultWithItsLine(String access) {
    assertThatThrownBy(() -> PROFILES.read("mine", profile(access)))
        .isInstanceOf(ProfileFormatException.class)
        .hasMessageContaining("mine");
  }

  @Test
  void aTenantThatChangesAMarkOfTheProfileIsWeaker() {
    Profile base = PROFILES.standard();
    Profile changed =
        PROFILES.changed(
            "standard",
            JsonMapper.shared()
                .readTree(
                    "{\"categories\":[{\"id\":\"permission_changes\",\"actions\":[{\"action\":\"role.assigned\",\"access\":null}]}]}"));
    assertThat(
            Weakness.of(
                base, changed, new Weakness.Choices(base.unknownActions(), base.missingReasons())))
        .containsExactly(new Weakness(Weakness.Kind.ACCESS_CHANGED, "role.assigned", null));
  }
}
