package dev.indelible.cli.demo;

import java.time.Instant;
import java.util.List;

/**
 * Ferro Robotics ({@code automation}): two accounts, jobs and processes, settings changed on a
 * Sunday and processes deleted after it, a key made by somebody who never makes keys.
 */
final class FerroRobotics {

  private static final String HAMBURG = "hamburg";
  private static final String TORINO = "torino";
  private static final Person GRETA =
      Person.user("u_greta", "Greta Jürgensen", "greta@ferro.test", Place.HAMBURG, "tenant_admin");
  private static final Person LUCA =
      Person.user("u_luca", "Luca Pagliarò", "luca@ferro.test", Place.TORINO, "account_admin");
  private static final Person FRIEDA =
      Person.user("u_frieda", "Frieda Böhm", "frieda@ferro.test", Place.HAMBURG, "member");
  private static final Person ROBOT = Person.key("key_orchestrator", "Orchestrator", Place.HAMBURG);

  private final Stage stage;

  private FerroRobotics(Stage stage) {
    this.stage = stage;
  }

  static void play(Stage stage) {
    FerroRobotics ferro = new FerroRobotics(stage);
    ferro.everyday();
    ferro.license();
    ferro.sundayChanges();
    ferro.unexpectedKey();
  }

  private static String accountOf(Person who) {
    return who.equals(LUCA) ? TORINO : HAMBURG;
  }

  private void everyday() {
    stage.everyday(
        17,
        List.of(GRETA, LUCA, LUCA, FRIEDA, FRIEDA),
        List.of(
            this::job,
            this::job,
            this::job,
            (at, who) ->
                process(stage.draft(at, who, "process.updated"), who)
                    .change("schedule", "0 6 * * 1-5", "30 5 * * 1-5"),
            (at, who) -> process(stage.draft(at, who, "process.member_added"), who).target(FRIEDA),
            (at, who) ->
                process(stage.draft(at, who, "process.member_removed"), who).target(FRIEDA),
            (at, who) ->
                stage
                    .draft(at, who, "user.updated")
                    .account(accountOf(who))
                    .target(who)
                    .change("phone", "set", "changed")));
  }

  private Draft job(Instant at, Person who) {
    String account = accountOf(who);
    int job = stage.number(100_000, 999_999);
    Draft draft =
        process(
            stage.draft(at, ROBOT, "job.completed").target("job", "j_" + job, "Job " + job), who);
    draft.detail("duration_s", stage.number(4, 900)).detail("account_name", account);
    return stage.number(0, 12) == 0 ? draft.failed("selector not found on page 3") : draft;
  }

  private Draft process(Draft draft, Person who) {
    int number = stage.number(1, 12);
    return draft
        .account(accountOf(who))
        .target(
            "process",
            "p_" + number,
            stage.any(
                List.of(
                    "Rechnungseingang",
                    "Fatture fornitori",
                    "Bestellabgleich",
                    "Controllo magazzino")));
  }

  private void license() {
    stage
        .at(stage.workday(60), "09:00:00", GRETA, "account.created")
        .account(TORINO)
        .target("account", TORINO, "Torino");
    stage
        .at(stage.workday(59), "09:30:00", GRETA, "invitation.created")
        .account(TORINO)
        .target("invitation", "inv_1", "luca@ferro.test");
    stage
        .at(stage.workday(59), "11:05:00", LUCA, "invitation.accepted")
        .account(TORINO)
        .target("invitation", "inv_1", "luca@ferro.test");
    stage
        .at(stage.workday(59), "11:06:00", GRETA, "member.added")
        .account(TORINO)
        .target(LUCA)
        .change("role", null, "member");
    stage
        .at(stage.workday(58), "09:00:00", GRETA, "member.role_updated")
        .account(TORINO)
        .target(LUCA)
        .change("role", "member", "account_admin");
    stage
        .at(stage.workday(30), "10:00:00", GRETA, "license.activated")
        .account(HAMBURG)
        .target("license", "lic_2", "40 robots")
        .change("robots", 25, 40);
  }

  private void sundayChanges() {
    // Counted from a working day, so that it is a Sunday whatever day it is told on.
    int sunday = lastSunday();
    stage
        .at(sunday, "23:14:00", LUCA, "settings.updated")
        .account(TORINO)
        .target("settings", "credentials", "RPA credentials")
        .change("vault", "central", "local");
    for (int i = 0; i < 9; i++) {
      stage
          .at(sunday, "23:2%d:30".formatted(i), LUCA, "process.deleted")
          .account(TORINO)
          .target("process", "p_old_" + i, "Fatture fornitori " + (2017 + i))
          .change("deleted", false, true);
    }
    stage
        .at(stage.workday(Math.max(1, sunday - 1)), "09:12:00", GRETA, "settings.updated")
        .account(TORINO)
        .target("settings", "credentials", "RPA credentials")
        .change("vault", "local", "central")
        .because("nobody had agreed to it");
  }

  private int lastSunday() {
    int days = 8;
    while (stage.workday(days) != days + 2) {
      days++;
    }
    return days;
  }

  private void unexpectedKey() {
    int day = stage.workday(5);
    stage
        .at(day, "12:31:00", FRIEDA, "api_key.created")
        .account(HAMBURG)
        .target("api_key", "key_excel", "my excel sheet");
    Person key = Person.key("key_excel", "my excel sheet", Place.UNKNOWN_HOST);
    for (int i = 0; i < 12; i++) {
      stage
          .at(day, "20:%02d:00".formatted(i * 4), key, "process.updated")
          .account(HAMBURG)
          .target("process", "p_3", "Bestellabgleich")
          .change("input_file", "orders.csv", "orders_" + i + ".csv");
    }
    stage
        .at(stage.workday(4), "08:20:00", GRETA, "api_key.deactivated")
        .account(HAMBURG)
        .target("api_key", "key_excel", "my excel sheet")
        .because("made by somebody who does not make keys, used from outside");
  }
}
