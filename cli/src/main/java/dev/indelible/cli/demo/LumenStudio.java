package dev.indelible.cli.demo;

import java.util.List;

/**
 * Lumen Studio ({@code standard}): an employee leaves, all is taken away but one API key, and the
 * key goes on being used.
 */
final class LumenStudio {

  private static final Person NOA =
      Person.user("u_noa", "Noa Ben-Ari", "noa@lumen.test", Place.LISBON, "admin");
  private static final Person JOAO =
      Person.user("u_joao", "João Gonçalves", "joao@lumen.test", Place.LISBON, "editor");
  private static final Person ZOFIA =
      Person.user("u_zofia", "Zofia Krzyżanowska", "zofia@lumen.test", Place.KRAKOW, "editor");

  /** Leaves in the course of the story. */
  private static final Person MARTIN =
      Person.user("u_martin", "Martin Håkansson", "martin@lumen.test", Place.BERLIN, "admin");

  private static final Person BUILD_KEY = Person.key("key_martin_ci", "martin-ci", Place.BERLIN);
  private static final int LEFT_DAYS_AGO = 19;

  private final Stage stage;

  private LumenStudio(Stage stage) {
    this.stage = stage;
  }

  static void play(Stage stage) {
    LumenStudio lumen = new LumenStudio(stage);
    lumen.everyday();
    lumen.offboarding();
    lumen.leftoverKey();
  }

  private void everyday() {
    List<String> names = List.of("Autumn campaign", "Catálogo 2027", "Żółta seria", "東京展");
    stage.everyday(
        17,
        List.of(NOA, JOAO, JOAO, ZOFIA, ZOFIA),
        List.of(
            (at, who) -> stage.draft(at, who, "user.login").detail("method", "passkey"),
            (at, who) -> stage.draft(at, who, "user.logout"),
            (at, who) ->
                stage
                    .draft(at, who, "record.updated")
                    .target("project", "pr_" + stage.number(1, 9), stage.any(names))
                    .change("deadline", "2026-12-01", "2026-12-15"),
            (at, who) ->
                stage
                    .draft(at, who, "file.uploaded")
                    .target(
                        "file",
                        "f_" + stage.number(1, 4000),
                        "layout_" + stage.number(1, 90) + ".pdf")
                    .detail("bytes", stage.number(10_000, 90_000_000)),
            (at, who) ->
                stage
                    .draft(at, who, "file.downloaded")
                    .target(
                        "file",
                        "f_" + stage.number(1, 4000),
                        "layout_" + stage.number(1, 90) + ".pdf"),
            (at, who) ->
                stage
                    .draft(at, who, "comment.created")
                    .target("project", "pr_" + stage.number(1, 9), stage.any(names)),
            (at, who) ->
                stage
                    .draft(at, who, "share_link.created")
                    .target("file", "f_" + stage.number(1, 4000), "layout.pdf")
                    .detail("expires_in_days", 14)));
  }

  private void offboarding() {
    int before = stage.workday(70);
    stage
        .at(before, "09:40:00", MARTIN, "api_key.created")
        .target("api_key", BUILD_KEY.id(), BUILD_KEY.name())
        .detail("scopes", List.of("files.read", "files.write"));
    int day = stage.workday(LEFT_DAYS_AGO);
    stage.at(day, "16:58:00", MARTIN, "user.logout");
    stage
        .at(day, "17:05:00", NOA, "user.deactivated")
        .target(MARTIN)
        .change("status", "active", "deactivated")
        .because("leaves the company today");
    stage
        .at(day, "17:05:30", NOA, "session.revoked")
        .target(MARTIN)
        .because("leaves the company today");
    stage
        .at(day, "17:06:00", NOA, "role.unassigned")
        .target(MARTIN)
        .change("roles", List.of("admin"), List.of())
        .because("leaves the company today");
    stage
        .at(day, "17:07:00", NOA, "api_key.revoked")
        .target("api_key", "key_martin_laptop", "martin-laptop")
        .because("leaves the company today");
  }

  /** The key that was forgotten: once a day while he was there, and every night afterwards. */
  private void leftoverKey() {
    for (int day = 68; day > LEFT_DAYS_AGO; day -= 2) {
      stage
          .at(day, "05:00:0" + day % 10, BUILD_KEY, "file.downloaded")
          .target("file", "f_77", "brand-assets.zip");
    }
    Person elsewhere = BUILD_KEY.at(Place.UNKNOWN_HOST, "python-requests/2.32.3");
    for (int day = LEFT_DAYS_AGO - 2; day > 0; day--) {
      stage
          .at(day, "02:1%d:45".formatted(day % 10), elsewhere, "file.downloaded")
          .target("file", "f_" + (900 + day), "client-contract-" + day + ".pdf");
    }
  }
}
