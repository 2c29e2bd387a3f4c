package dev.indelible.server;

import dev.indelible.server.control.Destination;
import dev.indelible.server.deliver.DeliveryTerms;
import dev.indelible.server.deliver.MailTerms;
import dev.indelible.server.query.IpNetwork;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads the settings of destinations. */
final class DeliverySettings {

  /** The longest password, in characters. */
  static final int MAX_PASSWORD_LENGTH = 1_024;

  private DeliverySettings() {}

  static DeliveryTerms of(Settings settings) throws ConfigurationException {
    return new DeliveryTerms(
        root(settings, Setting.DELIVER_ROOT),
        networks(settings),
        ServerConfig.publicAddress(settings).url(),
        mail(settings));
  }

  /** The folder, which is no part of the data: what is delivered is others' to move and delete. */
  static @Nullable Path root(Settings settings, Setting setting) throws ConfigurationException {
    Optional<Path> root = settings.path(setting).map(Path::toAbsolutePath);
    Optional<Path> data = settings.path(Setting.DATA).map(Path::toAbsolutePath);
    if (root.isEmpty() || data.isEmpty()) {
      return null;
    }
    Path one = root.get().normalize();
    Path other = data.get().normalize();
    if (one.startsWith(other) || other.startsWith(one)) {
      throw new ConfigurationException(
          "%s is to be apart from the data: %s and %s are in one another"
              .formatted(setting.key(), one, other));
    }
    return one;
  }

  private static List<IpNetwork> networks(Settings settings) throws ConfigurationException {
    List<IpNetwork> networks = new ArrayList<>();
    String text = settings.text(Setting.DELIVER_ALLOW_PRIVATE).orElse("");
    if (text.isBlank()) {
      return networks;
    }
    for (String one : text.split(",", -1)) {
      Optional<IpNetwork> network = IpNetwork.parse(one.strip());
      if (network.isEmpty() || networks.size() == DeliveryTerms.MAX_NETWORKS) {
        throw new ConfigurationException(
            "%s is to be up to %d networks such as 10.0.0.0/8,fd00::/8; \"%s\" is none or one too many"
                .formatted(
                    Setting.DELIVER_ALLOW_PRIVATE.key(), DeliveryTerms.MAX_NETWORKS, one.strip()));
      }
      networks.add(network.get());
    }
    return networks;
  }

  private static @Nullable MailTerms mail(Settings settings) throws ConfigurationException {
    int port = settings.number(Setting.MAIL_PORT, 1, 65_535);
    MailTerms.Security security =
        MailTerms.Security.valueOf(
            settings
                .choice(Setting.MAIL_TLS, List.of("starttls", "tls", "none"))
                .toUpperCase(Locale.ROOT));
    Optional<String> host = settings.text(Setting.MAIL_HOST);
    if (host.isEmpty()) {
      return null;
    }
    if (!MailTerms.HOST.matcher(host.get()).matches()) {
      throw new ConfigurationException(
          "%s is to be a host such as mail.example.com, not \"%s\""
              .formatted(Setting.MAIL_HOST.key(), host.get()));
    }
    String sender = settings.text(Setting.MAIL_SENDER).orElse("");
    if (!Destination.Email.ADDRESS.matcher(sender).matches()) {
      throw new ConfigurationException(
          "%s is to be a plain address such as audit@example.com, not \"%s\""
              .formatted(Setting.MAIL_SENDER.key(), sender));
    }
    Optional<String> user = settings.text(Setting.MAIL_USER);
    Optional<Path> file = settings.path(Setting.MAIL_PASSWORD_FILE);
    if (user.isPresent() != file.isPresent()) {
      throw new ConfigurationException(
          "mail.user and mail.password_file go together; set both or neither");
    }
    if (user.isPresent() && security == MailTerms.Security.NONE) {
      throw new ConfigurationException(
          "The password of mail.user would travel unencrypted; set mail.tls to starttls or tls");
    }
    return new MailTerms(
        host.get(),
        port,
        security,
        user.orElse(null),
        file.isEmpty() ? null : password(file.get()),
        sender);
  }

  private static String password(Path file) throws ConfigurationException {
    try {
      String password = Files.readString(file).strip();
      if (password.isEmpty() || password.length() > MAX_PASSWORD_LENGTH) {
        throw new ConfigurationException(
            "%s is to hold a password of at most %d characters"
                .formatted(file, MAX_PASSWORD_LENGTH));
      }
      return password;
    } catch (IOException e) {
      throw new ConfigurationException(file + " cannot be read", e);
    }
  }
}
