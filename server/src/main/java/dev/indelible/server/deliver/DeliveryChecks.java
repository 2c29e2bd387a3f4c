package dev.indelible.server.deliver;

import dev.indelible.server.deliver.Delivery.Outcome;
import jakarta.mail.MessagingException;
import jakarta.mail.Transport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Checks of what the operator has set up for destinations, before anybody uses it. */
public final class DeliveryChecks {

  private DeliveryChecks() {}

  /** Returns why nothing can be delivered below the root; empty when it can. */
  public static Optional<String> root(Path root) {
    if (!Files.isDirectory(root)) {
      return Optional.of(root + " is not there; make it, or mount it, for the user who serves");
    }
    try {
      Files.delete(Files.createTempFile(root, ".indelible", ".doctor"));
      return Optional.empty();
    } catch (IOException e) {
      return Optional.of(root + " cannot be written to: " + e.getMessage());
    }
  }

  /** Connects to the mail server and signs in; nothing is sent. Returns why that does not work. */
  public static Optional<String> mail(MailTerms terms) throws InterruptedException {
    Outcome outcome =
        Attempt.within(
            MailDelivery.DEADLINE,
            () -> {
              try (Transport transport = MailSession.of(terms).getTransport("smtp")) {
                transport.connect();
                return new Outcome.Arrived(terms.host());
              } catch (MessagingException e) {
                return new Outcome.Failed(MailText.plain(e.getMessage()));
              }
            });
    return switch (outcome) {
      case Outcome.Arrived _ -> Optional.empty();
      case Outcome.Failed failed -> Optional.of(failed.problem());
      case Outcome.Refused refused -> Optional.of(refused.problem());
    };
  }
}
