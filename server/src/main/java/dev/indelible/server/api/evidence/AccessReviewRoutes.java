package dev.indelible.server.api.evidence;

import dev.indelible.server.api.caller.AccessRecording;
import dev.indelible.server.api.caller.Callers;
import dev.indelible.server.api.caller.Granters;
import dev.indelible.server.api.caller.Reasons;
import dev.indelible.server.control.Configuration;
import dev.indelible.server.evidence.access.AccessReviews;
import dev.indelible.server.http.Exchange;
import dev.indelible.server.http.ProblemException;
import dev.indelible.server.http.Route;
import dev.indelible.server.json.Rfc3339;
import dev.indelible.server.profile.Permission;
import dev.indelible.server.profile.TenantProfiles;
import dev.indelible.server.search.Search;
import dev.indelible.server.takeout.Exports;
import dev.indelible.server.takeout.Taker;
import dev.indelible.verify.access.AccessReview;
import dev.indelible.verify.access.AccessReviewCsv;
import dev.indelible.verify.access.Offboarding;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reviews of access as a page and as a file, and checks of whether a person was shut out. */
public final class AccessReviewRoutes {

  private static final String SINCE = "since";

  /** Value of {@code since} that stands for the last review that was signed off. */
  private static final String LAST = "last";

  private final Callers callers;
  private final AccessReviews reviews;
  private final TenantProfiles profiles;
  private final AccessRecording recording;
  private final Exports exports;
  private final Search search;
  private final Configuration configuration;

  /** Dependencies of the program that the routes answer from. */
  public record Dependencies(
      AccessReviews reviews,
      TenantProfiles profiles,
      AccessRecording recording,
      Exports exports,
      Search search,
      Configuration configuration) {}

  public AccessReviewRoutes(Callers callers, Dependencies dependencies) {
    this.callers = callers;
    this.reviews = dependencies.reviews();
    this.profiles = dependencies.profiles();
    this.recording = dependencies.recording();
    this.exports = dependencies.exports();
    this.search = dependencies.search();
    this.configuration = dependencies.configuration();
  }

  public List<Route> routes() {
    String tenant = "/v1/tenants/{tenant}";
    return List.of(
        new Route(
            "GET",
            tenant + "/access-review",
            "getAccessReview",
            List.of("as_of", "since"),
            this::page),
        new Route(
            "GET",
            tenant + "/access-review/file",
            "downloadAccessReview",
            List.of("as_of", "since", "format", "personal", "reason"),
            this::file),
        new Route(
            "GET",
            tenant + "/offboarding",
            "getOffboarding",
            List.of("person", "as_of"),
            this::offboarding));
  }

  private void page(Exchange exchange) throws IOException, InterruptedException {
    Callers.Allowed allowed = callers.requireReader(exchange, Permission.AUDIT_VIEW);
    Taker taker = callers.taker(exchange, allowed, Permission.AUDIT_VIEW);
    AccessReviews.Wanted wanted = wanted(exchange, allowed);
    AccessReview review = reviews.make(wanted, taker.turns());
    recording.searched(exchange, allowed, asked("access review", wanted), review.people().size());
    long own =
        Granters.namesOf(allowed.caller(), allowed.tenant().tenant(), search).stream()
            .mapToLong(review::grantsBy)
            .sum();
    try (OutputStream out = exchange.respondStream(200, "application/json")) {
      out.write(ascii("{\"granted_by_you\":" + own + ",\"review\":"));
      out.write(review.toJson());
      out.write('}');
    }
  }

  private void file(Exchange exchange) throws IOException, InterruptedException {
    Callers.Allowed allowed = callers.requireReader(exchange, Permission.AUDIT_EXPORT);
    String format = exchange.query().choice("format", List.of("json", "csv"), "json");
    boolean withhold =
        exchange
            .query()
            .choice("personal", List.of("include", "withhold"), "include")
            .equals("withhold");
    String reason =
        Reasons.ofExport(
            exchange, profiles.of(allowed.tenant().tenant(), allowed.tenant().profile()));
    Taker taker = callers.taker(exchange, allowed, Permission.AUDIT_EXPORT);
    AccessReviews.Wanted wanted = wanted(exchange, allowed);
    AccessReview made = reviews.make(wanted, taker.turns());
    AccessReview review = withhold ? made.withoutNames() : made;
    exports.exported(
        taker,
        new Exports.ExportedEntries(
            asked("access review", wanted), review.people().size(), reason));
    exchange.setHeader(
        "Content-Disposition",
        "attachment; filename=\"access-review-" + allowed.tenant().id() + "." + format + "\"");
    boolean isTable = format.equals("csv");
    try (OutputStream out =
        exchange.respondStream(200, isTable ? "text/csv; charset=utf-8" : "application/json")) {
      out.write(isTable ? AccessReviewCsv.of(review) : review.toJson());
    }
  }

