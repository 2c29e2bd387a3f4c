package dev.indelible.verify.audit;

import dev.indelible.verify.audit.Json.MalformedJsonException;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;

/**
 * Finds the entry of the request for erasure that a receipt is of: an entry that says that the
 * request was received, or that it was carried out, with the receipt's commitment.
 *
 * <pre>
 * {…,"action":"audit.erasure.received",…,"targets":[{"type":"erasure","id":ID}],…,
 *   "changes":[…,{"field":"commitment","after":HASH},…],…}
 * {…,"action":"audit.personal.erase",…,"details":{…,"erasure":ID,"commitment":HASH},…}
 * </pre>
 *
 * <p>Format: {@code docs/formats/erasure-receipt.md}. Not thread-safe.
 */
final class RequestCheck {

  private static final String RECEIVED = "audit.erasure.received";

  private final ErasureReceipt receipt;
  private final byte[] wanted;
  private final Json json = new Json();
  private final Json.Bytes name = new Json.Bytes();
  private final Json.Bytes value = new Json.Bytes();
  private String action = "";
  private String tenant = "";
  private String target = "";
  private String erasure = "";
  private String commitment = "";
  private long found = -1;

  RequestCheck(ErasureReceipt receipt) {
    this.receipt = receipt;
    this.wanted = receipt.commitment().getBytes(StandardCharsets.US_ASCII);
  }

  /** Checks an entry's facts, of which the first {@code length} bytes count. */
  void entry(long seq, byte[] facts, int length) {
    if (found >= 0 || !mentions(facts, length)) {
      return;
    }
    try {
      readFacts(json.over(facts, 0, length));
    } catch (MalformedJsonException e) {
      return;
    }
    String id = action.equals(RECEIVED) ? target : erasure;
    if ((action.equals(RECEIVED) || action.equals(DeletionEntry.ERASE))
        && tenant.equals(receipt.tenant())
        && id.equals(receipt.erasureId())
        && commitment.equals(receipt.commitment())) {
      found = seq;
    }
  }

  /** Says what was found, when all entries were looked at. */
  void finish(Consumer<Finding> findings) {
    if (!receipt.agrees()) {
      findings.accept(new Finding.ReceiptBad(receipt.erasureId()));
    } else if (found < 0) {
      findings.accept(new Finding.RequestNotFound(receipt.erasureId()));
    } else {
      findings.accept(new Finding.Concerned(found, receipt.erasureId(), receipt.identifiers()));
    }
  }

  /** Whether the commitment occurs at all, so that other entries are not read. */
  private boolean mentions(byte[] facts, int length) {
    if (wanted.length == 0) {
      return false;
    }
    for (int i = 0; i <= length - wanted.length; i++) {
      int n = 0;
      while (n < wanted.length && facts[i + n] == wanted[n]) {
        n++;
      }
      if (n == wanted.length) {
        return true;
      }
    }
    return false;
  }

  private void readFacts(Json in) throws MalformedJsonException {
    action = "";
    tenant = "";
    target = "";
    erasure = "";
    commitment = "";
    object(
        in,
        member -> {
          switch (member) {
            case "tenant" -> tenant = string(in);
            case "action" -> action = string(in);
            case "targets" -> list(in, () -> object(in, part -> target(in, part)));
            case "changes" -> list(in, () -> change(in));
            case "details" -> object(in, part -> detail(in, part));
            default -> in.skip();
          }
        });
    in.expectEnd();
  }

  private void target(Json in, String member) throws MalformedJsonException {
    if (member.equals("id")) {
      target = string(in);
    } else {
      in.skip();
    }
  }

  private void change(Json in) throws MalformedJsonException {
    String[] field = {""};
    object(
        in,
        member -> {
          if (member.equals("field")) {
            field[0] = string(in);
          } else if (member.equals("after") && field[0].equals("commitment")) {
            commitment = string(in);
          } else {
            in.skip();
          }
        });
  }

  private void detail(Json in, String member) throws MalformedJsonException {
    switch (member) {
      case "erasure" -> erasure = string(in);
      case "commitment" -> commitment = string(in);
      default -> in.skip();
    }
  }

  @FunctionalInterface
  private interface Member {
    void read(String name) throws MalformedJsonException;
  }

  @FunctionalInterface
  private interface Element {
    void read() throws MalformedJsonException;
  }

  private void object(Json in, Member member) throws MalformedJsonException {
    in.expect('{');
    if (in.take('}')) {
      return;
    }
    do {
      in.string(name);
      String key = name.toString();
      in.expect(':');
      member.read(key);
    } while (in.take(','));
    in.expect('}');
  }

  private static void list(Json in, Element element) throws MalformedJsonException {
    in.expect('[');
    if (in.take(']')) {
      return;
    }
    do {
      element.read();
    } while (in.take(','));
    in.expect(']');
  }

  private String string(Json in) throws MalformedJsonException {
    in.string(value);
    return value.toString();
  }
}
