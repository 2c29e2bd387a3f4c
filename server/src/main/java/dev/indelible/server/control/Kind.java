package dev.indelible.server.control;

import dev.indelible.server.event.Event;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * A kind of configuration object: its name and form in control records, its limits, and the words
 * of the entries that record its changes. Each stands in the file of the record that it is of;
 * {@link ConfigurationObject#kinds()} lists them. Stateless.
 *
 * @param <T> the record
 */
public abstract class Kind<T extends ConfigurationObject> {

  private final String name;
  private final Class<T> type;

  Kind(String name, Class<T> type) {
    this.name = name;
    this.type = type;
  }

  /** The kind's name in control records, such as {@code hold}. */
  public final String name() {
    return name;
  }

  /** The record of this kind. */
  final Class<T> type() {
    return type;
  }

  // ---- In control records; see docs/formats/control-record.md.

  /**
   * Writes the members of an object, in this order for ever: the control log is never cut, and its
   * hash covers every byte.
   */
  abstract void write(T object, ObjectNode json);

  /** Reads what {@link #write} of this or any earlier build wrote. */
  abstract T read(ObjectFields json);

  /** The object as it is recorded; a key's secret is there as its hash alone. */
  final ObjectNode toJson(ConfigurationObject object) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    write(type.cast(object), json);
    return json;
  }

  /** The members that nobody is shown: a secret's hash, or its cipher. */
  Set<String> secrets() {
    return Set.of();
  }

  /** The object as people may see it: as it is recorded, without {@link #secrets}. */
  final ObjectNode describe(ConfigurationObject object) {
    ObjectNode json = toJson(object);
    secrets().forEach(json::remove);
    return json;
  }

  // ---- In memory.

  /** Whether a tenant has at most one, whose id is the tenant's. */
  boolean isOnePerTenant() {
    return false;
  }

  /** Whether every change of the object stays in memory, for {@link Configuration#history}. */
  boolean keepsHistory() {
    return false;
  }

  // ---- Limits.

  /**
   * Checks an object that is about to be recorded. Whoever asks for the change was told before what
   * is wrong with it; what was recorded long since is not checked again.
   *
   * @throws IllegalArgumentException when it is beyond a limit
   */
  void check(T object) {}

  final void requireValid(ConfigurationObject object) {
    check(type.cast(object));
  }

  /** Checks the length of a text, in UTF-16 units. */
  final void requireAtMost(int most, String field, String value) {
    requireAtMost(most, field, value.length());
  }

  /** Checks a number of things. */
  final void requireAtMost(int most, String field, int count) {
    if (count > most) {
      throw new IllegalArgumentException(
          "a %s with a %s of %d, and there may be %d".formatted(name, field, count, most));
    }
  }

  // ---- As an entry of its tenant's log.

  /** Whether a change of the object has an entry. */
  boolean hasEntry(T object) {
    return true;
  }

  /** The thing that the entry is about. */
  abstract Event.Target target(T object);

  /**
   * The action of the entry.
   *
   * @param before the object that was replaced, or null when it is new
   */
  abstract String action(@Nullable T before, T after);

  /** The members whose values before and after the entry has, each as a field of its own. */
  ObjectNode compared(T object) {
    return describe(object);
  }

  /** The members that an object has only while they are on: without them they are off. */
  Set<String> switches() {
    return Set.of();
  }

  /** The last word of an action: {@code create}, {@code update}, or how it ends. */
  static String verb(
      ConfigurationObject.@Nullable Access before, ConfigurationObject.Access after, String end) {
    if (after.removedAt() != null) {
      return end;
    }
    return before == null || before.removedAt() != null ? "create" : "update";
  }

  /** The entry that records a change; null when the change has none. */
  final @Nullable EntryWords entry(
      @Nullable ConfigurationObject before, ConfigurationObject after) {
    T now = type.cast(after);
    if (!hasEntry(now)) {
      return null;
    }
    T old = before == null ? null : type.cast(before);
    return new EntryWords(
        action(old, now),
        target(now),
        EntryWords.differences(old == null ? null : compared(old), compared(now), switches()));
  }
}
