package dev.indelible.server.event;

import dev.indelible.mapping.form.FieldLimits;

/** Every limit on what a caller may send; each is enforced by the decoder and has a test. */
public final class EventLimits {

  /**
   * The form of an action: {@code user.role_changed}, {@code user.role.change}, {@code
   * legal-hold.apply}.
   */
  public static final String ACTION_FORM = FieldLimits.ACTION_FORM;

  /** The largest event, in bytes of UTF-8 JSON as sent. */
  public static final int MAX_EVENT_BYTES = 256 * 1024;

  /** The most events in one array or CloudEvents batch. */
  public static final int MAX_BATCH_EVENTS = 10_000;

  /** The largest array or CloudEvents batch, in bytes after decompression. */
  public static final int MAX_BATCH_BYTES = 16 * 1024 * 1024;

  /** The most events in one NDJSON stream. */
  public static final int MAX_STREAM_EVENTS = 250_000;

  /** The largest NDJSON stream, in bytes after decompression. */
  public static final long MAX_STREAM_BYTES = 256L * 1024 * 1024;

  /** Deepest nesting of JSON, the event's own braces counted as 1. */
  public static final int MAX_JSON_DEPTH = FieldLimits.MAX_JSON_DEPTH;

  /** The most targets of one event. */
  public static final int MAX_TARGETS = FieldLimits.MAX_TARGETS;

  /** The most changes of one event. */
  public static final int MAX_CHANGES = FieldLimits.MAX_CHANGES;

  /** The most steps of an actor's {@code on_behalf_of}, one within the other. */
  public static final int MAX_ON_BEHALF_OF = FieldLimits.MAX_ON_BEHALF_OF;

  /** The most roles, and the most permissions, of one actor. */
  public static final int MAX_ROLES = FieldLimits.MAX_ROLES;

  /**
   * The longest id, account, role, permission, type, model, version, producer, session, request or
   * trace id, in UTF-16 units.
   */
  public static final int MAX_ID_LENGTH = FieldLimits.MAX_ID_LENGTH;

  /** The longest name, e-mail address, user agent or field name, in UTF-16 units. */
  public static final int MAX_NAME_LENGTH = FieldLimits.MAX_NAME_LENGTH;

  /** The longest reason, outcome reason or link, in UTF-16 units. */
  public static final int MAX_TEXT_LENGTH = FieldLimits.MAX_TEXT_LENGTH;

  /**
   * The greatest {@code producer_seq}: the last whole number that every reader of JSON keeps exact.
   */
  public static final long MAX_PRODUCER_SEQ = FieldLimits.MAX_PRODUCER_SEQ;

  /** The longest number in details and changes, in characters. */
  public static final int MAX_NUMBER_DIGITS = 1_000;

  /** The largest power of ten of a number in details and changes, and its least when negated. */
  public static final int MAX_NUMBER_EXPONENT = 400;

  /** The first year of an {@code occurred_at}, in UTC. */
  public static final int MIN_YEAR = FieldLimits.MIN_YEAR;

  /** The last year of an {@code occurred_at}, in UTC. */
  public static final int MAX_YEAR = FieldLimits.MAX_YEAR;

  /** The most problems reported for one event; the rest are counted. */
  public static final int MAX_PROBLEMS = 32;

  private EventLimits() {}
}
