package dev.indelible.verify.access;

import static dev.indelible.verify.access.AccessLog.by;
import static dev.indelible.verify.access.AccessLog.key;
import static dev.indelible.verify.access.AccessLog.lines;
import static dev.indelible.verify.access.AccessLog.role;
import static dev.indelible.verify.access.AccessLog.session;
import static dev.indelible.verify.access.AccessLog.user;
import static dev.indelible.verify.access.AccessLog.userAnd;
import static org.assertj.core.api.Assertions.assertThat;

import dev.indelible.verify.access.AccessReview.Difference;
import dev.indelible.verify.access.AccessReview.Leaver;
import dev.indelible.verify.access.Offboarding.Step;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Access that entries give and take. */
class AccessFoldTest {

  private final AccessLog log = new AccessLog();

  @Test
  void grantsNameTheEntryThatMadeThemAndRevocationsEndThem() {
    log.add("user.created", user("u_1"), "{\"targets\":[{\"name\":\"Ana\"}]}");
    log.add("user.role_changed", role("u_1", "agent"));
    log.add("member.added", userAnd("u_1", "team", "red"));
    log.add("key.created", by("u_1", key("k_1")));
    log.add("user.role_changed", role("u_1", "admin"));
    log.add("member.added", userAnd("u_2", "team", "red"));
    log.add("member.removed", userAnd("u_2", "team", "red"));
    log.add("unrelated.thing", user("u_3"));
    AccessReview review = log.review();
    assertThat(lines(review))
        .containsExactly(
            "u_1 sign_in/sign-in e0",
            "u_1 role/admin e4",
            "u_1 membership/red e2",
            "u_1 key/k_1 e3");
    assertThat(review.people().get(0).name()).isEqualTo("Ana");
    assertThat(review.people().get(0).grants().get(3).selfGranted()).isTrue();
    assertThat(review.completeness().complete()).isTrue();
    assertThat(review.completeness().sinceSeq()).isZero();
  }

  @Test
  void aFailureGivesNothing() {
    log.add("user.created", user("u_1") + ",\"outcome\":\"failure\"");
    assertThat(log.review().people()).isEmpty();
  }

  @Test
  void ofTwoThatSpeakOfTheSameTheOneThatHappenedLaterCounts() {
    String early = "\"occurred_at\":\"" + Instant.ofEpochMilli(AccessLog.START - 60_000) + "\",";
    log.add("member.removed", userAnd("u_1", "team", "red"));
    log.add("member.added", early + userAnd("u_1", "team", "red"));
    log.add("user.role_changed", role("u_2", "admin"));
    log.add("roles.cleared", early + user("u_2"));
    assertThat(lines(log.review())).containsExactly("u_2 role/admin e2");
  }

  @Test
  void ofADateIsWhatHadHappenedThen() {
    log.add("user.created", user("u_1"));
    long before = log.now();
    log.add("user.deactivated", user("u_1"));
    assertThat(lines(log.fold(before - 1, null).review())).hasSize(1);
    assertThat(lines(log.review())).isEmpty();
  }

  @Test
  void someoneWhoLeftIsListedWithTheHoursUntilTheLastAccessWasGone() {
    log.add("user.created", user("u_1"));
    log.add("key.created", by("u_1", key("k_1")));
    log.add("user.login", by("u_1", session("s_1")));
    log.add("user.deactivated", user("u_1"));
    Leaver open = log.review().leavers().get(0);
    assertThat(open.person().grants())
        .extracting(AccessReview.Grant::key)
        .containsExactly("key/k_1", "session/s_1");
    assertThat(open.hours()).isNull();
    log.pass(2 * AccessLog.HOUR - 1_000);
    log.add("key.revoked", key("k_1"));
    log.add("user.logout", session("s_1"));
    Leaver done = log.review().leavers().get(0);
    assertThat(done.person().grants()).isEmpty();
    assertThat(done.hours()).isBetween(2.0, 2.001);
    assertThat(done.leftBy()).isEqualTo("user/u_admin");
  }

  @Test
  void theOffboardingCheckNamesTheLeftoverKey() {
    log.add("user.created", user("u_1"));
    log.add("user.role_changed", role("u_1", "admin"));
    log.add("key.created", by("u_1", key("k_1")));
    log.add("roles.cleared", user("u_1"));
    log.add("user.deactivated", user("u_1"));
    Offboarding check = log.fold(null, null).offboarding("product", "user", "u_1").orElseThrow();
    assertThat(check.done()).isFalse();
    assertThat(check.remaining(Step.KEYS)).hasSize(1);
    assertThat(check.remaining(Step.ACCOUNT)).isEmpty();
    assertThat(check.taken(Step.RIGHTS)).hasSize(1);
    assertThat(check.taken(Step.RIGHTS).get(0).entryId()).isEqualTo("e3");
    assertThat(check.taken(Step.ACCOUNT).get(0).by()).isEqualTo("user/u_admin");
    assertThat(log.fold(null, null).offboarding("product", "user", "u_9")).isEmpty();
  }

