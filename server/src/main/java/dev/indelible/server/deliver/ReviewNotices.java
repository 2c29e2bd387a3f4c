package dev.indelible.server.deliver;

import dev.indelible.server.control.Destination;
import dev.indelible.server.control.ReviewProcess;
import java.time.InstantSource;
import java.util.List;

/** E-mail that says that a review of a log is due, or overdue. Thread-safe. */
public final class ReviewNotices {

  private final DeliveryTerms terms;
  private final InstantSource clock;

  /** Mail by the operator's settings. */
  public ReviewNotices(DeliveryTerms terms, InstantSource clock) {
    this.terms = terms;
    this.clock = clock;
  }

  /** Whether the operator has named a mail server and this server's address. */
  public boolean canSend() {
    return terms.mail() != null && terms.publicUrl() != null;
  }

  /**
   * Sends word of a review, once; a repeat has the same id.
   *
   * @param address of the receiver
   * @param isOverdue whether it is overdue, and not due alone
   */
  public Delivery.Outcome send(ReviewProcess review, String address, boolean isOverdue)
      throws InterruptedException {
    MailTerms mail = terms.mail();
    String publicUrl = terms.publicUrl();
    if (mail == null || publicUrl == null) {
      return new Delivery.Outcome.Refused("the operator has not set mail.host and http.public_url");
    }
    String language = review.people().language();
    MailDelivery way =
        new MailDelivery(
            new Destination.Email(List.of(address), language),
            review.tenant(),
            mail,
            publicUrl,
            clock);
    return way.send(
        (isOverdue ? "overdue-" : "due-")
            + review.reviewId()
            + "-"
            + review.when().due().getEpochSecond(),
        new MailText(language, publicUrl).ofReview(review, isOverdue));
  }
}
