package dev.indelible.server.control;

import dev.indelible.server.event.Event;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A change of configuration as it is asked for.
 *
 * @param object the complete new object
 * @param replaces the version of the object that it replaces; 0 when it is new
 * @param by who changes it
 * @param reason why, or null
 */
public record Change(
    ConfigurationObject object, long replaces, ChangedBy by, @Nullable String reason) {

  /** The longest reason, in UTF-16 units. */
  public static final int MAX_REASON_LENGTH = 8_192;

  /**
   * Author of a change of configuration.
   *
   * @param type {@code operator}, {@code api_key}, {@code user}, {@code auditor}, {@code support}
   *     or {@code system}
   * @param id the key's or the person's id, or null for the system
   */
  public record ChangedBy(String type, @Nullable String id) {
    /** The program itself. */
    public static final ChangedBy SYSTEM = new ChangedBy("system", null);

    /** Author as one word, such as {@code user:u_1} or {@code system}. */
    public String who() {
      return id == null ? type : type + ":" + id;
    }

    /** Author as the actor of an entry, of whom no more is known. */
    public Event.Actor actor() {
      Event.ActorType of =
          switch (type) {
            case "user", "auditor" -> Event.ActorType.USER;
            case "support" -> Event.ActorType.SUPPORT;
            default -> id == null ? Event.ActorType.SYSTEM : Event.ActorType.API_CLIENT;
          };
      List<String> roles =
          type.equals("operator") || type.equals("auditor") ? List.of(type) : List.of();
      return new Event.Actor(of, id, null, null, roles, List.of(), null);
    }
  }
}
