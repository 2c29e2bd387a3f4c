package dev.indelible.server.profile;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.indelible.server.profile.Profile.Action;
import dev.indelible.server.profile.Profile.Category;
import dev.indelible.server.profile.Profile.ExportFormat;
import dev.indelible.server.profile.Profile.Role;
import dev.indelible.server.profile.Profile.Scope;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Period;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests the promises of the six profiles, page by page. */
class ProfilesTest {

  private final Profiles profiles = Profiles.builtIn();

  private Profile profile(String name) {
    return requireNonNull(profiles.find(name));
  }

  private static Action action(Profile profile, String name) {
    return requireNonNull(new Classifier(profile).action(name), name);
  }

  private static List<String> categories(Profile profile) {
    return profile.categories().stream()
        .filter(category -> !category.id().equals("audit_access") && !category.id().equals("other"))
        .map(Category::id)
        .toList();
  }

  private static Role role(Profile profile, String id) {
    return profile.roles().stream().filter(r -> r.id().equals(id)).findFirst().orElseThrow();
  }

  @Test
  void thereAreSixAndEachCanBeReadAgainFromItsOwnFile() {
    assertThat(profiles.all())
        .extracting(Profile::name)
        .containsExactly("standard", "rapidesq", "inbox", "msp", "kimondesk", "automation");
    for (Profile profile : profiles.all()) {
      assertThat(profiles.read("copy.yaml", profiles.source(profile.name()))).isEqualTo(profile);
      assertThat(profile.alertRules()).isNotEmpty();
      assertThat(profile.evidencePacks()).isNotEmpty();
      for (Category category : profile.categories()) {
        for (Action action : category.actions()) {
          assertThat(action.sentence()).isNotBlank();
        }
      }
    }
  }

  @Test
  void theDocumentedExampleIsAProfile() throws IOException {
    Path document = Path.of("docs", "profiles.md");
    String text =
        Files.readString(Files.exists(document) ? document : Path.of("..").resolve(document));
    int start = text.indexOf("```yaml\n") + 8;
    String yaml = text.substring(start, text.indexOf("```", start));
    assertThat(profiles.read("profiles.md", yaml).name()).isEqualTo("mine");
    for (String verb : ActionWords.VERBS) {
      assertThat(text).contains(verb);
    }
  }

  @Test
  void rapidesqHasItsCategoriesReasonsRolesAndRetention() {
    Profile profile = profile("rapidesq");
    assertThat(categories(profile))
        .containsExactly(
            "authentication",
            "user_management",
            "configuration_changes",
            "permission_changes",
            "data_access",
            "data_deletion",
            "billing_and_account",
            "security_events");
    for (String name :
        List.of("legal-hold.apply", "legal-hold.release", "data.export", "support.impersonate")) {
      assertThat(action(profile, name).reasonRequired()).as(name).isTrue();
    }
    assertThat(action(profile, "team.create").reasonRequired()).isFalse();
    assertThat(action(profile, "message.reply").recorded()).isFalse();
    assertThat(action(profile, "ticket.status.update").recorded()).isFalse();
    assertThat(role(profile, "tenant_owner").permissionSets()).isNotEmpty();
    assertThat(role(profile, "tenant_admin").permissionSets()).isNotEmpty();
    assertThat(role(profile, "supervisor").permissionSets()).isEmpty();
    assertThat(role(profile, "agent").permissionSets()).isEmpty();
    assertThat(profile.viewer().newest()).isEqualTo(100);
    assertThat(profile.viewer().last()).isNull();
    assertThat(profile.exportFormats()).containsExactly(ExportFormat.CSV, ExportFormat.JSON);
    assertThat(profile.retention().preset()).isEqualTo(RetentionPeriod.parse("P2Y"));
    assertThat(profile.retention().most().compareTo(RetentionPeriod.parse("P7Y"))).isPositive();
    assertThat(profile.retention().holds()).isTrue();
  }

  @Test
  void inboxKeepsNinetyDaysAndFiltersByRole() {
    Profile profile = profile("inbox");
    assertThat(profile.retention().preset()).isEqualTo(RetentionPeriod.parse("P90D"));
    assertThat(profile.retention().configurable()).isFalse();
    assertThat(profile.viewer().filters()).contains("role", "actor", "time", "category");
    assertThat(profile.viewer().columns()).contains("ip", "location", "outcome");
    assertThat(profile.exportFormats())
        .containsExactly(ExportFormat.CSV, ExportFormat.JSON, ExportFormat.PDF);
  }

