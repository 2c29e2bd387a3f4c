package dev.indelible.verify.audit;

import dev.indelible.verify.Hash;
import dev.indelible.verify.Parsed;
import dev.indelible.verify.VerifierKey;
import dev.indelible.verify.audit.Json.MalformedJsonException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The members of a certificate's JSON that a check needs; see {@code docs/formats/certificate.md}.
 */
final class CertificateText {

  private static final int VERSION = 1;
  private static final int MAX_KEYS = 64;

  String origin = "";
  String kind = "";
  String seal = "";
  String leaf = "";
  String salt = "";
  String checkpoint = "";
  byte[] facts = {};
  byte[] deleted = {'{', '}'};
  long recordSeq = -1;
  long proofSeq = -1;

  private final byte[] source;
  private final Json in = new Json();
  private final Json.Bytes text = new Json.Bytes();
  private final List<VerifierKey> keys = new ArrayList<>();
  private final List<Hash> inclusion = new ArrayList<>();

  private CertificateText(byte[] source) {
    this.source = source;
  }

  /** Reads it; whether to believe it is for the caller to see. */
  static CertificateText read(byte[] json) throws MalformedJsonException {
    CertificateText certificate = new CertificateText(json);
    certificate.in.over(json, 0, json.length);
    certificate.object(certificate::member);
    certificate.in.expectEnd();
    return certificate;
  }

  /** Keys of the log as the certificate itself names them. */
  List<VerifierKey> ownKeys() {
    return keys;
  }

  /** The inclusion proof's hashes. */
  List<Hash> hashes() {
    return inclusion;
  }

  /** Returns the deletion that the certificate states, in the form of the facts that record it. */
  byte[] deletedAsRecord(boolean purge) {
    String head =
        "{\"action\":\"%s\",\"details\":"
            .formatted(purge ? DeletionEntry.PURGE : DeletionEntry.ERASE);
    byte[] record =
        Arrays.copyOf(head.getBytes(StandardCharsets.US_ASCII), head.length() + deleted.length + 1);
    System.arraycopy(deleted, 0, record, head.length(), deleted.length);
    record[record.length - 1] = '}';
    return record;
  }

  @FunctionalInterface
  private interface Member {
    void read(String name) throws MalformedJsonException;
  }

  private void object(Member member) throws MalformedJsonException {
    in.expect('{');
    if (in.take('}')) {
      return;
    }
    do {
      String name = string();
      in.expect(':');
      member.read(name);
    } while (in.take(','));
    in.expect('}');
  }

  private String string() throws MalformedJsonException {
    in.string(text);
    return text.toString();
  }

  private void member(String name) throws MalformedJsonException {
    if (!seal.isEmpty()) {
      throw in.malformed("nothing follows the seal");
    }
    switch (name) {
      case "version" -> {
        if (in.integer() != VERSION) {
          throw in.malformed("this program reads version " + VERSION);
        }
      }
      case "origin" -> origin = string();
      case "kind" -> kind = string();
      case "record_seq" -> recordSeq = in.integer();
      case "deleted" -> {
        in.peek();
        int from = in.offset();
        in.skip();
        deleted = Arrays.copyOfRange(source, from, in.offset());
      }
      case "proof" -> object(this::proofMember);
      case "seal" -> seal = string();
      default -> in.skip();
    }
  }

  private void proofMember(String name) throws MalformedJsonException {
    switch (name) {
      case "seq" -> proofSeq = in.integer();
      case "leaf" -> leaf = string();
      case "facts" -> object(this::factsMember);
      case "checkpoint" -> checkpoint = string();
      case "inclusion" ->
          list(
              hash -> {
                if (!(Hash.fromBase64(hash) instanceof Parsed.Ok<Hash> ok)) {
                  throw in.malformed("a hash expected");
                }
                inclusion.add(ok.value());
              });
      case "verifier_keys" ->
          list(
              key -> {
                if (!(VerifierKey.parse(key) instanceof Parsed.Ok<VerifierKey> ok)
                    || ok.value().type() != VerifierKey.Type.ED25519
                    || keys.size() == MAX_KEYS) {
                  throw in.malformed("at most " + MAX_KEYS + " keys of a log expected");
                }
                keys.add(ok.value());
              });
      default -> in.skip();
    }
  }

  private void factsMember(String name) throws MalformedJsonException {
    switch (name) {
      case "text" -> {
        in.string(text);
        facts = text.copy();
      }
      case "salt" -> salt = string();
      default -> in.skip();
    }
  }

  private void list(Member item) throws MalformedJsonException {
    in.expect('[');
    if (in.take(']')) {
      return;
    }
    do {
      item.read(string());
    } while (in.take(','));
    in.expect(']');
  }
}
