package dev.indelible.server.deliver;

import dev.indelible.server.control.ReviewProcess;
import dev.indelible.server.event.TenantId;
import java.util.Locale;
import java.util.ResourceBundle;
import org.jspecify.annotations.Nullable;

/** Texts of e-mail, in the language of its readers. */
final class MailText {

  /** The longest name of a schedule in a mail, in UTF-16 units. */
  static final int MAX_NAME_LENGTH = 100;

  /**
   * Words of a mail.
   *
   * @param subject one line
   * @param body lines of text
   */
  record Words(String subject, String body) {}

  private final Locale locale;
  private final ResourceBundle texts;
  private final String publicUrl;

  MailText(String language, String publicUrl) {
    this.locale = Locale.forLanguageTag(language);
    this.texts =
        ResourceBundle.getBundle(
            "dev.indelible.server.deliver.mail",
            locale,
            ResourceBundle.Control.getNoFallbackControl(ResourceBundle.Control.FORMAT_PROPERTIES));
    this.publicUrl = publicUrl;
  }

  Words ofExport(Parcel parcel) {
    Parcel.About about = parcel.about();
    String name = name(about.name());
    return new Words(
        say("export.subject", name, about.tenant().value()),
        say(
            "export.body",
            name,
            about.tenant().value(),
            about.entries(),
            parcel.fileName(),
            parcel.sizeBytes(),
            parcel.sha256(),
            publicUrl + ExportLinks.page(about)));
  }

  Words ofReview(ReviewProcess review, boolean isOverdue) {
    String name = name(review.name());
    String which = isOverdue ? "review.overdue" : "review.due";
    String tenant = review.tenant().value();
    return new Words(
        say(which + ".subject", name, tenant),
        say(
            which + ".body",
            name,
            tenant,
            review.when().due().toString().substring(0, 10),
            name(review.people().reviewer()),
            publicUrl + "/t/" + tenant + "/reviews"));
  }

  Words ofTest(TenantId tenant) {
    return new Words(
        say("test.subject", tenant.value()), say("test.body", tenant.value(), publicUrl));
  }

  private String say(String key, Object... values) {
    return String.format(locale, texts.getString(key), values);
  }

  /** A name that somebody chose: one line, not longer than a name is. */
  private static String name(String chosen) {
    String plain = plain(chosen);
    if (plain.length() <= MAX_NAME_LENGTH) {
      return plain;
    }
    int end =
        MAX_NAME_LENGTH - (Character.isHighSurrogate(plain.charAt(MAX_NAME_LENGTH - 1)) ? 1 : 0);
    return plain.substring(0, end) + "…";
  }

  /** A text as one line without control characters. */
  static String plain(@Nullable String text) {
    return text == null ? "" : text.replaceAll("[\\p{Cntrl}\\p{Zl}\\p{Zp}]+", " ").strip();
  }
}
