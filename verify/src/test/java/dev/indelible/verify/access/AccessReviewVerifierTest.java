package dev.indelible.verify.access;

import static dev.indelible.verify.access.AccessLog.by;
import static dev.indelible.verify.access.AccessLog.key;
import static dev.indelible.verify.access.AccessLog.role;
import static dev.indelible.verify.access.AccessLog.user;
import static dev.indelible.verify.access.AccessLog.userAnd;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.indelible.verify.access.AccessReview.Grant;
import dev.indelible.verify.access.AccessReview.Person;
import dev.indelible.verify.audit.AuditReport;
import dev.indelible.verify.audit.ExportFormatException;
import dev.indelible.verify.audit.Finding;
import dev.indelible.verify.audit.Trust;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A review is made again from an export: nobody and nothing may be missing, added or changed. */
class AccessReviewVerifierTest {

  private static final int PEOPLE = 110;

  /** One in so many ways is tried in every check; all of them in long tests. */
  private static final int SAMPLE = 30;

  private final AccessLog log = filled();

  private static AccessLog filled() {
    AccessLog log = new AccessLog();
    for (int i = 0; i < PEOPLE; i++) {
      String id = "u_" + i;
      log.add("user.created", user(id), "{\"targets\":[{\"name\":\"Person " + i + "\"}]}");
      log.add("user.role_changed", role(id, i % 3 == 0 ? "admin" : "agent"));
      log.add("member.added", userAnd(id, "team", "team-" + i % 7));
      log.add("key.created", by(id, key("k_" + i)));
      if (i % 5 == 0) {
        log.add("user.deactivated", user(id));
      }
    }
    return log;
  }

  private AuditReport verify(AccessReview review) throws IOException {
    return verify(review.toJson());
  }

  private AuditReport verify(byte[] review) throws IOException {
    return AccessReviewVerifier.of(review)
        .verify(
            new ByteArrayInputStream(log.export.export()),
            new Trust(List.of(log.export.key()), null),
            seen -> {});
  }

  private static List<Finding> breaking(AuditReport report) {
    return report.findings().stream().filter(Finding::breaks).toList();
  }

  @Test
  void aReviewThatHoldsIsFoundToHold() throws IOException {
    AccessReview review = log.review();
    assertThat(review.grants()).isEqualTo(PEOPLE * 4L - PEOPLE / 5);
    assertThat(breaking(verify(review))).isEmpty();
    assertThat(breaking(verify(review.withoutNames()))).isEmpty();
    log.add("user.created", user("u_later"));
    assertThat(breaking(verify(review))).as("an export that goes on behind it").isEmpty();
  }

  @Test
  void aComparisonWithAnEarlierDateIsMadeAgainToo() throws IOException {
    long since = log.now() - 1;
    log.add("user.role_changed", role("u_1", "admin"));
    AccessReview review = log.fold(null, since).review();
    assertThat(breaking(verify(review))).isEmpty();
    AccessReview bare =
        new AccessReview(
            review.basis(),
            review.completeness(),
            review.people(),
            review.leavers(),
            new AccessReview.Differences(List.of(), List.of(), List.of(), List.of()));
    assertThat(breaking(verify(bare))).isNotEmpty();
  }

  @Test
  void someWaysToLeaveSomebodyOrSomethingOutAreFound() throws IOException {
    List<AccessReview> ways = waysToLeaveOut(log.review());
    for (int i = 0; i < ways.size(); i += SAMPLE) {
      assertThat(breaking(verify(ways.get(i)))).as("way " + i).isNotEmpty();
    }
  }

  @Test
  @Tag("long")
  void everyOneOf500WaysToLeaveSomebodyOrSomethingOutIsFound() throws IOException {
    List<AccessReview> ways = waysToLeaveOut(log.review());
    assertThat(ways).hasSizeGreaterThanOrEqualTo(500);
    for (int i = 0; i < ways.size(); i++) {
      assertThat(breaking(verify(ways.get(i))))
          .as("way " + i)
          .anyMatch(finding -> finding instanceof Finding.LeftOut);
    }
  }

