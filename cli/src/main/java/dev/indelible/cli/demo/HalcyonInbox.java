package dev.indelible.cli.demo;

import java.util.List;

/**
 * Halcyon Travel ({@code inbox}): macros and labels with their effects, a password guessed from
 * abroad that multi-factor sign-in stopped, an automation rule that closed too much.
 */
final class HalcyonInbox {

  private static final Person IMANE =
      Person.user(
          "u_imane", "Imane El Fassi", "imane@halcyon.test", Place.MONTREAL, "administrator");
  private static final Person KASIA =
      Person.user("u_kasia", "Katarzyna Wójcik", "kasia@halcyon.test", Place.KRAKOW, "agent");
  private static final Person OWEN =
      Person.user("u_owen", "Owen Bráithwaite", "owen@halcyon.test", Place.LEEDS, "agent");
  private static final Person RULES = Person.system("automation", "Automation");

  private final Stage stage;

  private HalcyonInbox(Stage stage) {
    this.stage = stage;
  }

  static void play(Stage stage) {
    HalcyonInbox inbox = new HalcyonInbox(stage);
    inbox.everyday();
    inbox.macroAndLabel();
    inbox.guessedPassword();
    inbox.ruleThatClosedTooMuch();
  }

  private Draft conversation(Draft draft) {
    int number = stage.number(20_000, 29_999);
    return draft
        .target("conversation", "cv_" + number, "#" + number)
        .link("https://inbox.halcyon.test/c/" + number);
  }

  private void everyday() {
    List<String> labels = List.of("refund", "urgent", "visa", "réclamation", "予約変更");
    stage.everyday(
        18,
        List.of(IMANE, KASIA, KASIA, OWEN, OWEN),
        List.of(
            (at, who) -> stage.draft(at, who, "user.login").detail("method", "password+totp"),
            (at, who) -> stage.draft(at, who, "user.logout"),
            (at, who) -> stage.draft(at, who, "user.login_failed").failed("wrong one-time code"),
            (at, who) -> conversation(stage.draft(at, who, "conversation.accessed")),
            (at, who) ->
                conversation(stage.draft(at, who, "conversation.assigned"))
                    .change("assignee", null, who.id()),
            (at, who) ->
                conversation(stage.draft(at, who, "conversation.closed"))
                    .change("status", "open", "closed"),
            (at, who) ->
                conversation(stage.draft(at, who, "message.deleted")).because("sent twice"),
            (at, who) ->
                conversation(stage.draft(at, who, "label.assigned"))
                    .target("label", "l_" + stage.number(1, 6), stage.any(labels)),
            (at, who) ->
                conversation(
                        stage
                            .draft(at, who, "macro.executed")
                            .target("macro", "m_refund", "Refund approved"))
                    .change("status", "open", "solved")
                    .change("labels", List.of(), List.of("refund"))
                    .detail("effects", List.of("reply sent", "label added", "status changed"))));
  }

  private void macroAndLabel() {
    int day = stage.workday(20);
    stage.at(day, "10:14:00", IMANE, "label.created").target("label", "l_strike", "strike 2026");
    stage
        .at(day, "10:20:00", IMANE, "macro.updated")
        .target("macro", "m_refund", "Refund approved")
        .change(
            "reply",
            "Your refund is on its way.",
            "Your refund is on its way; it takes up to ten days because of the strike.");
    stage
        .at(stage.workday(4), "16:05:00", IMANE, "label.deleted")
        .target("label", "l_strike", "strike 2026")
        .because("the strike is over");
  }

  private void guessedPassword() {
    int day = stage.workday(8);
    Person intruder =
        OWEN.at(Place.UNKNOWN_HOST, "Mozilla/5.0 (X11; Linux x86_64) HeadlessChrome/120.0.0.0");
    for (int i = 0; i < 23; i++) {
      stage
          .at(day, "04:%02d:%02d".formatted(30 + i / 4, i % 4 * 15), intruder, "user.login_failed")
          .failed(i < 20 ? "wrong password" : "wrong one-time code");
    }
    stage
        .at(day, "09:02:00", IMANE, "user.password_changed")
        .target(OWEN)
        .because("guessed from abroad; the second factor held");
    stage
        .at(day, "09:05:00", OWEN, "mfa.changed")
        .target(OWEN)
        .change("factor", "totp", "security_key");
  }

  private void ruleThatClosedTooMuch() {
    int day = stage.workday(15);
    stage
        .at(day, "15:40:00", KASIA, "automation_rule.changed")
        .target("rule", "r_stale", "Close stale conversations")
        .change("older_than", "P14D", "P1D");
    for (int i = 0; i < 60; i++) {
      conversation(
              stage
                  .at(day, "16:00:%02d".formatted(i), RULES, "conversation.closed")
                  .target("rule", "r_stale", "Close stale conversations"))
          .change("status", "open", "closed");
    }
    stage
        .at(day, "16:22:00", IMANE, "automation_rule.changed")
        .target("rule", "r_stale", "Close stale conversations")
        .change("older_than", "P1D", "P14D")
        .because("it closed sixty live conversations");
  }
}
