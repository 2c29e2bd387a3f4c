package dev.indelible.server.profile;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.indelible.server.event.Classification;
import dev.indelible.server.event.Event;
import dev.indelible.server.event.PersonalRules;
import dev.indelible.server.profile.Classifier.Verdict;
import dev.indelible.server.profile.Profile.UnknownActions;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The actions of other programs' logs, which every profile knows. */
class CatalogsTest {

  private static final Path GERMAN = Path.of("..", "web", "src", "shared", "sentences-de.json");
  private static final Pattern PLACE = Pattern.compile("\\{[^?{}]+}");

  private final Profiles profiles = Profiles.builtIn();

  private Classifier classifier(String profile) {
    return new Classifier(requireNonNull(profiles.find(profile)));
  }

  private static Event event(String action) {
    return new Event(
        null,
        null,
        null,
        null,
        action,
        new Event.Actor(Event.ActorType.USER, "u", null, null, List.of(), List.of(), null),
        List.of(),
        Event.Outcome.UNKNOWN,
        null,
        List.of(),
        null,
        Event.Context.NONE,
        null);
  }

  private static Verdict.Recorded recorded(Classifier classifier, String action) {
    Verdict verdict = classifier.classify(event(action));
    assertThat(verdict).as(action).isInstanceOf(Verdict.Recorded.class);
    return (Verdict.Recorded) verdict;
  }

  private Verdict.Recorded recorded(String profile, String action) {
    return recorded(classifier(profile), action);
  }

  private List<Catalog> catalogs() {
    return profiles.standard().catalogs();
  }

  @Test
  void thereIsOneForEachBuiltInMap() {
    assertThat(catalogs()).extracting(Catalog::name).isEqualTo(Profiles.CATALOGS);
    int actions = 0;
    for (Catalog catalog : catalogs()) {
      for (Catalog.Group group : catalog.groups()) {
        actions += group.actions().size();
      }
    }
    assertThat(actions).isGreaterThan(500);
  }

  @ParameterizedTest
  @ValueSource(strings = {"standard", "rapidesq", "inbox", "msp", "kimondesk", "automation"})
  void everyActionIsKnownInEveryProfileAndHasOneOfItsCategories(String name) {
    Profile profile = requireNonNull(profiles.find(name));
    Set<String> categories = new HashSet<>();
    profile.categories().forEach(category -> categories.add(category.id()));
    Classifier strict = new Classifier(profile, UnknownActions.REJECT, profile.missingReasons());
    for (Catalog catalog : catalogs()) {
      for (Catalog.Group group : catalog.groups()) {
        for (Profile.Action action : group.actions()) {
          // A pattern ends with a point, or within a name whose end says what was done.
          String example =
              action.action().replace(".*", ".create_thing").replace("*", "thing_updated");
          Classification found = recorded(strict, example).classification();
          assertThat(found.flags()).as(example).isEmpty();
          assertThat(categories).as(example).contains(found.category());
          assertThat(ActionWords.VERBS).as(example).contains(found.verb());
        }
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "org.update_member, permission_changes, update, true",
    "team.remove_member, user_management, unassign, true",
    "repo.rename, configuration, update, false",
    "repo.some_new_setting_enabled, data_changes, enable, false",
    "protected_branch.rejected_ref_update, configuration, reject, true",
    "user.session.start, authentication, login, false",
    "user.account.privilege.grant, permission_changes, assign, true",
    "group.user_membership.remove, user_management, unassign, true",
    "iam.create_access_key, credentials, create, true",
    "signin.console_login, authentication, login, true",
    "rds.delete_db_instance, configuration, delete, true",
    "ec2.describe_instances, data_changes, read, false",
    "iam.list_users, data_changes, read, false",
    "iam.put_something_new, data_changes, update, true",
    "elasticloadbalancing.modify_load_balancer_attributes, data_changes, update, false",
    "git.commit, data_changes, update, false",
    "git.clone, data_access, read, false",
    "keycloak.login, authentication, login, false",
    "keycloak.admin.realm_role_mapping.create, permission_changes, assign, true",
    "keycloak.admin.component.update, configuration, update, true",
    "k8s.secrets.get, credentials, read, true",
    "k8s.moorings.patch, data_changes, update, false",
    "k8s.pods.deletecollection, data_changes, delete, false",
    "gcp.compute.instances.insert, configuration, create, false",
    "gcp.compute.disks.insert, data_changes, create, false",
    "gcp.iam.list_service_account_keys, data_changes, read, false",
    "gitlab.project_feature_wiki_access_level_updated, permission_changes, update, true",
    "vault.kv.read, data_access, read, true",
    "vault.ssh.update, data_changes, update, true",
    "pgaudit.ddl.drop_table, configuration, delete, true",
    "pgaudit.read.select, data_access, read, false",
    "auditd.program_run, data_access, execute, true",
  })
  void anActionIsWhatItsCatalogSays(
      String action, String category, String verb, boolean securityRelevant) {
    assertThat(recorded("standard", action).classification())
        .isEqualTo(new Classification(category, verb, securityRelevant, List.of()));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "user.avatar_changed",
        "team.renamed",
        "project.archived",
        "issue.opened",
        "config.changed",
        "billing.address_changed",
        "backup.completed",
        "account.opened",
        "notifications.sent",
        "app.started",
        "system.restarted",
        "workflow.failed",
        "keycloak.a_type_of_tomorrow",
        "gitlab.a_type_of_tomorrow",
        "entra.an_activity_of_tomorrow",
        "auditd.a_record_of_tomorrow",
        "spring.crane_unlocked"
      })
  void whatAProductSaysInItsOwnWordsStaysUnknown(String action) {
    assertThat(recorded("standard", action).classification().flags())
        .containsExactly(Classifier.UNKNOWN_ACTION);
  }

