package dev.indelible.server.event;

import dev.indelible.server.event.Event.Change;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Names of members whose values are secrets: passwords, keys and tokens that open something. Their
 * values are replaced by {@value #MARK} before an event is written anywhere, so that a log that
 * keeps everything does not keep those.
 *
 * <p>A name is meant whole and in the usual ways of writing it: {@code session_token} stands for
 * {@code sessionToken}, {@code SessionToken}, {@code session-token}, {@code Session-Token}, {@code
 * SESSION_TOKEN} and {@code sessiontoken} too, and for nothing that only contains it, except that
 * names with dots count by their last part too ({@code db.session_token}). Nothing is guessed from
 * values. An empty text, {@code null}, {@code true} and {@code false} are no secrets and stay.
 * Immutable, thread-safe.
 */
public final class SecretKeys {

  /** Replacement of a secret. */
  public static final String MARK = "[secret]";

  /** The longest name of a list. */
  public static final int MAX_NAME_LENGTH = 64;

  /** The names that are secrets wherever secrets are marked. */
  public static final List<String> BASE =
      List.of(
          "password",
          "passwd",
          "new_password",
          "old_password",
          "current_password",
          "previous_password",
          "temporary_password",
          "admin_password",
          "root_password",
          "master_password",
          "master_user_password",
          "database_password",
          "db_password",
          "passphrase",
          "secret_access_key",
          "session_token",
          "security_token",
          "access_token",
          "refresh_token",
          "id_token",
          "bearer_token",
          "auth_token",
          "client_secret",
          "api_secret",
          "shared_secret",
          "signing_secret",
          "webhook_secret",
          "private_key");

  private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9]*(_[a-z0-9]+)*");
  private static final JsonNode MARKED = JsonNodeFactory.instance.stringNode(MARK);

  private final Set<String> spellings;

  /**
   * The names of the base list and others.
   *
   * @param more words in lower case joined by {@code _}
   * @throws IllegalArgumentException when one is not of that form
   */
  public SecretKeys(Collection<String> more) {
    Set<String> all = new HashSet<>();
    BASE.forEach(name -> spell(name, all));
    more.forEach(name -> spell(name, all));
    this.spellings = Set.copyOf(all);
  }

  /**
   * The name, if it has the form of one.
   *
   * @throws IllegalArgumentException when it has not
   */
  public static String requireName(String name) {
    if (name.length() > MAX_NAME_LENGTH || !NAME.matcher(name).matches()) {
      throw new IllegalArgumentException(
          "not words in lower case joined by _, such as session_token: " + name);
    }
    return name;
  }

  private static void spell(String name, Set<String> into) {
    requireName(name);
    StringBuilder pascal = new StringBuilder();
    StringBuilder train = new StringBuilder();
    for (String word : List.of(name.split("_", -1))) {
      String capital = word.substring(0, 1).toUpperCase(Locale.ROOT) + word.substring(1);
      pascal.append(capital);
      train.append(train.isEmpty() ? "" : "-").append(capital);
    }
    into.add(name);
    into.add(name.replace('_', '-'));
    into.add(name.replace("_", ""));
    into.add(name.toUpperCase(Locale.ROOT));
    into.add(pascal.toString());
    into.add(name.charAt(0) + pascal.substring(1));
    into.add(train.toString());
  }

  /** The event with its secrets marked; the same one when it has none. */
  public Event marked(Event event) {
    ObjectNode details = event.details();
    JsonNode markedDetails = details == null ? null : marked(details);
    List<Change> changes = changes(event.changes());
    if (markedDetails == null && changes == null) {
      return event;
    }
    return event.with(
        changes == null ? event.changes() : changes,
        markedDetails instanceof ObjectNode object ? object : details);
  }

  /** The changes with their secrets marked, or null when there are none. */
  private @Nullable List<Change> changes(List<Change> changes) {
    List<Change> result = null;
    for (int i = 0; i < changes.size(); i++) {
      Change change = changes.get(i);
      boolean whole = isSecret(change.field());
      JsonNode before = whole ? whole(change.before()) : below(change.before());
      JsonNode after = whole ? whole(change.after()) : below(change.after());
      if (before != null || after != null) {
        result = result == null ? new ArrayList<>(changes) : result;
        result.set(
            i,
            new Change(
                change.field(),
                before == null ? change.before() : before,
                after == null ? change.after() : after));
      }
    }
    return result;
  }

  /**
   * A name counts as a whole or by what follows its last {@code .} or /: changed fields are paths,
   * and OpenTelemetry's attributes have names such as {@code db.password}.
   */
  private boolean isSecret(String field) {
    int last = Math.max(field.lastIndexOf('.'), field.lastIndexOf('/'));
    return spellings.contains(field)
        || (last >= 0 && spellings.contains(field.substring(last + 1)));
  }

  private @Nullable JsonNode below(@Nullable JsonNode value) {
    return value == null ? null : marked(value);
  }

  /** The mark for a value under a secret's name, or null when the value is none. */
  private static @Nullable JsonNode whole(@Nullable JsonNode value) {
    if (value == null || value.isNull() || value.isBoolean()) {
      return null;
    }
    boolean empty =
        value.isString() ? value.stringValue().isEmpty() : value.isContainer() && value.isEmpty();
    return empty || value.equals(MARKED) ? null : MARKED;
  }

  /** The value with the secrets in it marked, or null when it has none. */
  private @Nullable JsonNode marked(JsonNode value) {
    return switch (value) {
      case ObjectNode object -> object(object);
      case ArrayNode array -> array(array);
      default -> null;
    };
  }

  private @Nullable ObjectNode object(ObjectNode from) {
    ObjectNode copy = null;
    for (Map.Entry<String, JsonNode> member : from.properties()) {
      JsonNode value = member.getValue();
      JsonNode mark = isSecret(member.getKey()) ? whole(value) : marked(value);
      if (mark != null) {
        if (copy == null) {
          copy = JsonNodeFactory.instance.objectNode();
          copy.setAll(from);
        }
        copy.set(member.getKey(), mark);
      }
    }
    return copy;
  }

  private @Nullable ArrayNode array(ArrayNode from) {
    ArrayNode copy = null;
    for (int i = 0; i < from.size(); i++) {
      JsonNode mark = marked(from.get(i));
      if (mark != null) {
        if (copy == null) {
          copy = JsonNodeFactory.instance.arrayNode(from.size());
          copy.addAll(from);
        }
        copy.set(i, mark);
      }
    }
    return copy;
  }

  /** Whether the value is the mark of a secret. */
  static boolean isMark(JsonNode value) {
    return value.equals(MARKED);
  }
}