  private void offboarding(Exchange exchange) throws IOException, InterruptedException {
    Callers.Allowed allowed = callers.requireReader(exchange, Permission.AUDIT_VIEW);
    String[] person = person(exchange);
    Taker taker = callers.taker(exchange, allowed, Permission.AUDIT_VIEW);
    AccessReviews.Wanted wanted = wanted(exchange, allowed);
    AccessReviews.Made made = reviews.read(wanted, taker.turns());
    Optional<Offboarding> found =
        made.fold().offboarding(person[0], person[1], ids(allowed, person[2]));
    recording.searched(
        exchange,
        allowed,
        asked("offboarding of " + String.join("/", person), wanted),
        found.isPresent() ? 1 : 0);
    Offboarding check =
        found.orElseThrow(
            () ->
                new ProblemException(
                    404, "not_found", "No entry that you see says anything of this access."));
    AccessReview.Basis basis = made.basis();
    try (OutputStream out = exchange.respondStream(200, "application/json")) {
      out.write(
          check.toJson(
              basis.tenant(), basis.size(), basis.asOfMillis(), made.fold().completeness()));
    }
  }

  /**
   * Ids under which entries have a person: where the tenant hashes ids, the hash too, for those who
   * may know whose it is.
   */
  private List<String> ids(Callers.Allowed allowed, String id) {
    return allowed.scope().seesPersonal()
        ? search
            .hashOf(allowed.tenant().tenant(), id)
            .map(hash -> List.of(id, hash))
            .orElse(List.of(id))
        : List.of(id);
  }

  private AccessReviews.Wanted wanted(Exchange exchange, Callers.Allowed allowed) {
    Instant asOf = exchange.query().instant("as_of").orElse(null);
    Instant since = since(exchange, allowed);
    if (since != null && asOf != null && !since.isBefore(asOf)) {
      throw ProblemException.invalidParameter("since", "It must be before as_of.");
    }
    return new AccessReviews.Wanted(allowed.tenant(), allowed.scope(), asOf, since, null);
  }

  /** The earlier date; {@code last} stands for that of the last review that was signed off. */
  private @Nullable Instant since(Exchange exchange, Callers.Allowed allowed) {
    if (!isAsked(exchange, SINCE)) {
      return null;
    }
    return exchange.query().text(SINCE).filter(LAST::equals).isPresent()
        ? lastSignedOff(allowed).orElse(null)
        : exchange.query().instant(SINCE).orElse(null);
  }

  /** Time of recording of the newest entry that the last review of access saw. */
  private Optional<Instant> lastSignedOff(Callers.Allowed allowed) {
    return configuration.reviews(allowed.tenant().tenant()).stream()
        .filter(review -> review.what().kind().equals("access"))
        .map(review -> review.progress().seenAt())
        .filter(Objects::nonNull)
        .max(Comparator.naturalOrder());
  }

  /** Realm, type and id; of an id alone it is a user of the product. */
  private static String[] person(Exchange exchange) {
    String text = exchange.query().text("person").orElse("");
    if (text.isEmpty()) {
      throw ProblemException.invalidParameter("person", "Say whom: product/user/ID, or an id.");
    }
    int first = text.indexOf('/');
    int second = first < 0 ? -1 : text.indexOf('/', first + 1);
    return second < 0
        ? new String[] {"product", "user", text}
        : new String[] {
          text.substring(0, first), text.substring(first + 1, second), text.substring(second + 1)
        };
  }

  /** Description of what is asked for, for the entry that records it. */
  private static String asked(String what, AccessReviews.Wanted wanted) {
    StringBuilder text = new StringBuilder(what);
    Instant asOf = wanted.asOf();
    Instant since = wanted.since();
    if (asOf != null) {
      text.append(" as_of:").append(Rfc3339.format(asOf));
    }
    if (since != null) {
      text.append(" since:").append(Rfc3339.format(since));
    }
    return text.toString();
  }

  private static boolean isAsked(Exchange exchange, String name) {
    Route route = exchange.route();
    return route != null && route.queryParameters().contains(name);
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
