package dev.indelible.cli.demo;

import java.util.List;

/**
 * Acme Support ({@code rapidesq}): a hiring, a role escalation at night, an attack from abroad that
 * ends in an export, a flow published by mistake, a data subject's request under a legal hold.
 */
final class AcmeSupport {

  private static final Person ANA =
      Person.user("u_ana", "Ana Ribeiro", "ana.ribeiro@acme.test", Place.LISBON, "tenant_owner");
  private static final Person BO =
      Person.user("u_bo", "Bo Sjöström", "bo.sjostrom@acme.test", Place.BERLIN, "tenant_admin");
  private static final Person CHIARA =
      Person.user(
          "u_chiara", "Chiara D'Angelo", "chiara.dangelo@acme.test", Place.TORINO, "supervisor");
  private static final Person DANIEL =
      Person.user("u_daniel", "Daniel Müller", "daniel.mueller@acme.test", Place.BERLIN, "agent");
  private static final Person HARUKA =
      Person.user("u_haruka", "佐藤 春香", "haruka.sato@acme.test", Place.OSAKA, "agent");
  private static final Person SUPPORT =
      Person.support("s_okafor", "Chidi Okafor", "chidi@rapidesq.test", Place.LEEDS);
  private static final Person RETENTION = Person.system("retention", "Retention");
  private static final Person GUARD = Person.system("guard", "Sign-in protection");

  private final Stage stage;

  private AcmeSupport(Stage stage) {
    this.stage = stage;
  }

  static void play(Stage stage) {
    AcmeSupport acme = new AcmeSupport(stage);
    acme.everyday();
    acme.hiring();
    acme.escalation();
    acme.attackFromAbroad();
    acme.flowPublishedByMistake();
    acme.dataSubjectRequest();
    acme.retention();
  }

  private void everyday() {
    List<String> teams = List.of("Billing", "Onboarding", "Returns", "配送サポート");
    stage.everyday(
        18,
        List.of(ANA, BO, CHIARA, CHIARA, DANIEL, DANIEL, HARUKA),
        List.of(
            (at, who) -> stage.draft(at, who, "user.sign-in").detail("method", "sso"),
            (at, who) -> stage.draft(at, who, "user.sign-in").detail("method", "sso"),
            (at, who) -> stage.draft(at, who, "user.sign-out"),
            (at, who) -> stage.draft(at, who, "user.sign-in.failed").failed("wrong password"),
            (at, who) ->
                stage
                    .draft(at, who, "team.update")
                    .target("team", "t_" + stage.number(1, 5), stage.any(teams))
                    .change("routing_strategy", "round_robin", "least_busy"),
            (at, who) -> {
              int number = stage.number(100, 400);
              return stage
                  .draft(at, who, "knowledge-base.update")
                  .target("article", "kb_" + number, "Article " + number)
                  .link("https://app.acme.test/kb/" + number)
                  .change("revision", number % 17, number % 17 + 1);
            },
            (at, who) ->
                stage
                    .draft(at, who, "contact.view")
                    .target(
                        "contact",
                        "c_" + stage.number(1000, 9000),
                        stage.any(
                            List.of(
                                "Łukasz Zięba",
                                "Zoë Dubois",
                                "山田 太郎",
                                "Noor Haddad",
                                "Siobhán Kelly"))),
            (at, who) ->
                stage
                    .draft(at, who, "business-hours.change")
                    .target("business_hours", "bh_1", "Europe")
                    .change("saturday", null, "10:00-14:00"),
            (at, who) ->
                stage
                    .draft(at, ANA, "credit.top-up")
                    .target("wallet", "w_1", "Message credits")
                    .change("balance", stage.number(100, 900), stage.number(1000, 5000))));
  }

  private void hiring() {
    int day = stage.workday(41);
    stage
        .at(day, "09:12:04", BO, "user.invite")
        .target(DANIEL)
        .because("new colleague, starts today")
        .detail("invited_role", "agent");
    stage
        .at(day, "09:31:40", DANIEL, "user.create")
        .target(DANIEL)
        .link("https://app.acme.test/users/u_daniel");
    stage.at(day, "09:33:02", DANIEL, "user.mfa.enroll").target(DANIEL).detail("factor", "totp");
    stage.at(day, "10:02:15", BO, "user.role.change").target(DANIEL).change("role", null, "agent");
    stage.at(day, "10:03:30", BO, "user.team.add").target("team", "t_1", "Billing").target(DANIEL);
    stage
        .at(day, "10:04:11", BO, "permission-set.assign")
        .target("permission_set", "ps_billing", "Billing desk")
        .target(DANIEL)
        .change("permission_sets", List.of(), List.of("ps_billing"));
  }

