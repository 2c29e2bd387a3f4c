package dev.indelible.server.event;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.indelible.server.event.PersonalIds.Which;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Tests the contents of the personal part, and that both parts together are the event. */
class PersonalPartTest {

  private static final ActorHasher HASHER = new HmacActorHasher(new byte[32]);
  private static final EntryCodec CODEC = new EntryCodec();
  private static final TenantId TENANT = new TenantId("acme");

  private static Event event(String json) {
    byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
    return ((Decoding.Decoded) new EventDecoder().decode(bytes, 0, bytes.length)).event();
  }

  private static EntryCodec.Parts parts(Event event, PersonalRules rules) {
    return CODEC.encode(
        new EntryCodec.Accepted(
            TENANT, "e1", event, new Classification("c", "update", false, List.of())),
        new EntryCodec.Privacy(rules, HASHER));
  }

  private static String text(byte[] part) {
    return new String(part, StandardCharsets.UTF_8);
  }

  private static Event whole(EntryCodec.Parts parts) {
    return CODEC.decode(0, Instant.EPOCH, parts, false).event();
  }

  private static PersonalRules ids(Which which, String... targetTypes) {
    return new PersonalRules(
        Set.of(), DetailPaths.NONE, false, new PersonalIds(which, Set.of(targetTypes)), false);
  }

  private static PersonalRules paths(String... paths) {
    return new PersonalRules(Set.of(), List.of(paths), false);
  }

  @Test
  void pathsAreFollowedThroughObjectsAndArrays() {
    Event event =
        event(
            """
            {"action":"a","actor":{"type":"user","id":"u"},"details":{
              "request":{"ipChain":[{"ip":"203.0.113.4","geo":{"city":"Porto"}}],"id":"r"},
              "target":[null,{"alternateId":"v@q.test","id":"t"},{"id":"x"}],
              "any":{"a":{"mail":"m@q.test","n":1},"b":{"mail":"o@q.test"}},
              "plain":{"deep":[1,2,{"x":null}]}}}""");
    EntryCodec.Parts parts =
        parts(event, paths("/request/ipChain", "/target/alternateId", "/any/*/mail", "/nothing/x"));
    assertThat(text(parts.facts()))
        .contains(
            "\"details\":{\"request\":{\"id\":\"r\"},\"target\":[null,{\"id\":\"t\"},{\"id\":\"x\"}],"
                + "\"any\":{\"a\":{\"n\":1},\"b\":{}},\"plain\":{\"deep\":[1,2,{\"x\":null}]}}");
    assertThat(text(requireNonNull(parts.personal())))
        .contains("203.0.113.4", "Porto", "v@q.test", "m@q.test", "o@q.test")
        .contains("\"target\":[{},{\"alternateId\":\"v@q.test\"},{}]");
    assertThat(EntryCodec.sameContent(whole(parts), event)).isTrue();
  }

  @Test
  void ofTwoPathsTheShorterOneTakesTheWhole() {
    Event event =
        event(
            "{\"action\":\"a\",\"actor\":{\"type\":\"user\",\"id\":\"u\"},"
                + "\"details\":{\"a\":{\"b\":1,\"c\":2},\"d\":{\"b\":3}}}");
    EntryCodec.Parts parts = parts(event, paths("/a/b", "/a", "/*/b"));
    assertThat(text(parts.facts())).contains("\"details\":{\"d\":{}}");
    assertThat(text(requireNonNull(parts.personal())))
        .isEqualTo("{\"details\":{\"a\":{\"b\":1,\"c\":2},\"d\":{\"b\":3}}}");
    assertThat(EntryCodec.sameContent(whole(parts), event)).isTrue();
  }

  @Test
  void aTreeWithoutAnythingPersonalIsNotCopied() {
    Event event =
        event(
            "{\"action\":\"a\",\"actor\":{\"type\":\"user\",\"id\":\"u\"},\"details\":{\"a\":{\"c\":2}}}");
    var details = requireNonNull(event.details());
    DetailSplit split = DetailSplit.of(details, paths("/a/b", "/x"));
    assertThat(split.facts()).isSameAs(details);
    assertThat(split.personal()).isNull();
  }

  private static Event login(String id, String name, String email) {
    return event(
        """
        {"action":"a","actor":{"type":"user","id":"%s","name":"%s","email":"%s"},
         "targets":[{"type":"user","id":"tove","name":"tove"},{"type":"repository","id":"wing","name":"wing"},
                    {"type":"user","id":"72","name":"tove"}]}"""
            .formatted(id, name, email));
  }

  @Test
  void anIdThatIsANameOrAnAddressIsHashedInTheFacts() {
    for (Event event :
        List.of(
            login("mira", "Mira", "mira@q.test"),
            login("MIRA@Q.TEST", "Mira", "mira@q.test"),
            login("other@q.test", "Mira", "mira@q.test"))) {
      EntryCodec.Parts parts = parts(event, ids(Which.NAMES, "user"));
      String id = String.valueOf(event.actor().id());
      assertThat(text(parts.facts()))
          .contains("\"actor\":{\"type\":\"user\",\"id_hash\":\"" + HASHER.hash(id) + "\"}")
          .contains("{\"type\":\"user\",\"id\":\"" + HASHER.hash("tove") + "\"}")
          .contains("{\"type\":\"repository\",\"id\":\"wing\"}")
          .contains("{\"type\":\"user\",\"id\":\"72\"}")
          .doesNotContainIgnoringCase("mira", "tove", "q.test");
      Event whole = whole(parts);
      assertThat(EntryCodec.sameContent(whole, event)).isTrue();
      assertThat(whole.targets().getFirst().idHash()).isEqualTo(HASHER.hash("tove"));
      assertThat(whole.targets().get(1).idHash()).isNull();
    }
  }

