package dev.indelible.server.api.governance;

import dev.indelible.server.api.caller.Callers;
import dev.indelible.server.http.JsonFields;
import dev.indelible.server.http.ProblemException;
import dev.indelible.server.profile.Permission;
import dev.indelible.server.retention.Erasures;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Rules that requests about a person share: the identifiers, and the permission to ask. */
final class PersonRequests {

  private PersonRequests() {}

  /** To ask how many entries are about somebody is to search by what is personal. */
  static void requirePersonal(Callers.Allowed allowed) {
    if (!allowed.grant().allowsWhole(Permission.AUDIT_VIEW_PERSONAL)) {
      throw new ProblemException(
          403,
          "personal_withheld",
          "You may not see personal data, and so not have entries found by a person: this needs "
              + Permission.AUDIT_VIEW_PERSONAL.jsonName()
              + ", too.");
    }
  }

  /** Reads the identifiers of the person that a request is about. */
  static List<String> identifiers(JsonFields fields) {
    Set<String> identifiers = new LinkedHashSet<>(fields.texts("identifiers"));
    boolean usable =
        !identifiers.isEmpty()
            && identifiers.size() <= Erasures.MAX_IDENTIFIERS
            && identifiers.stream().allMatch(PersonRequests::isUsable);
    if (!usable) {
      fields.fault(
          "identifiers",
          "missing",
          "Say who it is: 1 to %d ids, names or e-mail addresses of at most %d characters."
              .formatted(Erasures.MAX_IDENTIFIERS, Erasures.MAX_IDENTIFIER_LENGTH));
    }
    return List.copyOf(identifiers);
  }

  private static boolean isUsable(@Nullable String text) {
    return text != null && !text.isBlank() && text.length() <= Erasures.MAX_IDENTIFIER_LENGTH;
  }
}
