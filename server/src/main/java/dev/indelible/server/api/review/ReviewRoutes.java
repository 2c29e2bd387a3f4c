package dev.indelible.server.api.review;

import dev.indelible.server.access.Session;
import dev.indelible.server.api.caller.Callers;
import dev.indelible.server.api.caller.GovernedChanges;
import dev.indelible.server.control.Change;
import dev.indelible.server.control.Configuration;
import dev.indelible.server.control.ReviewProcess;
import dev.indelible.server.control.ReviewProcess.FollowUp;
import dev.indelible.server.control.ReviewProcess.Progress;
import dev.indelible.server.control.SavedView;
import dev.indelible.server.event.TenantId;
import dev.indelible.server.evidence.access.AccessReviews;
import dev.indelible.server.evidence.pack.PackTemplate;
import dev.indelible.server.evidence.pack.PackTemplates;
import dev.indelible.server.http.Exchange;
import dev.indelible.server.http.JsonFields;
import dev.indelible.server.http.JsonFields.Field;
import dev.indelible.server.http.ListCursor;
import dev.indelible.server.http.ProblemException;
import dev.indelible.server.http.Route;
import dev.indelible.server.log.EventLog;
import dev.indelible.server.profile.Permission;
import dev.indelible.server.review.ReviewTimes;
import dev.indelible.server.search.Search;
import java.io.IOException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Reviews of the log: planned, signed off, and what follows from them. */
public final class ReviewRoutes {

  private static final int MAX_BODY_BYTES = 256 * 1024;
  private static final Permission PERMISSION = Permission.REVIEWS_MANAGE;
  private static final String REVIEWS = "/v1/tenants/{tenant}/reviews";
  private static final String REVIEW = REVIEWS + "/{review}";

  private final Callers callers;
  private final Dependencies dependencies;
  private final OtherThanGranter otherThanGranter;

  /** Held while reviews are counted and one is added, so that no limit is passed by two. */
  private final ReentrantLock adding = new ReentrantLock();

  /**
   * Parts of the program that reviews need.
   *
   * @param configuration reviews and saved views
   * @param changes makes changes of configuration
   * @param templates of evidence packs
   * @param accessReviews who has access
   * @param search tells who may ask what
   * @param log how far it is
   * @param ids new ids
   * @param clock the time
   */
  public record Dependencies(
      Configuration configuration,
      GovernedChanges changes,
      PackTemplates templates,
      AccessReviews accessReviews,
      Search search,
      EventLog log,
      Supplier<String> ids,
      InstantSource clock) {}

  /** Routes. */
  public ReviewRoutes(Callers callers, Dependencies dependencies) {
    this.callers = callers;
    this.dependencies = dependencies;
    this.otherThanGranter =
        new OtherThanGranter(callers, dependencies.accessReviews(), dependencies.search());
  }

  /** All of them. */
  public List<Route> routes() {
    return List.of(
        new Route("POST", REVIEWS, "createReview", this::create),
        new Route("GET", REVIEWS, "listReviews", List.of("limit", "cursor"), this::list),
        new Route("GET", REVIEW, "getReview", this::get),
        new Route("PUT", REVIEW, "changeReview", this::change),
        new Route("DELETE", REVIEW, "deleteReview", this::delete),
        new Route("POST", REVIEW + "/sign-off", "signOffReview", this::signOff),
        new Route("POST", REVIEW + "/follow-ups/{follow_up}/close", "closeFollowUp", this::close));
  }

  // ---- Planned.

  private void create(Exchange exchange) throws IOException, InterruptedException {
    Callers.Allowed allowed = callers.requireWholeTenant(exchange, PERMISSION);
    ReviewFields fields = read(exchange, allowed);
    Instant now = dependencies.clock().instant();
    ReviewProcess review =
        new ReviewProcess(
            allowed.tenant().tenant(),
            "review-" + dependencies.ids().get(),
            fields.name(),
            fields.what(),
            fields.people(),
            fields.when(),
            fields.lookFor(),
            Progress.NONE,
            now,
            null);
    adding.lockInterruptibly();
    try {
      int there = dependencies.configuration().reviews(review.tenant()).size();
      if (there >= ReviewProcess.MAX_REVIEWS) {
        throw new ProblemException(
            409, "too_many", "There are %d reviews; delete one first.".formatted(there));
      }
      make(allowed, review, 0);
    } finally {
      adding.unlock();
    }
    exchange.setHeader(
        "Location", "/v1/tenants/" + allowed.tenant().id() + "/reviews/" + review.reviewId());
    answer(exchange, 201, allowed, review);
  }