  @Test
  void anIdThatIsANumberStays() {
    EntryCodec.Parts parts = parts(login("71", "mira", "m@q.test"), ids(Which.NAMES, "user"));
    assertThat(text(parts.facts())).contains("\"actor\":{\"type\":\"user\",\"id\":\"71\"}");
  }

  @Test
  void whereAllIdsAreNamesAllAreHashedButTheSystems() {
    PersonalRules rules = ids(Which.ALL, "user");
    assertThat(text(parts(login("arn:aws:iam::1:user/lena", "x", "y"), rules).facts()))
        .doesNotContain("lena", "\"72\"");
    Event system =
        event("{\"action\":\"a\",\"actor\":{\"type\":\"system\",\"id\":\"kms.amazonaws.com\"}}");
    assertThat(text(parts(system, rules).facts())).contains("kms.amazonaws.com");
  }

  @Test
  void withoutThePersonalPartATargetHasTheHashOfItsId() {
    EntryCodec.Parts parts = parts(login("71", "x", "y"), ids(Which.NAMES, "user"));
    Event facts = whole(new EntryCodec.Parts(parts.facts(), null));
    assertThat(facts.targets().getFirst())
        .isEqualTo(new Event.Target("user", HASHER.hash("tove"), null, null));
  }

  @Test
  void theLinkToATargetGoesWithItsId() {
    Event event =
        event(
            "{\"action\":\"a\",\"actor\":{\"type\":\"system\"},\"targets\":["
                + "{\"type\":\"user\",\"id\":\"tove\",\"name\":\"tove\",\"href\":\"/people/tove\"},"
                + "{\"type\":\"user\",\"id\":\"72\",\"name\":\"tove\",\"href\":\"/people/72\"}]}");
    EntryCodec.Parts parts = parts(event, ids(Which.NAMES, "user"));
    assertThat(text(parts.facts())).doesNotContain("tove").contains("/people/72");
    assertThat(EntryCodec.sameContent(whole(parts), event)).isTrue();
  }

  @Test
  void aReasonThatIsPersonalIsInThePersonalPart() {
    Event event =
        event(
            "{\"action\":\"git.merge\",\"actor\":{\"type\":\"system\"},\"reason\":\"Merge branch of vera\"}");
    PersonalRules rules =
        new PersonalRules(Set.of(), DetailPaths.NONE, false, PersonalIds.NONE, true);
    EntryCodec.Parts parts = parts(event, rules);
    assertThat(text(parts.facts())).doesNotContain("vera");
    assertThat(text(requireNonNull(parts.personal())))
        .isEqualTo("{\"reason\":\"Merge branch of vera\"}");
    assertThat(whole(parts).reason()).isEqualTo("Merge branch of vera");
  }

  @Test
  void rulesTogetherCoverWhatEitherCovers() {
    PersonalRules both =
        new PersonalRules(Set.of("email"), List.of("/a"), false)
            .plus(
                new PersonalRules(
                    Set.of("Login"),
                    DetailPaths.of(List.of("/a", "/b")),
                    false,
                    new PersonalIds(Which.NAMES, Set.of("user")),
                    true));
    assertThat(both.detailPaths()).containsExactly("/a", "/b");
    assertThat(both.coversChange("x.login") && both.coversChange("EMAIL")).isTrue();
    assertThat(both.hashesIds() && both.reason()).isTrue();
    assertThat(both.withoutIds().hashesIds()).isFalse();
  }

  /** Reads parts as the build before wrote them, when catalogs said nothing of ids and details. */
  @Test
  void partsOfTheBuildBeforeAreReadAndTheEventSentAgainIsTheSame() {
    String facts =
        """
        {"id":"e1","tenant":"acme","action":"git.commit","category":"other","verb":"update","security_relevant":false,\
        "flags":["unknown_action"],"actor":{"type":"user","id":"v@q.test"},"targets":[{"type":"user","id":"tove"}],\
        "outcome":"success","reason":"why","details":{"committer":{"email":"v@q.test"},"password":"one"}}""";
    String personal =
        "{\"actor\":{\"name\":\"Vera\",\"email\":\"v@q.test\"},\"targets\":[{\"name\":\"tove\"}]}";
    Event stored =
        whole(
            new EntryCodec.Parts(
                facts.getBytes(StandardCharsets.UTF_8), personal.getBytes(StandardCharsets.UTF_8)));
    Event sent =
        new SecretKeys(List.of())
            .marked(
                event(
                    """
                    {"action":"git.commit","actor":{"type":"user","id":"v@q.test","name":"Vera","email":"v@q.test"},
                     "targets":[{"type":"user","id":"tove","name":"tove"}],"outcome":"success","reason":"why",
                     "details":{"committer":{"email":"v@q.test"},"password":"one"}}"""));
    PersonalRules rules =
        new PersonalRules(
            Set.of(),
            DetailPaths.of(List.of("/committer")),
            false,
            new PersonalIds(Which.ALL, Set.of("user")),
            true);
    assertThat(EntryCodec.sameContent(whole(parts(sent, rules)), stored)).isTrue();
  }

  @Test
  void theHashesThatAHasherKeepsAreThoseThatItMakes() {
    HmacActorHasher hasher = new HmacActorHasher(new byte[32]);
    for (int round = 0; round < 3; round++) {
      for (int i = 0; i < 3 * HmacActorHasher.MAX_KEPT; i++) {
        assertThat(hasher.hash("u_" + i))
            .isEqualTo(new HmacActorHasher(new byte[32]).hash("u_" + i));
      }
    }
  }
}
