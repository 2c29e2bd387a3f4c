package dev.indelible.mapping.out;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Entries as the API gives them, made at random: with all that a text may hold. */
final class Entries {

  static final JsonMapper JSON =
      JsonMapper.builder().enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS).build();

  static final EntryFormat.Integrity INTEGRITY =
      new EntryFormat.Integrity("logs.example.com/acme", new byte[32], 5000, new byte[32]);

  private static final List<String> PIECES =
      List.of(
          "a",
          "Zoë",
          "日本",
          "😀",
          "|",
          "=",
          "\\",
          "\\n",
          "\n",
          "\r\n",
          "\r",
          "\t",
          " ",
          " x=1 ",
          "\"",
          "'",
          "{",
          "}",
          "%s",
          "\u0001",
          "\u001b[31m",
          "\u007f",
          "\u0085",
          "\u2028",
          "\u2029",
          "\u202eabc\u202c",
          "\u200f",
          "\ufeff",
          "a|b",
          "k=v",
          "CEF:0|",
          "<script>",
          "\u00e9");

  private final Random random;

  Entries(long seed) {
    random = new Random(seed);
  }

  private String text() {
    return random.nextInt(50) == 0 ? name() + "long ".repeat(10_000) + "9" : name();
  }

  /** A text of at least one character that does not end with a blank. */
  private String name() {
    StringBuilder text = new StringBuilder();
    int pieces = 1 + random.nextInt(8);
    for (int i = 0; i < pieces; i++) {
      text.append(PIECES.get(random.nextInt(PIECES.size())));
    }
    return text.append(random.nextInt(1000)).toString();
  }

  private String time() {
    return time(Instant.ofEpochMilli(random.nextLong(0, 4_102_444_800_000L)));
  }

  static String time(Instant instant) {
    String text = instant.toString();
    return text.length() == 20 ? text.substring(0, 19) + ".000Z" : text;
  }

  private <T> T oneOf(List<T> all) {
    return all.get(random.nextInt(all.size()));
  }

  private boolean isSo() {
    return random.nextBoolean();
  }

  /** An entry as it is read from an answer. */
  ObjectNode entry() {
    return (ObjectNode) JSON.readTree(made().toString());
  }

  private ObjectNode made() {
    ObjectNode entry = JSON.createObjectNode();
    entry.put("id", text()).put("tenant", "acme-" + random.nextInt(100));
    entry.put("seq", random.nextLong(1L << 53)).put("recorded_at", time());
    entry.put("occurred_at", time());
    entry.put("action", oneOf(List.of("user.created", "a.b_c:d-e", "user.password_reset")));
    entry.put("category", oneOf(List.of("configuration", "authentication", "other")));
    entry.put(
        "verb",
        oneOf(List.of("create", "update", "delete", "login", "assign", "unknown", "enable")));
    entry.put("security_relevant", isSo());
    actor(entry.putObject("actor"));
    int targets = random.nextInt(4);
    if (targets > 0) {
      ArrayNode list = entry.putArray("targets");
      for (int i = 0; i < targets; i++) {
        ObjectNode target = list.addObject();
        target.put(
            "type", oneOf(List.of("user", "role", "group", "file", "table", "ticket", text())));
        target.put("id", text());
        if (isSo()) {
          target.put("name", text());
        }
      }
    }
    entry.put("outcome", oneOf(List.of("success", "failure", "unknown")));
    if (isSo()) {
      entry.put("outcome_reason", text()).put("reason", text()).put("account", text());
      entry.putArray("flags").add("late");
    }
    if (isSo()) {
      ObjectNode change = entry.putArray("changes").addObject().put("field", text());
      change.set("before", value(3));
      change.set("after", value(3));
    }
    if (isSo()) {
      context(entry.putObject("context"));
    }
    if (isSo()) {
      entry.set("details", JSON.createObjectNode().set(name(), value(5)));
    }
    return entry;
  }

  private void actor(ObjectNode actor) {
    String type = oneOf(List.of("user", "system", "api_client", "support", "ai_agent"));
    actor.put("type", type);
    if (!type.equals("system") || isSo()) {
      actor.put("id", text());
    }
    if (isSo()) {
      actor.put("name", text()).put("email", isSo() ? "ana@acme.test" : text());
      actor.putArray("roles").add(text()).add(text());
      actor.putObject("on_behalf_of").put("type", "user").put("id", text());
    }
  }

  private void context(ObjectNode context) {
    context.put("ip", oneOf(List.of("203.0.113.9", "2001:db8::1", "::ffff:192.0.2.1")));
    context.put("user_agent", text()).put("session_id", text()).put("request_id", text());
    if (isSo()) {
      context.put("producer", text()).put("trace_id", text());
      ObjectNode location = context.putObject("location");
      location.put("latitude", new BigDecimal("52.5200066")).put("longitude", 13.4);
      if (isSo()) {
        location.put("country", "DE").put("city", text());
      }
    }
  }

  private JsonNode value(int depth) {
    return switch (random.nextInt(depth > 0 ? 9 : 7)) {
      case 0 ->
          JSON.getNodeFactory().numberNode(new BigInteger("9".repeat(1 + random.nextInt(60))));
      case 1 ->
          JSON.getNodeFactory()
              .numberNode(new BigDecimal("0.1234567890123456789012345678901234567"));
      case 2 -> JSON.getNodeFactory().numberNode(random.nextLong());
      case 3 -> JSON.getNodeFactory().booleanNode(isSo());
      case 4 -> JSON.getNodeFactory().numberNode(random.nextInt());
      case 5 -> JSON.getNodeFactory().numberNode(new BigDecimal("1E+400"));
      case 6 -> JSON.getNodeFactory().stringNode(text());
      case 7 -> {
        ObjectNode object = JSON.createObjectNode();
        object.set(name(), value(depth - 1));
        object.set(name(), value(depth - 1));
        yield object;
      }
      default -> JSON.createArrayNode().add(value(depth - 1)).add(value(depth - 1));
    };
  }
}