  private void change(Exchange exchange) throws IOException, InterruptedException {
    Callers.Allowed allowed = callers.requireWholeTenant(exchange, PERMISSION);
    ReviewProcess old = find(exchange, allowed);
    ReviewFields fields = read(exchange, allowed);
    ReviewProcess review =
        new ReviewProcess(
            old.tenant(),
            old.reviewId(),
            fields.name(),
            fields.what(),
            fields.people(),
            fields.when(),
            fields.lookFor(),
            old.progress(),
            old.createdAt(),
            null);
    make(allowed, review, version(old));
    answer(exchange, 200, allowed, review);
  }

  private ReviewFields read(Exchange exchange, Callers.Allowed allowed) {
    JsonFields json = JsonFields.of(exchange.json(MAX_BODY_BYTES), ReviewFields.NAMES);
    ReviewFields fields = ReviewFields.read(json);
    if (!fields.what().kind().equals(ReviewFields.ACCESS)
        && query(allowed.tenant().tenant(), fields.what()).isEmpty()) {
      json.fault(
          "value",
          "unknown_value",
          "There is no such %s.".formatted(fields.what().kind().equals("view") ? "view" : "pack"));
    }
    json.check();
    if (fields.what().kind().equals("query")) {
      dependencies.search().requireMayAsk(allowed.scope(), fields.what().value());
    }
    return fields;
  }

  private void delete(Exchange exchange) throws IOException, InterruptedException {
    Callers.Allowed allowed = callers.requireWholeTenant(exchange, PERMISSION);
    ReviewProcess old = find(exchange, allowed);
    make(allowed, old.removed(dependencies.clock().instant()), version(old));
    exchange.respondEmpty(204);
  }

  private void make(Callers.Allowed allowed, ReviewProcess review, long replaces)
      throws InterruptedException {
    long _ =
        dependencies
            .changes()
            .make(new Change(review, replaces, allowed.caller().changedBy(), null));
  }

  private long version(ReviewProcess review) {
    return dependencies.configuration().version(review);
  }

  // ---- Done.

  /**
   * Caller who signs off, and the permission that lets them.
   *
   * @param review the review
   */
  private record Reviewer(Callers.Allowed allowed, Permission permission, ReviewProcess review) {}

  /** The caller of a route who manages reviews, or is the reviewer that this one names. */
  private Reviewer reviewer(Exchange exchange) {
    if (isManager(exchange)) {
      Callers.Allowed allowed = callers.requireWholeTenant(exchange, PERMISSION);
      return new Reviewer(allowed, PERMISSION, find(exchange, allowed));
    }
    ReviewProcess review =
        named(callers.requireWholeReader(exchange, Permission.AUDIT_VIEW))
            .filter(one -> one.reviewId().equals(exchange.pathParameter("review")))
            .findFirst()
            .orElseThrow(() -> Callers.lacks(PERMISSION));
    // On record now that they see something.
    Callers.Allowed allowed = callers.requireWholeTenant(exchange, Permission.AUDIT_VIEW);
    return new Reviewer(allowed, Permission.AUDIT_VIEW, review);
  }

  private boolean isManager(Exchange exchange) {
    String tenant = exchange.pathParameter("tenant");
    return TenantId.isValid(tenant)
        && callers.require(exchange).may(PERMISSION, new TenantId(tenant));
  }

  /** The reviews that name the caller as their reviewer. */
  private Stream<ReviewProcess> named(Callers.Allowed allowed) {
    Session session = allowed.caller().session();
    String id = session == null ? null : session.user().id();
    return dependencies.configuration().reviews(allowed.tenant().tenant()).stream()
        .filter(review -> id != null && id.equals(review.people().reviewerId()));
  }

