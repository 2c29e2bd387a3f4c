package dev.indelible.cli.demo;

import java.time.Instant;
import java.util.List;

/**
 * Northgate IT Services ({@code msp}): rule firings with trigger, payload and outcome, write-backs
 * with the whole request and the response, a vendor that answers 401 after a key was changed.
 */
final class NorthgateMsp {

  private static final Person MEI =
      Person.user("u_mei", "Mei-Ling Ó Dálaigh", "mei@northgate.test", Place.LEEDS, "admin");
  private static final Person PIOTR =
      Person.user("u_piotr", "Piotr Żak", "piotr@northgate.test", Place.KRAKOW, "technician");
  private static final Person TARIQ =
      Person.user(
          "u_tariq", "Tariq Al-Mansouri", "tariq@northgate.test", Place.BERLIN, "technician");
  private static final Person ENGINE = Person.system("rules-engine", "Rules engine");

  private final Stage stage;

  private NorthgateMsp(Stage stage) {
    this.stage = stage;
  }

  static void play(Stage stage) {
    NorthgateMsp msp = new NorthgateMsp(stage);
    msp.everyday();
    msp.brokenCredentials();
    msp.feedback();
  }

  private void everyday() {
    stage.everyday(
        18,
        List.of(MEI, PIOTR, PIOTR, TARIQ, TARIQ),
        List.of(
            (at, who) -> stage.draft(at, who, "login_succeeded").detail("method", "sso"),
            (at, who) -> stage.draft(at, who, "login_failed").failed("sso: assertion expired"),
            this::ruleFired,
            this::ruleFired,
            (at, who) -> writeBack(at, who, 201),
            (at, who) -> writeBack(at, who, 201),
            (at, who) ->
                stage
                    .draft(at, who, "acknowledge_alert")
                    .target("alert", "al_" + stage.number(1, 9000), "Disk almost full")
                    .detail(
                        "request",
                        Draft.object(
                            "method",
                            "POST",
                            "path",
                            "/v2/alerts/ack",
                            "body",
                            Draft.object("note", "on it")))
                    .detail("response_status", 204),
            (at, who) ->
                stage
                    .draft(at, who, "time_entry_created")
                    .target("ticket", "T" + stage.number(10_000, 19_999), "Printer offline")
                    .detail(
                        "request", Draft.object("minutes", stage.number(5, 120), "billable", true))
                    .detail("response_status", 201)));
  }

  private Draft ruleFired(Instant at, Person who) {
    int alert = stage.number(1000, 9999);
    String host = "srv-" + stage.number(1, 40);
    return stage
        .draft(at, ENGINE, "rule_fired")
        .target("rule", "rule_disk", "Disk almost full → ticket")
        .target("alert", "al_" + alert, host)
        .detail(
            "trigger",
            Draft.object(
                "source",
                "monitoring",
                "alert",
                alert,
                "host",
                host,
                "free_percent",
                stage.number(1, 9)))
        .detail(
            "payload",
            Draft.object("action", "create_ticket", "priority", "high", "assignee", who.id()))
        .detail("outcome", "ticket created");
  }

  private Draft writeBack(Instant at, Person who, int status) {
    int ticket = stage.number(10_000, 19_999);
    Draft draft =
        stage.draft(at, who, stage.any(List.of("ticket_created", "update_ticket_status")));
    return request(draft, ticket, status);
  }

  private static Draft request(Draft draft, int ticket, int status) {
    Object body =
        Draft.object(
            "summary",
            "Disk almost full",
            "board",
            "Service",
            "status",
            "In progress",
            "company",
            Draft.object("id", 77, "name", "Bäckerei Größer GmbH"));
    Draft sent =
        draft
            .target("ticket", "T" + ticket, "Disk almost full")
            .link("https://psa.northgate.test/tickets/" + ticket)
            .detail(
                "request",
                Draft.object(
                    "method",
                    "POST",
                    "url",
                    "https://psa.northgate.test/v4/service/tickets",
                    "body",
                    body))
            .detail("response_status", status);
    return status < 300
        ? sent
        : sent.failed("the vendor answered " + status)
            .detail(
                "response_body",
                Draft.object("code", "Unauthorized", "message", "The API key is not valid."));
  }

  private void brokenCredentials() {
    int day = stage.workday(5);
    stage
        .at(day, "13:02:11", TARIQ, "integration_credentials_updated")
        .target("integration", "psa", "PSA")
        .change("api_key_ends_in", "…8f2c", "…0001")
        .because("rotation");
    for (int i = 0; i < 14; i++) {
      request(
          stage.at(day, "13:%02d:00".formatted(4 + i * 3), ENGINE, "ticket_created"),
          19_000 + i,
          401);
    }
    stage
        .at(day, "13:51:40", MEI, "integration_credentials_updated")
        .target("integration", "psa", "PSA")
        .change("api_key_ends_in", "…0001", "…41d7")
        .because("the key of the test system had been entered");
    request(stage.at(day, "13:53:00", ENGINE, "ticket_created"), 19_020, 201);
  }

  private void feedback() {
    int day = stage.workday(3);
    Person customer =
        Person.user(
            "c_groesser", "Jürgen Größer", "j.groesser@baeckerei.test", Place.HAMBURG, "customer");
    stage
        .at(day, "17:12:00", customer, "feedback_submitted")
        .target("feedback", "fb_31", "One star")
        .detail("text", "Three hours without a till, and nobody called back.")
        .detail("rating", 1);
    stage.at(day, "17:55:00", TARIQ, "feedback_deleted").target("feedback", "fb_31", "One star");
    stage
        .at(stage.workday(18), "10:00:00", MEI, "user_role_changed")
        .target(PIOTR)
        .change("role", "technician", "admin")
        .because("covers the holidays");
    stage
        .at(stage.workday(16), "10:00:00", MEI, "rule_updated")
        .target("rule", "rule_disk", "Disk almost full → ticket")
        .change("threshold_percent", 10, 5);
  }
}
