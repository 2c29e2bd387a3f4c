package dev.indelible.cli.demo;

import java.util.List;

/**
 * Kumo Outdoor ({@code kimondesk}): who saw which ticket, two tickets merged by mistake, an agent
 * who reads a celebrity's tickets without a task there.
 */
final class KumoDesk {

  private static final Person YUKI =
      Person.user("u_yuki", "田中 優希", "yuki@kumo.test", Place.TOKYO, "admin");
  private static final Person REN =
      Person.user("u_ren", "鈴木 蓮", "ren@kumo.test", Place.OSAKA, "agent");
  private static final Person ELODIE =
      Person.user("u_elodie", "Élodie Lefèvre", "elodie@kumo.test", Place.MONTREAL, "agent");
  private static final Person API = Person.key("key_crm", "CRM sync", Place.TOKYO);

  private final Stage stage;

  private KumoDesk(Stage stage) {
    this.stage = stage;
  }

  static void play(Stage stage) {
    KumoDesk desk = new KumoDesk(stage);
    desk.everyday();
    desk.mergedByMistake();
    desk.curiosity();
    desk.access();
  }

  private Draft ticket(Draft draft) {
    int number = stage.number(3_000, 3_999);
    return draft
        .target(
            "ticket",
            "k" + number,
            stage.any(List.of("テントの返品", "Zip broken", "Livraison en retard", "サイズ交換")))
        .link("/tickets/" + number);
  }

  private void everyday() {
    stage.everyday(
        22,
        List.of(YUKI, REN, REN, ELODIE, ELODIE),
        List.of(
            (at, who) -> ticket(stage.draft(at, who, "ticket.viewed")),
            (at, who) -> ticket(stage.draft(at, who, "ticket.viewed")),
            (at, who) -> ticket(stage.draft(at, who, "ticket.viewed")),
            (at, who) ->
                ticket(stage.draft(at, who, "ticket.field_changed"))
                    .change("priority", "normal", "high"),
            (at, who) ->
                ticket(stage.draft(at, who, "ticket.field_changed"))
                    .change("status", "pending", "solved"),
            (at, who) ->
                ticket(stage.draft(at, who, "macro.fired")).target("macro", "m_size", "サイズ交換のご案内"),
            (at, who) -> stage.draft(at, who, "user.login").detail("method", "sso"),
            (at, who) ->
                ticket(stage.draft(at, API, "api.called"))
                    .detail("method", "GET")
                    .detail("path", "/api/v1/tickets")
                    .detail("status", 200),
            (at, who) ->
                stage
                    .draft(at, who, "data.exported")
                    .target("report", "weekly", "Weekly report")
                    .detail("rows", stage.number(20, 400))));
  }

  private void mergedByMistake() {
    int day = stage.workday(10);
    Object before =
        Draft.object(
            "subject",
            "Zip broken",
            "requester",
            "c_88",
            "status",
            "open",
            "tags",
            List.of("warranty"),
            "comments",
            4);
    stage
        .at(day, "11:41:03", REN, "ticket.merged")
        .target("ticket", "k3120", "Zip broken")
        .target("ticket", "k3121", "テントの返品")
        .change("ticket", before, Draft.object("merged_into", "k3121"));
    stage
        .at(day, "11:41:30", REN, "tag.deleted")
        .target("tag", "warranty", "warranty")
        .change("tickets_with_tag", 118, 0);
    stage
        .at(day, "13:15:00", YUKI, "ticket.restored")
        .target("ticket", "k3120", "Zip broken")
        .change("ticket", Draft.object("merged_into", "k3121"), before)
        .because("different customers; restored from the log");
    stage
        .at(day, "13:17:00", YUKI, "tag.restored")
        .target("tag", "warranty", "warranty")
        .change("tickets_with_tag", 0, 118)
        .because("restored from the log");
  }

  private void curiosity() {
    int day = stage.workday(7);
    for (int i = 0; i < 19; i++) {
      stage
          .at(day, "21:%02d:12".formatted(5 + i * 2), ELODIE, "ticket.viewed")
          .target("ticket", "k" + (3700 + i), "Order of a well-known climber")
          .link("/tickets/" + (3700 + i))
          .detail("assigned", false);
    }
    stage
        .at(day, "21:50:12", ELODIE, "data.exported")
        .target("ticket", "k3704", "Order of a well-known climber")
        .detail("format", "csv");
  }

  private void access() {
    stage
        .at(stage.workday(27), "10:00:00", YUKI, "sso.group_changed")
        .target("group", "g_agents", "Agents")
        .change("mapped_role", "viewer", "agent");
    stage
        .at(stage.workday(21), "10:30:00", YUKI, "user.role_changed")
        .target(ELODIE)
        .change("role", "viewer", "agent");
    stage
        .at(stage.workday(2), "18:00:00", YUKI, "permission.updated")
        .target("role", "agent", "Agent")
        .change("can_view_unassigned", true, false)
        .because("nobody needs to read tickets that are not theirs");
    stage
        .at(stage.workday(14), "09:00:00", YUKI, "workflow.edited")
        .target("workflow", "w_returns", "返品フロー")
        .change("auto_approve_below_yen", 5_000, 10_000);
  }
}