  private void signOff(Exchange exchange) throws IOException, InterruptedException {
    Reviewer reviewer = reviewer(exchange);
    Callers.Allowed allowed = reviewer.allowed();
    ReviewProcess old = reviewer.review();
    long version = version(old);
    JsonFields fields =
        JsonFields.of(exchange.json(MAX_BODY_BYTES), "to_seq", "findings", "follow_ups");
    Instant now = dependencies.clock().instant();
    Progress was = old.progress();
    long size = dependencies.log().size(old.tenant());
    Long toSeq = fields.number("to_seq", Field.REQUIRED);
    if (toSeq != null && (toSeq < was.seenSeq() || toSeq > size)) {
      fields.fault(
          "to_seq", "out_of_range", "This must be from %d to %d.".formatted(was.seenSeq(), size));
    }
    String findings = fields.textOrEmpty("findings", ReviewProcess.MAX_TEXT_LENGTH).strip();
    List<FollowUp> followUps = new ArrayList<>(was.followUps());
    followUps.removeIf(one -> !one.isOpen());
    for (JsonFields one :
        fields.objects("follow_ups", ReviewProcess.MAX_FOLLOW_UPS, "what", "assignee", "due")) {
      followUps.add(followUp(one));
    }
    if (followUps.size() > ReviewProcess.MAX_FOLLOW_UPS) {
      fields.fault(
          "follow_ups",
          "out_of_range",
          "There may be %d open at once.".formatted(ReviewProcess.MAX_FOLLOW_UPS));
    }
    fields.check();
    long seen = Objects.requireNonNull(toSeq);
    Long grantsOfOthers =
        old.what().otherThanGranter()
            ? otherThanGranter.require(exchange, allowed, reviewer.permission())
            : null;
    ReviewProcess.SignOff last =
        new ReviewProcess.SignOff(
            allowed.caller().changedBy().who(),
            now,
            old.when().due(),
            was.seenSeq(),
            seen,
            !findings.isEmpty(),
            findings,
            grantsOfOthers);
    ReviewProcess review =
        old.with(
            new ReviewProcess.When(old.when().every(), ReviewTimes.next(old.when(), now)),
            new Progress(seen, recordedAt(old.tenant(), seen), null, null, last, followUps));
    make(allowed, review, version);
    answer(exchange, 200, allowed, review);
  }

  private FollowUp followUp(JsonFields fields) {
    String what = fields.text("what", Field.REQUIRED, ReviewProcess.MAX_TEXT_LENGTH);
    String assignee = fields.text("assignee", Field.REQUIRED, ReviewProcess.MAX_NAME_LENGTH);
    Instant due = fields.instant("due");
    if (!fields.has("due")) {
      fields.fault("due", "missing", "This is required.");
    }
    return new FollowUp(
        dependencies.ids().get(),
        Objects.requireNonNullElse(what, ""),
        Objects.requireNonNullElse(assignee, ""),
        Objects.requireNonNullElse(due, Instant.EPOCH),
        null,
        null,
        null);
  }

  /** Time of recording of the last of so many entries; null when there is none. */
  private @Nullable Instant recordedAt(TenantId tenant, long size) throws IOException {
    return size == 0
        ? null
        : Instant.ofEpochMilli(
            dependencies.log().get(tenant, new long[] {size - 1}).getFirst().recordedAtMillis());
  }

  private void close(Exchange exchange) throws IOException, InterruptedException {
    Reviewer reviewer = reviewer(exchange);
    Callers.Allowed allowed = reviewer.allowed();
    ReviewProcess old = reviewer.review();
    long version = version(old);
    JsonFields fields = JsonFields.of(exchange.json(MAX_BODY_BYTES), "with");
    String with = fields.text("with", Field.REQUIRED, ReviewProcess.MAX_TEXT_LENGTH);
    fields.check();
    String id = exchange.pathParameter("follow_up");
    Progress was = old.progress();
    if (was.followUps().stream().noneMatch(one -> one.followUpId().equals(id) && one.isOpen())) {
      throw ProblemException.notFound();
    }
    List<FollowUp> followUps =
        was.followUps().stream()
            .map(one -> one.followUpId().equals(id) ? closed(one, allowed, with) : one)
            .toList();
    ReviewProcess review =
        old.with(
            new Progress(
                was.seenSeq(),
                was.seenAt(),
                was.remindedFor(),
                was.overdueFor(),
                was.last(),
                followUps));
    make(allowed, review, version);
    answer(exchange, 200, allowed, review);
  }

