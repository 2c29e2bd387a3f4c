package dev.indelible.server.profile;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.indelible.server.event.Classification;
import dev.indelible.server.event.Event;
import dev.indelible.server.profile.Profile.MissingReasons;
import dev.indelible.server.profile.Profile.UnknownActions;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ClassifierTest {

  private final Profiles profiles = Profiles.builtIn();

  private Classifier classifier(String profile) {
    return new Classifier(requireNonNull(profiles.find(profile)));
  }

  private static Event event(String action, @Nullable String reason) {
    return new Event(
        null,
        null,
        null,
        null,
        action,
        new Event.Actor(Event.ActorType.USER, "u", null, null, List.of(), List.of(), null),
        List.of(),
        Event.Outcome.SUCCESS,
        null,
        List.of(),
        reason,
        Event.Context.NONE,
        null);
  }

  private static Classification recorded(Classifier.Verdict verdict) {
    assertThat(verdict).isInstanceOf(Classifier.Verdict.Recorded.class);
    return ((Classifier.Verdict.Recorded) verdict).classification();
  }

  @Test
  void aKnownActionIsWhatTheCatalogSays() {
    assertThat(recorded(classifier("rapidesq").classify(event("user.role.change", null))))
        .isEqualTo(new Classification("user_management", "update", true, List.of()));
  }

  @Test
  void aMissingReasonIsFlaggedWhereOneIsRequired() {
    Classifier rapidesq =
        new Classifier(
            requireNonNull(profiles.find("rapidesq")),
            UnknownActions.ACCEPT_AND_FLAG,
            MissingReasons.ACCEPT_AND_FLAG);
    assertThat(recorded(rapidesq.classify(event("legal-hold.apply", "case 7"))).flags()).isEmpty();
    assertThat(recorded(rapidesq.classify(event("legal-hold.apply", null))).flags())
        .containsExactly("reason_missing");
    assertThat(recorded(rapidesq.classify(event("legal-hold.apply", "  "))).flags())
        .containsExactly("reason_missing");
    assertThat(recorded(rapidesq.classify(event("team.create", null))).flags()).isEmpty();
  }

  @Test
  void anEventWithoutARequiredReasonIsRefusedWhereTheProfileSaysSo() {
    Classifier rapidesq = classifier("rapidesq");
    for (String action :
        List.of("legal-hold.apply", "legal-hold.release", "data.export", "support.impersonate")) {
      assertThat(rapidesq.classify(event(action, null)))
          .isEqualTo(new Classifier.Verdict.ReasonMissing());
      assertThat(rapidesq.classify(event(action, " ")))
          .isEqualTo(new Classifier.Verdict.ReasonMissing());
      assertThat(recorded(rapidesq.classify(event(action, "case 7"))).flags()).isEmpty();
    }
    assertThat(recorded(rapidesq.classify(event("team.create", null))).flags()).isEmpty();
    assertThat(recorded(rapidesq.classify(event("audit.exported", null))).flags())
        .as("what the program records is never lost")
        .containsExactly("reason_missing");
    assertThat(recorded(classifier("standard").classify(event("support.impersonated", null))))
        .extracting(Classification::flags)
        .isEqualTo(List.of("reason_missing"));
  }

  @Test
  void routineIsNotRecorded() {
    assertThat(classifier("rapidesq").classify(event("message.sent", null)))
        .isEqualTo(new Classifier.Verdict.NotRecorded("message.*"));
    assertThat(classifier("inbox").classify(event("message.sent", null)))
        .isInstanceOf(Classifier.Verdict.Recorded.class);
  }

  @Test
  void theLongestPatternWinsAndAWholeNameBeatsPatterns() {
    Classifier kimondesk = classifier("kimondesk");
    assertThat(requireNonNull(kimondesk.action("sso.group_changed")).action())
        .isEqualTo("sso.group_changed");
    assertThat(requireNonNull(kimondesk.action("sso.provider_added")).action()).isEqualTo("sso.*");
    assertThat(requireNonNull(kimondesk.action("audit.viewed")).action()).isEqualTo("audit.viewed");
    assertThat(requireNonNull(kimondesk.action("audit.hold_applied")).action())
        .isEqualTo("audit.*");
    assertThat(kimondesk.action("ssoxgroup")).isNull();
  }

  @Test
  void unknownActionsAreFlaggedOrRefusedAsTheTenantChooses() {
    Profile standard = profiles.standard();
    assertThat(recorded(new Classifier(standard).classify(event("frob.nicated", null))).flags())
        .containsExactly("unknown_action");
    assertThat(
            new Classifier(standard, UnknownActions.REJECT, standard.missingReasons())
                .classify(event("frob.nicated", null)))
        .isEqualTo(new Classifier.Verdict.UnknownAction());
    assertThat(
            new Classifier(standard, UnknownActions.REJECT, standard.missingReasons())
                .classify(event("user.login", null)))
        .isInstanceOf(Classifier.Verdict.Recorded.class);
  }

  @ParameterizedTest
  @CsvSource({
    "user.role_changed, update",
    "user.role.change, update",
    "user.deleted, delete",
    "delete_user, delete",
    "create_ticket, create",
    "vault.create_access_key, create",
    "view.created, create",
    "read_only_enabled, enable",
    "export_deleted, delete",
    "repo.create, create",
    "user.sign_in, login",
    "user.logged_in, login",
    "user.sign-in.failed, login",
    "failed_login, login",
    "disable_login, disable",
    "log_out, logout",
    "document.viewed, read",
    "dashboard.view, read",
    "data.bulk_export, export",
    "members.imported, import",
    "key.rotate, update",
    "key_rotation, update",
    "password_reset, update",
    "token.revoked, revoke",
    "request.approved, approve",
    "access_denied, reject",
    "mail.sent, send",
    "user.unassigned, unassign",
    "ticket.assigned, assign",
  })
  void theVerbOfAnUnknownActionIsThatOfItsName(String action, String verb) {
    assertThat(ActionWords.verb(action)).isEqualTo(verb);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "createticket",
        "consolelogin",
        "user.session.start",
        "team.add_member",
        "team.remove_member",
        "org.member_removed",
        "label.remove",
        "report.download",
        "user.mfa.enrolled",
        "legal-hold.release",
        "rule_fired",
        "employee_fired",
        "account.locked",
        "user.delete_requested",
        "delete_request",
        "export_scheduled",
        "update_available",
        "login_attempt",
        "access_policy",
        "access_key.cancelled",
        "not_deleted",
        "change_request",
        "saved_view",
        "allow_list",
        "file.opened",
        "frobnicate",
      })
  void whereTheNameLeavesADoubtThereIsNoVerb(String action) {
    assertThat(ActionWords.verb(action)).isNull();
  }

  @Test
  void anUnknownActionHasAVerbOnlyWhereItsNameSaysOne() {
    Classifier standard = classifier("standard");
    assertThat(recorded(standard.classify(event("crew.remove_member", null))))
        .isEqualTo(
            new Classification("user_management", "unknown", false, List.of("unknown_action")));
    assertThat(recorded(standard.classify(event("crew.create_access_key", null))).verb())
        .isEqualTo("create");
  }

  @ParameterizedTest
  @CsvSource({
    "standard, user.magic_login, authentication, false",
    "standard, user.avatar_changed, user_management, false",
    "standard, billing.address_changed, billing, false",
    "standard, deploy_key.added, credentials, true",
    "standard, frobnicate, other, false",
    "rapidesq, flow.archived, configuration_changes, false",
    "rapidesq, mfa.enrolled, authentication, true",
    "msp, rule_cloned, admin_changes, false",
    "automation, job.cancelled, processes_and_jobs, false",
    "kimondesk, article.viewed, views, false",
  })
  void theCategoryOfAnUnknownActionFollowsFromItsWords(
      String profile, String action, String category, boolean securityRelevant) {
    Classification classification = recorded(classifier(profile).classify(event(action, null)));
    assertThat(classification.category()).isEqualTo(category);
    assertThat(classification.securityRelevant()).isEqualTo(securityRelevant);
    assertThat(classification.flags()).containsExactly("unknown_action");
  }

  @Test
  void personalRulesJoinTheProfilesAndTheActions() {
    Classifier.Verdict verdict = classifier("msp").classify(event("feedback_submitted", null));
    assertThat(((Classifier.Verdict.Recorded) verdict).personal().detailPaths())
        .containsExactly("/email", "/name", "/message");
    assertThat(((Classifier.Verdict.Recorded) verdict).personal().changeFields())
        .contains("email", "phone");
    verdict = classifier("kimondesk").classify(event("never.heard_of", null));
    assertThat(((Classifier.Verdict.Recorded) verdict).personal().hashActor()).isTrue();
    assertThat(((Classifier.Verdict.Recorded) verdict).personal().changeFields())
        .contains("requester");
  }
}
