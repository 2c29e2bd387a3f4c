package dev.indelible.server.http;

import java.util.List;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.server.Request;

/**
 * Check of what the library lets pass of HTTP/2 heads (RFC 9113, sections 8.1.1 and 8.2.2) and
 * refuses of HTTP/1.1: whoever stands between may have understood them otherwise.
 */
final class Http2Heads {

  /** The most digits of a length: more than any body has. */
  static final int MAX_LENGTH_DIGITS = 18;

  private Http2Heads() {}

  /**
   * Refuses a head over HTTP/2 that is malformed.
   *
   * @throws ProblemException 400
   */
  static void requireSound(Request request) {
    if (request.getConnectionMetaData().getHttpVersion() == HttpVersion.HTTP_2
        && !isSound(request.getHeaders())) {
      throw Problems.ofStatus(400);
    }
  }

  private static boolean isSound(HttpFields headers) {
    if (headers.contains(HttpHeader.TRANSFER_ENCODING)) {
      return false;
    }
    List<String> lengths = headers.getValuesList(HttpHeader.CONTENT_LENGTH);
    return lengths.isEmpty() || (lengths.size() == 1 && isNumber(lengths.getFirst()));
  }

  private static boolean isNumber(String text) {
    return !text.isEmpty()
        && text.length() <= MAX_LENGTH_DIGITS
        && text.chars().allMatch(c -> c >= '0' && c <= '9');
  }
}