  @Test
  void aGrantThatEndsByItselfIsGoneAfterwards() {
    String until = Instant.ofEpochMilli(log.now() + 10_000).toString();
    log.add(
        "key.created", by("u_1", key("k_1") + ",\"details\":{\"expires_at\":\"" + until + "\"}"));
    assertThat(lines(log.fold(log.now(), null).review())).hasSize(1);
    assertThat(lines(log.fold(log.now() + 10_000, null).review())).isEmpty();
  }

  @Test
  void differencesSayWhatWasGivenAndTakenSince() {
    log.add("user.created", user("u_1"));
    log.add("user.role_changed", role("u_1", "agent"));
    log.add("user.created", user("u_2"));
    long since = log.now() - 1;
    log.add("user.role_changed", role("u_1", "admin"));
    log.add("user.deactivated", user("u_2"));
    log.add("user.created", user("u_3"));
    AccessReview.Differences differences = log.fold(null, since).review().differences();
    assertThat(differences).isNotNull();
    assertThat(differences.peopleAdded()).containsExactly("product/user/u_3");
    assertThat(differences.peopleGone()).containsExactly("product/user/u_2");
    assertThat(keys(differences.grantsAdded()))
        .containsExactly("u_1 role/admin", "u_3 sign_in/sign-in");
    assertThat(keys(differences.grantsRemoved()))
        .containsExactly("u_1 role/agent", "u_2 sign_in/sign-in");
  }

  private static List<String> keys(List<Difference> differences) {
    return differences.stream().map(one -> one.id() + " " + one.grant().key()).toList();
  }

  @Test
  void whatAPurgeTookIsMissedUnlessASnapshotStandsIn() {
    log.add("user.created", user("u_1"));
    log.add("user.created", user("u_2"));
    log.purge(0, 2);
    Completeness lost = log.review().completeness();
    assertThat(lost.complete()).isFalse();
    assertThat(lost.sinceSeq()).isEqualTo(2);
    log.add(
        "access.snapshot", user("u_1") + snapshot(1, "[{\"kind\":\"role\",\"what\":\"admin\"}]"));
    assertThat(log.review().completeness().complete()).isFalse();
    log.add(
        "access.snapshot", user("u_2") + snapshot(2, "[{\"kind\":\"sign_in\",\"what\":\"x\"}]"));
    AccessReview review = log.review();
    assertThat(review.completeness().complete()).isTrue();
    assertThat(review.completeness().sinceSeq()).isEqualTo(2);
    assertThat(lines(review)).containsExactly("u_1 role/admin e2", "u_2 sign_in/x e3");
  }

  private static String snapshot(int part, String grants) {
    return ",\"details\":{\"snapshot\":\"s\",\"part\":%d,\"parts\":2,\"grants\":%s}"
        .formatted(part, grants);
  }

  @Test
  void aSnapshotEndsWhatItDoesNotName() {
    log.add("user.role_changed", role("u_1", "admin"));
    log.add("user.role_changed", role("u_2", "admin"));
    log.add(
        "access.snapshot", user("u_1") + snapshot(1, "[{\"kind\":\"role\",\"what\":\"admin\"}]"));
    assertThat(lines(log.review())).hasSize(2); // it is not complete
    log.add("access.snapshot", user("u_3") + snapshot(2, "[]"));
    assertThat(lines(log.review())).containsExactly("u_1 role/admin e0");
  }

  @Test
  void whatIsCarriedOverBeforeAPurgeYieldsTheSameReview() {
    log.add("user.created", user("u_1"));
    log.add("user.role_changed", role("u_1", "admin"));
    log.add("key.created", by("u_1", key("k_1")));
    log.add("user.created", user("u_2"));
    log.add("member.added", userAnd("u_2", "team", "red"));
    log.add("member.removed", userAnd("u_2", "team", "red"));
    log.add("user.role_changed", role("u_2", "agent"));
    log.add("user.deactivated", user("u_2"));
    AccessReview before = log.review();
    int record = purgeCarrying(0, 6, "p1");
    AccessReview after = log.review();
    assertThat(after.people()).isEqualTo(before.people());
    assertThat(after.leavers()).isEqualTo(before.leavers());
    assertThat(after.completeness().complete()).isTrue();
    assertThat(after.completeness().carried()).isEqualTo(6);
    // What carried it over goes, too, and so does a revocation whose grant is gone.
    purgeCarrying(6, record, "p2");
    AccessReview again = log.review();
    assertThat(again.people()).isEqualTo(before.people());
    assertThat(again.leavers()).isEqualTo(before.leavers());
    assertThat(again.completeness().complete()).isTrue();
  }

  private int purgeCarrying(int first, int end, String id) {
    List<String> details =
        CarriedGrants.of(
            log.fold(Long.MAX_VALUE, null).fold(), seq -> seq >= first && seq < end, id);
    for (String one : details) {
      log.add("audit.access.snapshot", "\"details\":" + one);
    }
    int record = log.size();
    log.add(
        "audit.entries.purge",
        "\"details\":{\"ranges\":[[%d,%d]],\"access_parts\":%d}"
            .formatted(first, end, details.size()));
    log.rename(record, id);
    log.purge(first, end);
    return record;
  }
}