  @Test
  void theProfilesOwnActionsGoFirst() {
    Classifier rapidesq = classifier("rapidesq");
    assertThat(rapidesq.classify(event("message.sent"))).isInstanceOf(Verdict.NotRecorded.class);
    assertThat(requireNonNull(classifier("standard").action("user.login")).sentence())
        .isEqualTo("{actor} signed in");
    Verdict.Recorded login = recorded("standard", "user.login");
    assertThat(login.personal().hashesIds()).as("who acts is as the profile says").isFalse();
    assertThat(login.personal().detailPaths()).contains("/actor_ip", "/request/ipChain");
    assertThat(recorded("kimondesk", "user.login").personal().hashActor()).isTrue();
  }

  @Test
  void whatIsPersonalIsKnownByWhatTheActionBeginsWith() {
    PersonalRules okta = recorded("standard", "user.something.okta_made_up").personal();
    assertThat(okta.detailPaths())
        .contains(
            "/request/ipChain",
            "/target/alternateId",
            "/client/geographicalContext",
            "/debugContext");
    assertThat(recorded("standard", "git.commit").personal().detailPaths())
        .contains("/committer", "/body");
    assertThat(recorded("standard", "git.commit").personal().reason()).isTrue();
    assertThat(recorded("standard", "sts.assume_role").personal().detailPaths())
        .contains("/userIdentity/principalId", "/responseElements/assumedRoleUser");
    assertThat(recorded("standard", "org.invite_member").personal().detailPaths())
        .contains("/email", "/data/email");
    assertThat(recorded("standard", "config.changed").personal().hashesIds()).isFalse();
    assertThat(recorded("standard", "record.updated").personal().detailPaths()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "standard, user.login_failed",
    "inbox, user.login_failed",
    "kimondesk, user.login_failed",
    "msp, login_failed",
    "rapidesq, user.sign-in.failed",
    "automation, user.failed_login",
    "msp, user.failed_login",
    "standard, protected_branch.rejected_ref_update",
    "standard, user.mfa.okta_verify.deny_push",
    "standard, user.two_factor_challenge_failure"
  })
  void whatFailsByItsNameFails(String profile, String action) {
    assertThat(recorded(profile, action).fails()).isTrue();
    assertThat(recorded(profile, "user.login").fails()).isFalse();
  }

  @Test
  void secretsAreMarkedInImportsAloneUnlessTheProfileSaysOtherwise() {
    assertThat(recorded("standard", "sts.assume_role").secrets().marked()).isTrue();
    Classifier.Secrets own = recorded("standard", "record.updated").secrets();
    assertThat(own.marked()).isFalse();
    assertThat(own.onRequest()).isTrue();
    for (String action : List.of("sts.assume_role", "rule_updated", "record.updated")) {
      Classifier.Secrets secrets = recorded("msp", action).secrets();
      assertThat(secrets.marked() || secrets.onRequest()).as(action).isFalse();
    }
    Profile all =
        profiles.read(
            "all.yaml",
            profiles
                .source("standard")
                .replace("name: standard", "name: all\nsecrets: all\nsecret_keys: [door_code]"));
    assertThat(all.secrets())
        .isEqualTo(new SecretMarking(SecretMarking.When.ALL, List.of("door_code")));
    Classifier classifier = new Classifier(all);
    assertThat(recorded(classifier, "record.updated").secrets().marked()).isTrue();
    assertThat(recorded(classifier, "audit.viewed").secrets().marked()).isFalse();
  }

  @Test
  void everySentenceIsThereInGermanWithItsPlaces() throws IOException {
    JsonNode german = JsonMapper.shared().readTree(GERMAN);
    int sentences = 0;
    for (Catalog catalog : catalogs()) {
      for (Catalog.Group group : catalog.groups()) {
        for (Profile.Action action : group.actions()) {
          String text = german.path(action.sentence()).asString("");
          assertThat(text).as(action.sentence()).isNotEmpty().isNotEqualTo(action.sentence());
          assertThat(places(text)).as(text).isEqualTo(places(action.sentence()));
          sentences++;
        }
      }
    }
    assertThat(sentences).isGreaterThan(500);
  }

  private static List<String> places(String sentence) {
    return PLACE.matcher(sentence).results().map(MatchResult::group).sorted().toList();
  }

  @Test
  void whatWasFoundIsKeptWithinABound() {
    Classifier classifier = classifier("standard");
    for (int i = 0; i < Classifier.MAX_KEPT + 10; i++) {
      recorded(classifier, "thing.done" + i);
    }
    assertThat(classifier.kept()).isBetween(1, Classifier.MAX_KEPT);
    assertThat(recorded(classifier, "user.login").classification().verb()).isEqualTo("login");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{actor} left{? the team {target.team}}",
        "{actor} called {action}{? for {target}}{?: {reason}}"
      })
  void aSentenceMayHavePartsThatAreLeftOut(String sentence) {
    Profile profile = profiles.changed("standard", changes(sentence));
    assertThat(requireNonNull(new Classifier(profile).action("x.y")).sentence())
        .isEqualTo(sentence);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{actor} left{? the {nowhere}}",
        "{actor} left{? for",
        "{actor}{? a {? b}}",
        "{?}{x}"
      })
  void aPartThatIsNotClosedOrHasNoSuchPlaceIsRefused(String sentence) {
    assertThatThrownBy(() -> profiles.changed("standard", changes(sentence)))
        .isInstanceOf(ProfileFormatException.class);
  }

  private static JsonNode changes(String sentence) {
    return JsonMapper.shared()
        .readTree(
            """
            {"categories":[{"id":"other","title":"Other","actions":[{"action":"x.y","verb":"update","says":"%s"}]}]}"""
                .formatted(sentence));
  }
}
