package dev.indelible.server.deliver;

import dev.indelible.server.control.Destination.Email;
import dev.indelible.server.event.TenantId;
import jakarta.mail.Address;
import jakarta.mail.Message.RecipientType;
import jakarta.mail.MessagingException;
import jakarta.mail.SendFailedException;
import jakarta.mail.Session;
import jakarta.mail.Transport;
import jakarta.mail.internet.AddressException;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeMessage;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Date;
import org.eclipse.angus.mail.smtp.SMTPAddressFailedException;

/**
 * E-mail that says that an export is there, with a link: no entry and no person's data is in it.
 * All receivers get one message, or, where the mail server refuses one of them, nobody does. A
 * repeat has the same {@code Message-ID}.
 */
final class MailDelivery implements Delivery {

  /** How long an attempt may take. */
  static final Duration DEADLINE = Duration.ofMinutes(2);

  private final Email email;
  private final TenantId tenant;
  private final MailTerms terms;
  private final MailText text;
  private final InstantSource clock;

  /**
   * E-mail.
   *
   * @param publicUrl the server's address for people
   */
  MailDelivery(
      Email email, TenantId tenant, MailTerms terms, String publicUrl, InstantSource clock) {
    this.email = email;
    this.tenant = tenant;
    this.terms = terms;
    this.text = new MailText(email.language(), publicUrl);
    this.clock = clock;
  }

  @Override
  public Outcome deliver(Parcel parcel) throws InterruptedException {
    return send(parcel.id(), text.ofExport(parcel));
  }

  @Override
  public Outcome probe() throws InterruptedException {
    return send("test-" + clock.millis(), text.ofTest(tenant));
  }

  /** Sends a text under an id, of which a repeat has the same. */
  Outcome send(String id, MailText.Words words) throws InterruptedException {
    return Attempt.within(
        DEADLINE,
        () -> {
          try {
            Session session = MailSession.of(terms);
            MimeMessage message = message(session, id, words);
            try (Transport transport = session.getTransport("smtp")) {
              transport.connect();
              transport.sendMessage(message, message.getAllRecipients());
            }
            return new Outcome.Arrived(String.join(", ", email.addresses()));
          } catch (SendFailedException e) {
            return refusal(e);
          } catch (MessagingException e) {
            // Mostly the operator's to mend: no connection, a refused password or sender.
            return new Outcome.Failed("the mail server: " + MailText.plain(e.getMessage()));
          }
        });
  }

  private MimeMessage message(Session session, String id, MailText.Words words)
      throws MessagingException {
    MimeMessage message =
        new MessageWithId(session, "<" + id + "@" + MailSession.domain(terms.sender()) + ">");
    message.setFrom(new InternetAddress(terms.sender(), true));
    message.setRecipients(RecipientType.TO, addresses());
    message.setSubject(words.subject(), StandardCharsets.UTF_8.name());
    message.setText(words.body(), StandardCharsets.UTF_8.name());
    message.setSentDate(Date.from(clock.instant()));
    message.setHeader("Content-Language", email.language());
    message.setHeader("Auto-Submitted", "auto-generated");
    message.saveChanges();
    return message;
  }

  private Address[] addresses() throws AddressException {
    Address[] addresses = new Address[email.addresses().size()];
    for (int i = 0; i < addresses.length; i++) {
      addresses[i] = new InternetAddress(email.addresses().get(i), true);
    }
    return addresses;
  }

  /** An address that is refused for good is the destination's fault; anything else may pass. */
  private static Outcome refusal(SendFailedException fault) {
    for (Exception next = fault;
        next instanceof MessagingException one;
        next = one.getNextException()) {
      if (one instanceof SMTPAddressFailedException address) {
        String problem =
            "the mail server does not take %s: %d"
                .formatted(address.getAddress().getAddress(), address.getReturnCode());
        return address.getReturnCode() >= 500
            ? new Outcome.Refused(problem)
            : new Outcome.Failed(problem);
      }
    }
    return new Outcome.Failed("the mail server: " + MailText.plain(fault.getMessage()));
  }

  /** A message whose id says which parcel it is about. */
  private static final class MessageWithId extends MimeMessage {
    private final String id;

    MessageWithId(Session session, String id) {
      super(session);
      this.id = id;
    }

    @Override
    protected void updateMessageID() throws MessagingException {
      setHeader("Message-ID", id);
    }
  }
}