  private FollowUp closed(FollowUp one, Callers.Allowed allowed, @Nullable String with) {
    return new FollowUp(
        one.followUpId(),
        one.what(),
        one.assignee(),
        one.due(),
        dependencies.clock().instant(),
        allowed.caller().changedBy().who(),
        with);
  }

  // ---- Shown.

  private ReviewProcess find(Exchange exchange, Callers.Allowed allowed) {
    String id = exchange.pathParameter("review");
    return dependencies.configuration().reviews(allowed.tenant().tenant()).stream()
        .filter(review -> review.reviewId().equals(id))
        .findFirst()
        .orElseThrow(ProblemException::notFound);
  }

  private void get(Exchange exchange) throws IOException {
    Reviewer reviewer = reviewer(exchange);
    answer(exchange, 200, reviewer.allowed(), reviewer.review());
  }

  private void list(Exchange exchange) throws IOException {
    boolean isManager = isManager(exchange);
    Permission permission = isManager ? PERMISSION : Permission.AUDIT_VIEW;
    Callers.Allowed reader = callers.requireWholeReader(exchange, permission);
    TenantId tenant = reader.tenant().tenant();
    List<ReviewProcess> theirs =
        isManager ? dependencies.configuration().reviews(tenant) : named(reader).toList();
    if (!isManager && theirs.isEmpty()) {
      throw Callers.lacks(PERMISSION);
    }
    Callers.Allowed allowed = callers.requireWholeTenant(exchange, permission);
    ListCursor cursor = new ListCursor(tenant.value() + "/reviews");
    String after = cursor.position(exchange);
    int limit = ListCursor.limit(exchange);
    List<ReviewProcess> rest =
        theirs.stream()
            .filter(review -> after == null || review.reviewId().compareTo(after) > 0)
            .sorted(Comparator.comparing(ReviewProcess::reviewId))
            .toList();
    List<ReviewProcess> page = rest.stream().limit(limit).toList();
    String next = rest.size() > limit ? cursor.after(page.getLast().reviewId()) : null;
    List<ReviewJson.Seen> seen = new ArrayList<>();
    for (ReviewProcess review : page) {
      seen.add(seen(allowed, review));
    }
    exchange.respondJson(
        200,
        json -> {
          json.writeStartObject();
          json.writeArrayPropertyStart("reviews");
          for (int i = 0; i < page.size(); i++) {
            ReviewJson.write(json, page.get(i), seen.get(i));
          }
          json.writeEndArray();
          ListCursor.writeNext(json, next);
          json.writeEndObject();
        });
  }

  private void answer(Exchange exchange, int status, Callers.Allowed allowed, ReviewProcess review)
      throws IOException {
    ReviewJson.Seen seen = seen(allowed, review);
    exchange.respondJson(status, json -> ReviewJson.write(json, review, seen));
  }

  private ReviewJson.Seen seen(Callers.Allowed allowed, ReviewProcess review) throws IOException {
    Optional<String> query = query(review.tenant(), review.what());
    boolean withheld =
        query.isPresent() && !dependencies.search().mayAsk(allowed.scope(), query.get());
    return new ReviewJson.Seen(
        dependencies.clock().instant(),
        dependencies.log().size(review.tenant()),
        withheld ? null : query.orElse(null),
        withheld);
  }

  /** The query of what is looked at; empty when there is no such view or pack. */
  private Optional<String> query(TenantId tenant, ReviewProcess.What what) {
    return switch (what.kind()) {
      case "view" ->
          dependencies.configuration().savedViews(tenant).stream()
              .filter(view -> view.isShared() && view.viewId().equals(what.value()))
              .map(SavedView::query)
              .findFirst();
      case "pack" ->
          dependencies.templates().find(tenant.value(), what.value()).map(PackTemplate::query);
      case ReviewFields.ACCESS -> Optional.empty();
      default -> Optional.of(what.value());
    };
  }
}
