package dev.indelible.server.deliver;

import static dev.indelible.server.deliver.Surroundings.ACME;
import static dev.indelible.server.deliver.Surroundings.NOW;
import static org.assertj.core.api.Assertions.assertThat;

import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.ServerSetup;
import dev.indelible.server.control.Destination.Email;
import dev.indelible.server.deliver.Delivery.Outcome;
import dev.indelible.server.deliver.MailTerms.Security;
import jakarta.mail.Message.RecipientType;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeMessage;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Date;
import java.util.List;
import java.util.Locale;
import java.util.ResourceBundle;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** E-mail at a real mail server. */
class MailDeliveryTest {

  @TempDir Path folder;
  private GreenMail server;
  private final Surroundings surroundings = new Surroundings();

  @BeforeEach
  void start() {
    server = new GreenMail(new ServerSetup(0, "127.0.0.1", ServerSetup.PROTOCOL_SMTP));
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop();
  }

  private MailTerms terms(Security security, @Nullable String user, @Nullable String password) {
    return new MailTerms(
        "127.0.0.1", server.getSmtp().getPort(), security, user, password, "audit@sender.test");
  }

  private Delivery delivery(MailTerms terms, String language, String... addresses) {
    return new Deliveries(surroundings.mail(terms).around())
        .of(ACME, new Email(List.of(addresses), language));
  }

  private Parcel parcel(String name) throws Exception {
    Parcel one = Surroundings.parcel(folder, "PRECIOUS".getBytes(StandardCharsets.UTF_8));
    Parcel.About about = one.about();
    return new Parcel(
        one.id(),
        one.fileName(),
        one.mediaType(),
        one.file(),
        one.sizeBytes(),
        one.sha256(),
        new Parcel.About(
            about.tenant(),
            about.export(),
            about.schedule(),
            name,
            about.fromSeq(),
            about.toSeq(),
            12_345,
            about.madeAt()));
  }

  private MimeMessage only() {
    assertThat(server.getReceivedMessages()).hasSize(1);
    return server.getReceivedMessages()[0];
  }

