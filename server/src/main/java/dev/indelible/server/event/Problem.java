package dev.indelible.server.event;

/**
 * One thing that is wrong with something a caller sent.
 *
 * @param pointer where, as a JSON pointer (RFC 6901) into the event; empty for the event as a whole
 * @param code the kind of problem
 * @param detail a sentence that says what is wrong and how to mend it
 */
public record Problem(String pointer, Code code, String detail) {

  /** The kinds of problem; the names in the API are stable. */
  public enum Code {
    /** Input that is not JSON. */
    BAD_JSON,
    /** Broken UTF-8, a NUL character or half a surrogate pair. */
    BAD_ENCODING,
    /** A field that an event does not have. */
    UNKNOWN_FIELD,
    /** A value of another JSON type than the field's. */
    WRONG_TYPE,
    /** A required field that is absent or null. */
    MISSING,
    /** A text longer than its limit. */
    TOO_LONG,
    /** A text that is not of the field's form. */
    BAD_FORMAT,
    /** A text that is none of the field's values. */
    UNKNOWN_VALUE,
    /** Key that occurs twice in one object. */
    DUPLICATE_KEY,
    /** JSON nested deeper than {@link EventLimits#MAX_JSON_DEPTH}. */
    TOO_DEEP,
    /** More elements than the list may have. */
    TOO_MANY,
    /** More bytes than an event, a batch or a stream may have. */
    TOO_LARGE,
    /** A number or a time outside its bounds. */
    OUT_OF_RANGE,
    /** Any other problem; the sentence explains it. */
    INVALID;

    /** The code in the API: lower case, with underscores. */
    public String jsonName() {
      return switch (this) {
        case BAD_JSON -> "bad_json";
        case BAD_ENCODING -> "bad_encoding";
        case UNKNOWN_FIELD -> "unknown_field";
        case WRONG_TYPE -> "wrong_type";
        case MISSING -> "missing";
        case TOO_LONG -> "too_long";
        case BAD_FORMAT -> "bad_format";
        case UNKNOWN_VALUE -> "unknown_value";
        case DUPLICATE_KEY -> "duplicate_key";
        case TOO_DEEP -> "too_deep";
        case TOO_MANY -> "too_many";
        case TOO_LARGE -> "too_large";
        case OUT_OF_RANGE -> "out_of_range";
        case INVALID -> "invalid";
      };
    }
  }
}