  /** Reviews that lack one person, one departure, or one grant, with counts that fit. */
  private static List<AccessReview> waysToLeaveOut(AccessReview review) {
    List<AccessReview> ways = new ArrayList<>();
    for (int i = 0; i < review.people().size(); i++) {
      ways.add(with(review, without(review.people(), i)));
      Person person = review.people().get(i);
      for (int j = 0; j < person.grants().size(); j++) {
        List<Person> people = new ArrayList<>(review.people());
        people.set(i, with(person, without(person.grants(), j)));
        ways.add(with(review, people));
      }
    }
    for (int i = 0; i < review.leavers().size(); i++) {
      ways.add(
          new AccessReview(
              review.basis(),
              review.completeness(),
              review.people(),
              without(review.leavers(), i),
              review.differences()));
    }
    return ways;
  }

  private static <T> List<T> without(List<T> list, int index) {
    List<T> rest = new ArrayList<>(list);
    rest.remove(index);
    return rest;
  }

  private static Person with(Person person, List<Grant> grants) {
    return new Person(
        person.realm(), person.type(), person.id(), person.name(), person.openSessions(), grants);
  }

  private static AccessReview with(AccessReview review, List<Person> people) {
    return new AccessReview(
        review.basis(), review.completeness(), people, review.leavers(), review.differences());
  }

  @Test
  void whatIsAddedOrChangedIsFoundByName() throws IOException {
    AccessReview review = log.review();
    String text = new String(review.toJson(), java.nio.charset.StandardCharsets.UTF_8);
    Map<String, String> changes =
        Map.of(
            "\"id\":\"u_7\"", "\"id\":\"u_777\"",
            "\"what\":\"admin\"", "\"what\":\"viewer\"",
            "\"granted_by\":\"user/u_admin\"", "\"granted_by\":\"user/u_1\"",
            "\"name\":\"Person 3\"", "\"name\":\"Person 4\"",
            "\"complete\":true", "\"complete\":false",
            "\"left_by\":\"user/u_admin\"", "\"left_by\":\"user/u_1\"");
    for (Map.Entry<String, String> change : changes.entrySet()) {
      assertThat(text).contains(change.getKey());
      int at = text.indexOf(change.getKey());
      String altered =
          text.substring(0, at) + change.getValue() + text.substring(at + change.getKey().length());
      assertThat(breaking(verify(AccessLog.bytes(altered)))).as(change.getKey()).isNotEmpty();
    }
  }

  @Test
  void anotherLogAnOlderExportOrAPartOfOneCannotBeComparedWith() throws IOException {
    byte[] review = log.review().toJson();
    byte[] older = log.export.export();
    log.add("user.created", user("u_later"));
    byte[] newer = log.review().toJson();
    assertThatThrownBy(
            () ->
                AccessReviewVerifier.of(newer)
                    .verify(new ByteArrayInputStream(older), Trust.NOTHING, seen -> {}))
        .isInstanceOf(ExportFormatException.class)
        .hasMessageContaining("newer");
    assertThatThrownBy(() -> AccessReviewVerifier.of(AccessLog.bytes("{\"format\":\"x\"}")))
        .isInstanceOf(AccessReviewFormatException.class);
    String filtered = new String(review, java.nio.charset.StandardCharsets.UTF_8);
    assertThatThrownBy(
            () ->
                AccessReviewVerifier.of(
                    AccessLog.bytes(filtered.replace("\"rules\":", "\"filter\":true,\"rules\":"))))
        .isInstanceOf(AccessReviewFormatException.class)
        .hasMessageContaining("filter");
  }

  @Test
  void whatWasPurgedSinceCannotBeComparedWith() {
    byte[] review = log.review().toJson();
    log.add("audit.entries.purge", "\"details\":{\"ranges\":[[0,4]]}");
    log.purge(0, 4);
    assertThatThrownBy(() -> verify(review))
        .isInstanceOf(AccessReviewFormatException.class)
        .hasMessageContaining("purged since");
  }

  @Test
  void anAlteredExportIsNotBelieved() throws IOException {
    AccessReview review = log.review();
    String export =
        new String(log.export.export(), java.nio.charset.StandardCharsets.UTF_8)
            .replaceFirst("user.created", "user.crumbed");
    AuditReport report =
        AccessReviewVerifier.of(review.toJson())
            .verify(new ByteArrayInputStream(AccessLog.bytes(export)), Trust.NOTHING, seen -> {});
    assertThat(breaking(report)).anyMatch(finding -> finding instanceof Finding.Altered);
  }
}
