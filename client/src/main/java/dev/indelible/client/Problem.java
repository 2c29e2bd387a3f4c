package dev.indelible.client;

import java.util.List;

/**
 * A problem document (RFC 9457) of the server; {@code docs/errors.md} lists the codes.
 *
 * @param status the HTTP status
 * @param code the stable code that programs look at; empty when the body is no such document
 * @param title the name of the status; empty likewise
 * @param detail what is wrong, for people; empty likewise
 * @param faults each thing that is wrong, for a body or parameters with several
 * @param json the whole document, with the members that some codes add
 */
public record Problem(
    int status, String code, String title, String detail, List<Fault> faults, JsonText json) {

  /**
   * One thing that is wrong.
   *
   * @param pointer JSON pointer (RFC 6901) into the body or the event; empty when it is about
   *     something else
   * @param code stable code
   * @param detail what is wrong, for people
   */
  public record Fault(String pointer, String code, String detail) {

    static List<Fault> in(JsonText document) {
      return document.at("errors").elements().stream()
          .map(
              fault ->
                  new Fault(
                      fault.at("pointer").text().orElse(""),
                      fault.at("code").text().orElse(""),
                      fault.at("detail").text().orElse("")))
          .toList();
    }
  }

  public Problem {
    faults = List.copyOf(faults);
  }

  static Problem of(int status, JsonText document) {
    return new Problem(
        status,
        document.at("code").text().orElse(""),
        document.at("title").text().orElse(""),
        document.at("detail").text().orElse(""),
        Fault.in(document),
        document);
  }

  /** The problem in one sentence, without its code. */
  public String sentence() {
    if (!detail.isEmpty()) {
      return detail;
    }
    return title.isEmpty() ? "HTTP " + status : title;
  }

  /** The problem in one line: its sentence and its code. */
  @Override
  public String toString() {
    return sentence() + (code.isEmpty() ? "" : " (" + code + ")");
  }
}
