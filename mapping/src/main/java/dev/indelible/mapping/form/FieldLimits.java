package dev.indelible.mapping.form;

import java.util.List;

/** Limits on an event's fields that whoever writes an event keeps to and the server enforces. */
public final class FieldLimits {

  /**
   * The form of an action: {@code user.role_changed}, {@code user.role.change}, {@code
   * legal-hold.apply}.
   */
  public static final String ACTION_FORM = "[a-z0-9][a-z0-9_.:-]{0,127}";

  /** The kinds of party that can act, by their names in JSON. */
  public static final List<String> ACTOR_TYPES =
      List.of("user", "system", "api_client", "support", "ai_agent");

  /** The outcomes of an event, by their names in JSON. */
  public static final List<String> OUTCOMES = List.of("success", "failure", "unknown");

  /** Deepest nesting of JSON, the event's own braces counted as 1. */
  public static final int MAX_JSON_DEPTH = 32;

  /** The most targets of one event. */
  public static final int MAX_TARGETS = 16;

  /** The most changes of one event. */
  public static final int MAX_CHANGES = 100;

  /** The most steps of an actor's {@code on_behalf_of}, one within the other. */
  public static final int MAX_ON_BEHALF_OF = 8;

  /** The most roles, and the most permissions, of one actor. */
  public static final int MAX_ROLES = 100;

  /**
   * The longest id, account, role, permission, type, model, version, producer, session, request or
   * trace id, in UTF-16 units.
   */
  public static final int MAX_ID_LENGTH = 256;

  /** The longest name, e-mail address, user agent or field name, in UTF-16 units. */
  public static final int MAX_NAME_LENGTH = 1_024;

  /** The longest reason, outcome reason or link, in UTF-16 units. */
  public static final int MAX_TEXT_LENGTH = 8_192;

  /**
   * The greatest {@code producer_seq}: the last whole number that every reader of JSON keeps exact.
   */
  public static final long MAX_PRODUCER_SEQ = (1L << 53) - 1;

  /** The first year of an {@code occurred_at}, in UTC. */
  public static final int MIN_YEAR = 1970;

  /** The last year of an {@code occurred_at}, in UTC. */
  public static final int MAX_YEAR = 2200;

  private FieldLimits() {}
}
