package dev.indelible.server.http;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An answer other than the one hoped for: becomes an RFC 9457 problem document.
 *
 * <p>The {@code code} is stable and part of the API; the detail is for people and may change. The
 * detail must hold nothing that the caller may not know.
 */
public final class ProblemException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private static final Exchange.JsonBody NO_MEMBERS = json -> {};

  private final int status;
  private final String code;
  private final transient List<Fault> faults;
  private final transient Map<String, String> headers;
  private final transient Exchange.JsonBody members;

  /**
   * A problem without single faults.
   *
   * @param status HTTP status, 400 to 599
   * @param code stable, of the form {@code [a-z_]+}
   * @param detail one sentence that helps the caller
   */
  public ProblemException(int status, String code, String detail) {
    this(status, code, detail, List.of(), Map.of(), NO_MEMBERS, null);
  }

  private ProblemException(
      int status,
      String code,
      String detail,
      List<Fault> faults,
      Map<String, String> headers,
      Exchange.JsonBody members,
      @Nullable Throwable cause) {
    super(detail, cause);
    if (status < 400 || status > 599) {
      throw new IllegalArgumentException("not a status of a problem: " + status);
    }
    this.status = status;
    this.code = code;
    this.faults = List.copyOf(faults);
    this.headers = Map.copyOf(headers);
    this.members = members;
  }

  /** 400 {@code invalid_parameter}: the query parameter {@code name} has a value that won't do. */
  public static ProblemException invalidParameter(String name, String detail) {
    return new ProblemException(400, "invalid_parameter", name + ": " + detail)
        .withFaults(List.of(Fault.ofParameter(name, "invalid", detail)));
  }

  /** 404 {@code not_found}: it does not exist, or the caller may not know that it does. */
  public static ProblemException notFound() {
    return new ProblemException(404, "not_found", "There is nothing here under this name.");
  }

  /** 503 with {@code Retry-After}: nothing was accepted; the same request may succeed later. */
  public static ProblemException unavailable(String code, String detail, Duration retryAfter) {
    return new ProblemException(503, code, detail)
        .withHeader("Retry-After", Long.toString(Math.max(1, retryAfter.toSeconds())));
  }

  /** Copy of the problem with its single faults. */
  public ProblemException withFaults(List<Fault> theFaults) {
    return new ProblemException(status, code, detail(), theFaults, headers, members, getCause());
  }

  /** Copy of the problem with one more header in the answer. */
  public ProblemException withHeader(String name, String value) {
    Map<String, String> more = new LinkedHashMap<>(headers);
    more.put(name, value);
    return new ProblemException(status, code, detail(), faults, more, members, getCause());
  }

  /**
   * Copy of the problem with members of its own (RFC 9457, section 3.2), written as properties of
   * the document.
   */
  public ProblemException withMembers(Exchange.JsonBody theMembers) {
    return new ProblemException(status, code, detail(), faults, headers, theMembers, getCause());
  }

  /** Copy of the problem with the headers of another. */
  public ProblemException withHeadersOf(ProblemException other) {
    Map<String, String> more = new LinkedHashMap<>(headers);
    more.putAll(other.headers);
    return new ProblemException(status, code, detail(), faults, more, members, getCause());
  }

  /** Copy of the problem with what led to it, for the log. */
  public ProblemException withCause(Throwable cause) {
    return new ProblemException(status, code, detail(), faults, headers, members, cause);
  }

  /** HTTP status. */
  public int status() {
    return status;
  }

  /** The stable code. */
  public String code() {
    return code;
  }

  /** The sentence for people. */
  public String detail() {
    String message = getMessage();
    return message != null ? message : code;
  }

  /** Everything that is wrong with the request, one by one; empty when the detail says it all. */
  public List<Fault> faults() {
    return faults;
  }

  /** Headers of the answer, such as {@code Retry-After}. */
  public Map<String, String> headers() {
    return headers;
  }

  public Exchange.JsonBody members() {
    return members;
  }

  /**
   * One thing wrong with a request; a member of {@code errors} in the problem document.
   *
   * @param pointer JSON pointer (RFC 6901) into the request's body, or null
   * @param parameter name of the path or query parameter, or null
   * @param code stable, such as {@code required}
   * @param detail one sentence
   */
  public record Fault(
      @Nullable String pointer, @Nullable String parameter, String code, String detail) {

    /** A fault in the request's body. */
    public static Fault at(String pointer, String code, String detail) {
      return new Fault(pointer, null, code, detail);
    }

    /** A fault in a parameter. */
    public static Fault ofParameter(String parameter, String code, String detail) {
      return new Fault(null, parameter, code, detail);
    }
  }
}
