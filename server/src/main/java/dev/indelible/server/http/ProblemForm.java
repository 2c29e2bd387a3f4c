package dev.indelible.server.http;

/**
 * Form of problems on routes of a protocol that has errors of its own; others answer problem
 * documents (RFC 9457).
 */
@FunctionalInterface
public interface ProblemForm {

  /**
   * Writes a problem in this form. The headers of the problem are in the answer anyway.
   *
   * @param mediaType the media type of the request's body, in lower case and without parameters;
   *     empty when it says none
   */
  Document write(ProblemException problem, String mediaType);

  /**
   * A problem, written.
   *
   * @param status HTTP status, 400 to 599
   * @param mediaType media type of the answer
   * @param bytes its body
   */
  @SuppressWarnings("ArrayRecordComponent") // written once, compared by nobody
  record Document(int status, String mediaType, byte[] bytes) {}
}
