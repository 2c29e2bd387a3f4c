package dev.indelible.server.deliver;

import jakarta.mail.Authenticator;
import jakarta.mail.PasswordAuthentication;
import jakarta.mail.Session;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/** Sessions with the operator's mail server. */
final class MailSession {

  private static final String CONNECT_TIMEOUT_MILLIS = "10000";
  private static final String SILENCE_TIMEOUT_MILLIS = "30000";

  private MailSession() {}

  /** A session with the timeouts and the encryption of the terms. */
  static Session of(MailTerms terms) {
    Properties properties = new Properties();
    properties.setProperty("mail.smtp.host", terms.host());
    properties.setProperty("mail.smtp.port", Integer.toString(terms.port()));
    properties.setProperty("mail.smtp.connectiontimeout", CONNECT_TIMEOUT_MILLIS);
    properties.setProperty("mail.smtp.timeout", SILENCE_TIMEOUT_MILLIS);
    properties.setProperty("mail.smtp.writetimeout", SILENCE_TIMEOUT_MILLIS);
    properties.setProperty("mail.smtp.ssl.checkserveridentity", "true");
    properties.setProperty("mail.smtp.localhost", domain(terms.sender()));
    properties.setProperty("mail.smtp.from", terms.sender());
    switch (terms.security()) {
      case NONE -> {}
      case STARTTLS -> {
        properties.setProperty("mail.smtp.starttls.enable", "true");
        properties.setProperty("mail.smtp.starttls.required", "true");
      }
      case TLS -> properties.setProperty("mail.smtp.ssl.enable", "true");
    }
    String user = terms.user();
    if (user == null) {
      return Session.getInstance(properties);
    }
    properties.setProperty("mail.smtp.auth", "true");
    return Session.getInstance(
        properties,
        new Authenticator() {
          @Override
          protected @Nullable PasswordAuthentication getPasswordAuthentication() {
            return new PasswordAuthentication(user, terms.password());
          }
        });
  }

  /** The part of an address behind the at sign. */
  static String domain(String address) {
    return address.substring(address.indexOf('@') + 1);
  }
}