  private void escalation() {
    int day = stage.workday(23);
    stage.at(day, "02:47:19", DANIEL, "user.sign-in").detail("method", "password");
    stage
        .at(day, "02:51:44", DANIEL, "permission-set.update")
        .target("permission_set", "ps_billing", "Billing desk")
        .change(
            "permissions",
            List.of("billing.view"),
            List.of("billing.view", "users.manage", "exports.create"));
    stage
        .at(day, "02:53:08", DANIEL, "user.role.change")
        .target(DANIEL)
        .change("role", "agent", "tenant_admin");
    stage
        .at(day, "02:58:51", DANIEL, "ip-restriction.change")
        .target("ip_restriction", "default", "Sign-in addresses")
        .change("enabled", true, false);
    stage
        .at(day, "08:37:22", BO, "user.role.change")
        .target(DANIEL)
        .change("role", "tenant_admin", "agent")
        .because("not agreed with anybody; incident INC-204");
    stage
        .at(day, "08:39:10", BO, "permission-set.update")
        .target("permission_set", "ps_billing", "Billing desk")
        .change(
            "permissions",
            List.of("billing.view", "users.manage", "exports.create"),
            List.of("billing.view"))
        .because("incident INC-204");
  }

  private void attackFromAbroad() {
    int day = stage.workday(6);
    Person intruder = CHIARA.at(Place.ABROAD, "curl/8.11.0");
    for (int i = 0; i < 47; i++) {
      stage
          .at(
              day,
              "03:%02d:%02d".formatted(10 + i / 6, i % 6 * 10 + stage.number(0, 9)),
              intruder,
              "user.sign-in.failed")
          .failed("wrong password");
    }
    stage
        .at(day, "03:18:05", GUARD, "activity.suspicious")
        .target(CHIARA)
        .detail("pattern", "47 failed sign-ins in 8 minutes from one address")
        .detail("ip", Place.ABROAD.ip());
    stage.at(day, "03:18:12", intruder, "user.sign-in").detail("method", "password");
    stage
        .at(day, "03:20:40", intruder, "support.impersonate")
        .target(HARUKA)
        .onBehalfOf(HARUKA)
        .because("customer question");
    stage.at(day, "03:24:55", intruder, "contact.view").target("contact", "c_4711", "Zoë Dubois");
    stage
        .at(day, "03:26:31", intruder, "data.export")
        .target("export", "x_501", "All contacts")
        .because("monthly report")
        .detail("rows", 50_000)
        .detail("format", "csv");
    stage.at(day, "03:27:02", intruder, "api-key.create").target("api_key", "key_zz", "backup");
    stage
        .at(day, "08:05:17", BO, "session.terminate")
        .target(CHIARA)
        .because("signed in from a country where nobody of us works; INC-219");
    stage.at(day, "08:06:02", BO, "user.password.reset").target(CHIARA).because("INC-219");
    stage
        .at(day, "08:06:48", BO, "api-key.revoke")
        .target("api_key", "key_zz", "backup")
        .because("INC-219");
    stage
        .at(day, "09:30:00", SUPPORT, "support.impersonate")
        .target(BO)
        .onBehalfOf(BO)
        .because("INC-219, asked for by Bo Sjöström");
  }

  private void flowPublishedByMistake() {
    int day = stage.workday(12);
    Object old =
        Draft.object(
            "greeting",
            "How can we help?",
            "steps",
            List.of("ask_topic", "ask_order", "hand_over"),
            "timeout_s",
            600);
    Object broken =
        Draft.object(
            "greeting", "TEST please ignore", "steps", List.of("ask_topic"), "timeout_s", 5);
    stage
        .at(day, "16:48:09", CHIARA, "flow.publish")
        .target("flow", "f_returns", "Returns")
        .link("https://app.acme.test/flows/f_returns")
        .change("version", 14, 15)
        .change("definition", old, broken);
    stage
        .at(day, "17:21:33", HARUKA.at(Place.TOKYO, "Indelible-Demo/1.0"), "contact.view")
        .target("contact", "c_2208", "山田 太郎");
    stage
        .at(day, "17:29:50", BO, "flow.revert")
        .target("flow", "f_returns", "Returns")
        .link("https://app.acme.test/flows/f_returns")
        .change("version", 15, 16)
        .change("definition", broken, old)
        .because("back to version 14; 15 was a draft");
  }

  private void dataSubjectRequest() {
    int day = stage.workday(33);
    stage
        .at(day, "11:00:00", CHIARA, "dsar.receive")
        .target("contact", "c_1999", "Noor Haddad")
        .detail("kind", "access");
    stage
        .at(day, "11:20:00", ANA, "legal-hold.apply")
        .target("contact", "c_1999", "Noor Haddad")
        .because("dispute 2026/118, asked for by counsel");
    stage
        .at(stage.workday(29), "14:10:00", CHIARA, "dsar.process")
        .target("contact", "c_1999", "Noor Haddad");
    stage
        .at(stage.workday(26), "10:45:00", CHIARA, "data.export")
        .target("contact", "c_1999", "Noor Haddad")
        .because("data subject access request")
        .detail("rows", 212);
    stage
        .at(stage.workday(26), "10:52:00", CHIARA, "dsar.fulfill")
        .target("contact", "c_1999", "Noor Haddad");
    stage
        .at(stage.workday(9), "15:30:00", ANA, "legal-hold.release")
        .target("contact", "c_1999", "Noor Haddad")
        .because("dispute 2026/118 is settled");
  }

  private void retention() {
    for (int day = 84; day > 0; day -= 7) {
      stage
          .at(day, "01:00:00", RETENTION, "retention.delete")
          .target("data_type", "conversations", "Conversations")
          .detail("count", stage.number(300, 900))
          .detail("older_than", "P2Y");
    }
  }
}