  @Test
  void mspShowsSevenDaysAndKeepsThirteenMonthsButNoLessThanSixtyDays() {
    Profile profile = profile("msp");
    assertThat(profile.viewer().last()).isEqualTo(Period.ofDays(7));
    assertThat(profile.retention().preset()).isEqualTo(RetentionPeriod.parse("P13M"));
    assertThat(profile.retention().least()).isEqualTo(RetentionPeriod.parse("P60D"));
    assertThat(profile.evidencePacks())
        .extracting(Profile.EvidencePack::id)
        .containsExactly("access_review", "change_management", "incident_response");
  }

  @Test
  void kimondeskHashesActorsRecordsViewsAndHasTiers() {
    Profile profile = profile("kimondesk");
    assertThat(profile.actorHashing()).isTrue();
    assertThat(profile.viewRecording()).isTrue();
    assertThat(profile.retention().least()).isEqualTo(RetentionPeriod.parse("P12M"));
    assertThat(profile.retention().most()).isEqualTo(RetentionPeriod.parse("P36M"));
    for (String name : List.of("sso.group_changed", "user.role_changed", "permission.updated")) {
      assertThat(action(profile, name).securityRelevant()).as(name).isTrue();
    }
  }

  @Test
  void automationKeepsEverythingAndHasAccountAdmins() {
    Profile profile = profile("automation");
    assertThat(profile.retention().preset()).isEqualTo(RetentionPeriod.LIFETIME);
    assertThat(profile.retention().least()).isEqualTo(RetentionPeriod.LIFETIME);
    assertThat(role(profile, "account_admin").scope()).isEqualTo(Scope.ACCOUNT);
    assertThat(role(profile, "tenant_admin").scope()).isEqualTo(Scope.TENANT);
    assertThat(profile.viewer().filters()).contains("verb", "target_type", "time", "actor");
    assertThat(profile.alertRules())
        .extracting(Profile.AlertRule::id)
        .contains("role_escalation", "unexpected_api_keys", "off_hours_settings", "mass_deletion");
  }

  /** Every action that a page lists, in the category that the page lists it in. */
  @ParameterizedTest
  @CsvSource({
    "rapidesq, authentication, user.sign-in user.sign-out user.sign-in.failed sso.config.change"
        + " user.password.reset session.terminate",
    "rapidesq, user_management, user.create user.invite user.deactivate user.role.change"
        + " user.permission-set.assign user.team.add user.team.remove",
    "rapidesq, configuration_changes, team.create routing.strategy.change channel.configure"
        + " flow.publish bot.configure knowledge-base.update business-hours.change",
    "rapidesq, permission_changes, permission-set.create permission-set.update"
        + " permission-set.assign tenant.access.change",
    "rapidesq, data_access, data.export dsar.receive dsar.process dsar.fulfill legal-hold.apply"
        + " legal-hold.release support.impersonate contact.view",
    "rapidesq, data_deletion, contact.delete data.bulk-delete retention.delete ticket.delete"
        + " conversation.delete",
    "rapidesq, billing_and_account, plan.change payment-method.update credit.top-up"
        + " auto-refill.change tenant.settings.change",
    "rapidesq, security_events, auth.failure-pattern activity.suspicious api-key.create"
        + " api-key.rotate ip-restriction.change",
    "inbox, authentication, user.login user.logout user.login_failed user.password_changed"
        + " mfa.set_up mfa.changed",
    "inbox, conversations, conversation.accessed message.sent message.edited message.deleted"
        + " conversation.assigned conversation.closed",
    "inbox, settings, settings.changed feature.enabled feature.disabled integration.changed"
        + " workflow.updated",
    "inbox, agents, agent.added agent.removed agent.modified agent.role_changed"
        + " agent.permissions_updated agent.team_assigned",
    "inbox, labels, label.created label.edited label.deleted label.assigned category.changed",
    "inbox, automation, macro.executed automation_rule.changed bot.configuration_updated",
    "msp, authentication, login_succeeded login_failed password_changed mfa_enrolled"
        + " session_invalidated sso_callback rate_limited",
    "msp, admin_changes, integration_credentials_updated user_role_changed branding_updated"
        + " customer_matching_changed rule_updated",
    "msp, rules_engine, rule_fired",
    "msp, write_backs, ticket_created create_ticket update_ticket_status acknowledge_alert"
        + " create_time_entry",
    "msp, feedback, feedback_submitted support_submitted",
    "kimondesk, authentication, user.login user.login_failed",
    "kimondesk, views, ticket.viewed",
    "kimondesk, tickets, ticket.field_changed ticket.merged tag.deleted",
    "kimondesk, automation, macro.fired workflow.edited",
    "kimondesk, data_exports, data.exported",
    "kimondesk, api, api.called",
    "automation, users_and_members, user.created user.updated member.added member.role_updated"
        + " member.removed invitation.created invitation.accepted",
    "automation, processes_and_jobs, process.created process.updated process.deleted"
        + " job.completed process.member_added process.member_removed",
    "automation, settings_and_configuration, settings.updated api_key.created"
        + " api_key.deactivated license.activated",
    "automation, accounts, account.created account.updated",
  })
  void theCatalogHasWhatThePageLists(String name, String category, String actions) {
    Category found =
        profile(name).categories().stream()
            .filter(c -> c.id().equals(category))
            .findFirst()
            .orElseThrow();
    assertThat(found.actions()).extracting(Action::action).contains(actions.split(" "));
  }

