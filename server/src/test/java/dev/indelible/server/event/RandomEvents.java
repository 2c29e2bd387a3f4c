package dev.indelible.server.event;

import dev.indelible.server.event.Event.Actor;
import dev.indelible.server.event.Event.ActorType;
import dev.indelible.server.event.Event.Agent;
import dev.indelible.server.event.Event.Change;
import dev.indelible.server.event.Event.Context;
import dev.indelible.server.event.Event.Location;
import dev.indelible.server.event.Event.Outcome;
import dev.indelible.server.event.Event.Principal;
import dev.indelible.server.event.Event.Target;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Makes random valid events, from one seed. */
final class RandomEvents {

  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
  private static final String[] LETTERS = {
    "a", "Z", "0", " ", "é", "ß", "日", "本", "😀", "\"", "\\", "/", "\u007f", "\u2028", "'", "<"
  };
  private static final String[] CONTROLS = {"\n", "\t", "\u0001", "\u001f", "\b"};

  private final Random random;

  RandomEvents(long seed) {
    random = new Random(seed);
  }

  Event next() {
    return new Event(
        maybe(this::id),
        maybe(() -> new TenantId("acme")),
        maybe(this::id),
        maybe(() -> Instant.ofEpochMilli(random.nextLong(7_258_118_400_000L))),
        List.of("user.role_changed", "a", "legal-hold.apply", "x:y_z.0").get(random.nextInt(4)),
        actor(),
        list(random.nextInt(4), this::target),
        List.of(Outcome.values()).get(random.nextInt(3)),
        maybe(() -> text(30)),
        list(random.nextInt(5), this::change),
        maybe(() -> text(30)),
        random.nextInt(4) == 0 ? Context.NONE : context(),
        maybe(() -> object(3)));
  }

  private Actor actor() {
    ActorType type = List.of(ActorType.values()).get(random.nextInt(5));
    return new Actor(
        type,
        type == ActorType.SYSTEM ? maybe(this::id) : id(),
        null,
        maybe(() -> text(20)),
        maybe(() -> text(20)),
        agent(type),
        list(random.nextInt(3), this::id),
        list(random.nextInt(3), this::id),
        maybe(() -> party(random.nextInt(EventLimits.MAX_ON_BEHALF_OF))));
  }

  private Principal party(int more) {
    ActorType type = random.nextBoolean() ? ActorType.USER : ActorType.AI_AGENT;
    return new Principal(
        type,
        id(),
        null,
        maybe(() -> text(9)),
        maybe(() -> text(9)),
        agent(type),
        more == 0 ? null : party(more - 1));
  }

  private Agent agent(ActorType type) {
    return type == ActorType.AI_AGENT ? Agent.of(maybe(this::id), maybe(this::id)) : Agent.NONE;
  }

  private Target target() {
    return new Target(
        id(),
        id(),
        maybe(() -> text(10)),
        maybe(() -> "https://app.example/é/" + random.nextInt()));
  }

  private Change change() {
    String field = List.of("role", "email", "contact.email", "Phone").get(random.nextInt(4));
    return new Change(field, maybe(() -> value(2)), maybe(() -> value(2)));
  }

  private Context context() {
    String producer = maybe(this::id);
    return new Context(
        maybe(() -> random.nextBoolean() ? "203.0.113." + random.nextInt(256) : "2001:db8::1"),
        maybe(
            () ->
                new Location(
                    "DE", maybe(() -> text(5)), null, random.nextDouble() * 90, maybe(() -> -1.5))),
        maybe(() -> text(40)),
        maybe(this::id),
        maybe(this::id),
        maybe(this::id),
        producer,
        producer == null ? null : maybe(() -> random.nextLong(EventLimits.MAX_PRODUCER_SEQ + 1)));
  }

  ObjectNode object(int depth) {
    ObjectNode object = NODES.objectNode();
    for (int i = random.nextInt(5); i > 0; i--) {
      String name = random.nextInt(3) == 0 ? text(6) : List.of("a", "email", "b").get(i % 3);
      object.set(name, value(depth - 1));
    }
    return object;
  }

  private JsonNode value(int depth) {
    return switch (random.nextInt(depth > 0 ? 10 : 8)) {
      case 0 -> NODES.nullNode();
      case 1 -> NODES.booleanNode(random.nextBoolean());
      case 2 -> NODES.numberNode(random.nextInt());
      case 3 -> NODES.numberNode(random.nextLong());
      case 4 -> NODES.numberNode(new BigInteger(80 + random.nextInt(300), random));
      case 5 ->
          NODES.numberNode(new BigDecimal(new BigInteger(70, random), random.nextInt(61) - 30));
      case 8 -> object(depth);
      case 9 -> {
        ArrayNode array = NODES.arrayNode();
        for (int i = random.nextInt(4); i > 0; i--) {
          array.add(value(depth - 1));
        }
        yield array;
      }
      default -> NODES.stringNode(text(12));
    };
  }

  private String text(int maxLength) {
    StringBuilder text = new StringBuilder();
    for (int i = random.nextInt(maxLength); i > 0; i--) {
      text.append(
          random.nextInt(20) == 0
              ? CONTROLS[random.nextInt(CONTROLS.length)]
              : LETTERS[random.nextInt(random.nextInt(3) == 0 ? LETTERS.length : 3)]);
    }
    return text.toString();
  }

  private String id() {
    return List.of("u_7", "id/é", "日本", "😀", "a b\"c\\").get(random.nextInt(5))
        + random.nextInt(100);
  }

  private <T> @Nullable T maybe(Supplier<T> value) {
    return random.nextBoolean() ? value.get() : null;
  }

  private static <T> List<T> list(int size, Supplier<T> value) {
    List<T> list = new ArrayList<>();
    for (int i = 0; i < size; i++) {
      list.add(value.get());
    }
    return list;
  }
}