  @ParameterizedTest
  @CsvSource({
    "en,'Export \"Nightly\" of acme is ready','12,345 entries'",
    "de,'Export „Nightly“ von acme liegt bereit','12.345 Einträge'"
  })
  void aMailHasALinkAndNoData(String language, String subject, String count) throws Exception {
    Parcel parcel = parcel("Nightly");
    assertThat(
            delivery(terms(Security.NONE, null, null), language, "ana@acme.test", "bo@acme.test")
                .deliver(parcel))
        .isEqualTo(new Outcome.Arrived("ana@acme.test, bo@acme.test"));
    assertThat(server.getReceivedMessages()).hasSize(2);
    MimeMessage message = server.getReceivedMessages()[0];
    assertThat(message.getSubject()).isEqualTo(subject);
    assertThat(message.getContent().toString())
        .contains(count)
        .contains("https://audit.example.com/t/acme/exports#x_1")
        .contains(parcel.fileName())
        .contains(parcel.sha256())
        .doesNotContain("PRECIOUS");
    assertThat(message.getFrom()).containsExactly(new InternetAddress("audit@sender.test"));
    assertThat(message.getRecipients(RecipientType.TO))
        .containsExactly(new InternetAddress("ana@acme.test"), new InternetAddress("bo@acme.test"));
    assertThat(message.getMessageID()).isEqualTo("<" + parcel.id() + "@sender.test>");
    assertThat(message.getSentDate()).isEqualTo(Date.from(NOW));
    assertThat(message.getHeader("Auto-Submitted")).containsExactly("auto-generated");
    assertThat(message.getHeader("Content-Language")).containsExactly(language);
    assertThat(surroundings.attempts).containsExactly("email arrived");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "x\r\nBcc: eve@evil.test\r\n\r\nbody",
        "x\nSubject: other",
        "x\r\n\r\n.\r\nMAIL FROM:<eve@evil.test>",
        "ä\r\nBcc: eve@evil.test",
        "x\u2028Bcc: eve@evil.test",
        "x\u0000y"
      })
  void aNameMakesNoHeaderAndNoMessage(String name) throws Exception {
    assertThat(
            delivery(terms(Security.NONE, null, null), "en", "ana@acme.test").deliver(parcel(name)))
        .isInstanceOf(Outcome.Arrived.class);
    MimeMessage message = only();
    assertThat(message.getAllRecipients()).containsExactly(new InternetAddress("ana@acme.test"));
    assertThat(message.getHeader("Bcc")).isNull();
    assertThat(message.getHeader("Subject")).hasSize(1);
    assertThat(
            Collections.list(message.getAllHeaders()).stream()
                .map(header -> header.getName().toLowerCase(Locale.ROOT)))
        .contains("subject", "message-id")
        .doesNotContain("bcc");
    assertThat(message.getSubject()).startsWith("Export \"").endsWith("\" of acme is ready");
  }

  @Test
  void aLongNameIsCutAndAnotherScriptIsReadable() throws Exception {
    Delivery delivery = delivery(terms(Security.NONE, null, null), "en", "ana@acme.test");
    assertThat(delivery.deliver(parcel("監査".repeat(100)))).isInstanceOf(Outcome.Arrived.class);
    assertThat(only().getSubject())
        .isEqualTo("Export \"" + "監査".repeat(50) + "…\" of acme is ready");
  }

  @Test
  void aTestIsAMail() throws Exception {
    assertThat(delivery(terms(Security.NONE, null, null), "de", "ana@acme.test").probe())
        .isInstanceOf(Outcome.Arrived.class);
    assertThat(only().getSubject()).isEqualTo("Test der E-Mail aus dem Audit-Protokoll von acme");
  }

  /** Without encryption nothing is sent where it is asked for, not even a name. */
  @Test
  void encryptionThatIsAskedForIsNotGivenUp() throws Exception {
    for (Security security : List.of(Security.STARTTLS, Security.TLS)) {
      Outcome outcome = delivery(terms(security, "user", "hunter2"), "en", "ana@acme.test").probe();
      assertThat(outcome).isInstanceOf(Outcome.Failed.class);
      assertThat(outcome.toString()).doesNotContain("hunter2");
    }
    assertThat(server.getReceivedMessages()).isEmpty();
  }

  @Test
  void aMailServerThatIsAwayOrRefusesThePasswordMayPass() throws Exception {
    server.setUser("user", "right");
    Outcome wrong =
        delivery(terms(Security.NONE, "user", "wrong-password"), "en", "ana@acme.test").probe();
    assertThat(wrong).isInstanceOf(Outcome.Failed.class);
    assertThat(wrong.toString()).doesNotContain("wrong-password");
    assertThat(delivery(terms(Security.NONE, "user", "right"), "en", "ana@acme.test").probe())
        .isInstanceOf(Outcome.Arrived.class);
    MailTerms terms = terms(Security.NONE, null, null);
    server.stop();
    assertThat(delivery(terms, "en", "ana@acme.test").probe()).isInstanceOf(Outcome.Failed.class);
  }

  @Test
  void withoutAMailServerEverythingIsRefused() throws Exception {
    assertThat(
            new Deliveries(new Surroundings().around())
                .of(ACME, new Email(List.of("ana@acme.test"), "en"))
                .deliver(parcel("x")))
        .isInstanceOf(Outcome.Refused.class);
  }

  @Test
  void bothLanguagesSayTheSameThings() {
    List<String> keys =
        Email.LANGUAGES.stream()
            .map(
                language ->
                    Collections.list(
                            ResourceBundle.getBundle(
                                    "dev.indelible.server.deliver.mail",
                                    Locale.forLanguageTag(language),
                                    ResourceBundle.Control.getNoFallbackControl(
                                        ResourceBundle.Control.FORMAT_PROPERTIES))
                                .getKeys())
                        .stream()
                        .sorted()
                        .toList()
                        .toString())
            .toList();
    assertThat(keys.getFirst()).contains("export.subject");
    assertThat(keys).containsOnly(keys.getFirst());
  }
}