  /** The program's own actions, as they stand in its sources. */
  private static Set<String> ownActions() throws IOException {
    Pattern name = Pattern.compile("\"(audit(?:\\.[a-z_]+)+)\"");
    Set<String> names = new TreeSet<>();
    try (Stream<Path> files = Files.walk(Path.of("src/main/java"))) {
      for (Path file : files.filter(path -> path.toString().endsWith(".java")).toList()) {
        name.matcher(Files.readString(file)).results().forEach(found -> names.add(found.group(1)));
      }
    }
    for (Permission permission : Permission.values()) {
      names.remove(permission.jsonName());
    }
    for (String state : List.of("received", "processing", "deferred", "fulfilled", "rejected")) {
      names.add("audit.erasure." + state);
    }
    for (String kind : List.of("account", "member", "permission_set")) {
      for (String verb : List.of("create", "update", "remove")) {
        names.add("audit." + kind + "." + verb);
      }
    }
    names.addAll(List.of("audit.auditor_link.create", "audit.auditor_link.end"));
    return names;
  }

  @Test
  void everyActionOfTheLogItselfHasASentenceOfItsOwn() throws IOException {
    Set<String> names = ownActions();
    assertThat(names).hasSizeGreaterThan(35).contains("audit.hold.apply", "audit.entries.purge");
    for (Profile profile : profiles.all()) {
      assertThat(names)
          .allSatisfy(
              name ->
                  assertThat(action(profile, name).action()).as(profile.name()).isEqualTo(name));
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "title: Standard | titel: Standard | line 3",
        "verb: login, says: \"{actor} signed in\" | verb: log, says: \"{actor} signed in\" | verb",
        "{actor} signed in | {acteur} signed in | no place {acteur}",
        "action: user.login, | action: User.Login, | form",
        "action: user.login_failed | action: user.login | occurs twice",
        "newest: 100 | newest: lots | /viewer/newest must be an integer",
        "newest: 100 | newest: 5000 | from 1 to 1000",
        "newest: 100 | zone: \"+01:00\" | no time zone such as Europe/Berlin",
        "default: P13M | default: P1D | from least to most",
        "default: P13M | default: 13 months | neither lifetime nor a period",
        "permissions: [audit.view, | permissions: [audit.look, | audit.look",
        "permission_sets: [audit_viewer]} | permission_sets: [nobody]} | nobody",
        "[csv, json, | [csv, xls, | xls",
        "unknown_actions: accept_and_flag | unknown_actions: shrug | shrug",
        "security_relevant: true} | security_relevant: yes} | true or false",
        "personal_fields: [email, name, | personal_fields: [email, email, | occurs twice",
        "title: Standard | title: &a Standard | anchors",
        "title: Standard | colour: red | is missing",
        "title: Standard | title: [ | not YAML",
      })
  void aBrokenProfileIsRefusedWithItsLine(String good, String bad, String says) {
    String yaml = profiles.source("standard");
    assertThat(yaml).contains(good);
    int at = yaml.indexOf(good);
    String broken = yaml.substring(0, at) + bad + yaml.substring(at + good.length());
    assertThatThrownBy(() -> profiles.read("mine.yaml", broken))
        .isInstanceOf(ProfileFormatException.class)
        .hasMessageContaining("mine.yaml")
        .hasMessageContaining("line ")
        .hasMessageContaining(says.startsWith("line") ? "title" : says);
  }

  @ParameterizedTest
  @ValueSource(strings = {"P0D", "P-1D", "PT5H", "90", "", "Lifetime"})
  void whatIsNoRetentionPeriodIsRefused(String text) {
    assertThatThrownBy(() -> RetentionPeriod.parse(text))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void periodsCompareByLength() {
    assertThat(RetentionPeriod.parse("P12M")).isEqualTo(RetentionPeriod.parse("P1Y"));
    assertThat(RetentionPeriod.parse("P13M")).isGreaterThan(RetentionPeriod.parse("P390D"));
    assertThat(RetentionPeriod.LIFETIME).isGreaterThan(RetentionPeriod.parse("P100Y"));
  }

  @Test
  void permissionsHaveStableNames() {
    for (Permission permission : Permission.values()) {
      assertThat(Permission.named(permission.jsonName())).isEqualTo(permission);
      assertThat(permission.jsonName()).matches("[a-z_]+\\.[a-z_]+");
    }
    assertThat(Permission.named("audit.everything")).isNull();
  }
}
