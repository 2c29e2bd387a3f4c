package dev.indelible.cli;

import dev.indelible.cli.audit.AuditPrinter;
import dev.indelible.server.profile.AccessMarks;
import dev.indelible.server.profile.Profile;
import dev.indelible.server.profile.Profiles;
import dev.indelible.verify.access.AccessReview;
import dev.indelible.verify.access.AccessReviewVerifier;
import dev.indelible.verify.access.AccessRules;
import dev.indelible.verify.audit.AuditReport;
import dev.indelible.verify.audit.Finding;
import dev.indelible.verify.audit.Trust;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongConsumer;

/**
 * The check of a review of access against an export. Beside what {@link AccessReviewVerifier} finds
 * it says whether the review's rules are those of a profile that comes with the program: rules that
 * leave an action out would leave out what it gives.
 */
record AccessReviewCheck(Path file, AccessReviewVerifier verifier) {

  /** Reads a review. */
  static AccessReviewCheck of(Path file) {
    try {
      if (Files.size(file) > AccessReview.MAX_BYTES) {
        throw new CommandFailure(
            ExitCode.USAGE, file + " is longer than " + AccessReview.MAX_BYTES + " bytes");
      }
      return new AccessReviewCheck(file, AccessReviewVerifier.of(Files.readAllBytes(file)));
    } catch (IOException e) {
      throw SmallFiles.unreadable(file.toString(), e);
    }
  }

  AuditPrinter.Checked against(String export, Trust trust, LongConsumer progress) {
    try (InputStream in = Verify.open(Path.of(export))) {
      AuditReport report = verifier.verify(in, trust, progress);
      return new AuditPrinter.Checked(
          file.toString(), Map.of("review", report), List.of(rules(verifier.rules())));
    } catch (IOException e) {
      throw SmallFiles.unreadable(export, e);
    }
  }

  /** Says whose rules a review was made by. */
  static Finding rules(AccessRules rules) {
    String sha256 = rules.sha256();
    Optional<String> profile =
        Profiles.builtIn().all().stream()
            .filter(one -> AccessMarks.rules(one).sha256().equals(sha256))
            .map(Profile::name)
            .findFirst();
    return new Finding.NotShown(
        profile
            .map(
                name ->
                    "The review was made by the rules of the profile "
                        + name
                        + ", as this program has it.")
            .orElse(
                "The review was made by rules of its own ("
                    + rules.all().size()
                    + " actions, SHA-256 "
                    + sha256
                    + "): no profile of this program has them. Compare them with the tenant's profile."));
  }
}
