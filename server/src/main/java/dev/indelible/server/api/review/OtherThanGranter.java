package dev.indelible.server.api.review;

import dev.indelible.server.api.caller.Callers;
import dev.indelible.server.api.caller.Granters;
import dev.indelible.server.evidence.access.AccessReviews;
import dev.indelible.server.http.Exchange;
import dev.indelible.server.http.ProblemException;
import dev.indelible.server.profile.Permission;
import dev.indelible.server.search.Search;
import dev.indelible.verify.access.AccessReview;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Rule that a review of access is signed off by somebody who made none of the grants that are in
 * force.
 *
 * @param callers give turns to read
 * @param reviews make the review
 * @param search knows how ids are hidden
 */
record OtherThanGranter(Callers callers, AccessReviews reviews, Search search) {

  /** The most grants that a refusal names. */
  static final int MAX_NAMED = 10;

  /**
   * Requires that the caller made none of the grants that are in force; returns how many there are.
   *
   * @throws ProblemException 403 {@code reviewer_is_granter}, with the grants
   */
  long require(Exchange exchange, Callers.Allowed allowed, Permission permission)
      throws IOException, InterruptedException {
    AccessReview review =
        reviews.make(
            new AccessReviews.Wanted(allowed.tenant(), allowed.scope(), null, null, null),
            callers.taker(exchange, allowed, permission).turns());
    List<String> names = Granters.namesOf(allowed.caller(), allowed.tenant().tenant(), search);
    List<String> own = new ArrayList<>();
    for (AccessReview.Person person : review.people()) {
      for (AccessReview.Grant grant : person.grants()) {
        if (names.contains(grant.grantedBy())) {
          own.add(
              "%s %s of %s (entry %d)"
                  .formatted(grant.kind().jsonName(), grant.what(), person.key(), grant.seq()));
        }
      }
    }
    if (own.isEmpty()) {
      return review.grants();
    }
    String more = own.size() > MAX_NAMED ? ", and %d more".formatted(own.size() - MAX_NAMED) : "";
    throw new ProblemException(
        403,
        "reviewer_is_granter",
        "You granted %d of the %d accesses under review, so somebody else has to sign it off: %s%s."
            .formatted(
                own.size(),
                review.grants(),
                String.join("; ", own.subList(0, Math.min(MAX_NAMED, own.size()))),
                more));
  }
}
