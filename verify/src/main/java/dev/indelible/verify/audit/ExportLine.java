package dev.indelible.verify.audit;

import dev.indelible.verify.Hash;
import dev.indelible.verify.InclusionProof;
import dev.indelible.verify.Leaf;
import dev.indelible.verify.audit.EntryAudit.Content;
import dev.indelible.verify.audit.Json.MalformedJsonException;
import java.util.ArrayList;
import java.util.List;

/**
 * One entry of an export, read into arrays that are used again for the next one. Not thread-safe.
 */
final class ExportLine {

  private static final String STATE_NAMES = "whole, personal_withheld, personal_erased or purged";

  private final Json json = new Json();
  private final Json.Bytes name = new Json.Bytes();
  private final Json.Bytes text = new Json.Bytes();
  final Json.Bytes facts = new Json.Bytes();
  final Json.Bytes personal = new Json.Bytes();
  final byte[] factsSalt = new byte[Leaf.SALT_BYTES];
  final byte[] personalSalt = new byte[Leaf.SALT_BYTES];
  final byte[] leaf = new byte[Leaf.BYTES];
  final List<Hash> proof = new ArrayList<>();
  Content content = Content.WHOLE;
  long seq;
  long recordedAtMillis;
  private int seen;

  // Members, as bits of what was seen.
  static final int SEQ = 1;
  static final int RECORDED_AT = 2;
  static final int STATE = 4;
  static final int LEAF = 8;
  static final int FACTS = 16;
  static final int FACTS_SALT = 32;
  static final int PERSONAL = 64;
  static final int PERSONAL_SALT = 128;
  static final int PROOF = 256;
  static final int ENTRIES = 512;
  private static final int ALWAYS = SEQ | RECORDED_AT | STATE | LEAF;

  /** The count of the last line, when this is it. */
  long trailerEntries;

  /** Reads a line; true when it is an entry, false when it is the last line of an export. */
  boolean read(byte[] source, int from, int end) throws MalformedJsonException {
    json.over(source, from, end);
    seen = 0;
    proof.clear();
    json.expect('{');
    do {
      json.string(name);
      json.expect(':');
      member();
    } while (json.take(','));
    json.expect('}');
    json.expectEnd();
    if (seen == ENTRIES) {
      return false;
    }
    if ((seen & ALWAYS) != ALWAYS || has(ENTRIES)) {
      throw json.malformed("an entry has seq, recorded_at, state and leaf");
    }
    checkMembers();
    return true;
  }

  boolean has(int member) {
    return (seen & member) != 0;
  }

  private void member() throws MalformedJsonException {
    // Told apart by length and a letter; is() settles it.
    if (name.is("seq")) {
      see(SEQ);
      seq = json.integer();
    } else if (name.is("recorded_at")) {
      see(RECORDED_AT);
      recordedAtMillis = json.integer();
    } else if (name.is("state")) {
      see(STATE);
      json.string(text);
      content = content();
    } else if (name.is("leaf")) {
      see(LEAF);
      base64(leaf);
    } else if (name.is("facts")) {
      see(FACTS);
      json.string(facts);
    } else if (name.is("facts_salt")) {
      see(FACTS_SALT);
      base64(factsSalt);
    } else if (name.is("personal")) {
      see(PERSONAL);
      json.string(personal);
    } else if (name.is("personal_salt")) {
      see(PERSONAL_SALT);
      base64(personalSalt);
    } else if (name.is("proof")) {
      see(PROOF);
      readProof();
    } else if (name.is("entries")) {
      see(ENTRIES);
      trailerEntries = json.integer();
    } else {
      throw json.malformed("an unknown member " + name);
    }
  }

  private void see(int member) throws MalformedJsonException {
    if (has(member)) {
      throw json.malformed("the member " + name + " twice");
    }
    seen |= member;
  }

  private Content content() throws MalformedJsonException {
    if (text.is("whole")) {
      return Content.WHOLE;
    }
    if (text.is("purged")) {
      return Content.PURGED;
    }
    if (text.is("personal_withheld")) {
      return Content.PERSONAL_WITHHELD;
    }
    if (text.is("personal_erased")) {
      return Content.PERSONAL_ERASED;
    }
    throw json.malformed("a state is " + STATE_NAMES);
  }

  private void base64(byte[] target) throws MalformedJsonException {
    json.string(text);
    int length = Base64Bytes.decode(text.bytes, text.length, target);
    if (length != target.length) {
      throw json.malformed(name + " is not canonical base64 of " + target.length + " bytes");
    }
  }

  private void readProof() throws MalformedJsonException {
    json.expect('[');
    if (json.take(']')) {
      return;
    }
    do {
      json.string(text);
      byte[] hash = new byte[Hash.BYTES];
      if (Base64Bytes.decode(text.bytes, text.length, hash) != Hash.BYTES
          || proof.size() == InclusionProof.MAX_HASHES) {
        throw json.malformed("a proof is of at most 63 hashes of 32 bytes");
      }
      proof.add(Hash.of(hash));
    } while (json.take(','));
    json.expect(']');
  }

  private void checkMembers() throws MalformedJsonException {
    int parts = seen & (FACTS | FACTS_SALT | PERSONAL | PERSONAL_SALT);
    boolean fits =
        switch (content) {
          case PURGED -> parts == 0;
          case PERSONAL_WITHHELD, PERSONAL_ERASED -> parts == (FACTS | FACTS_SALT);
          case WHOLE ->
              parts == (FACTS | FACTS_SALT)
                  || parts == (FACTS | FACTS_SALT | PERSONAL | PERSONAL_SALT);
        };
    if (!fits) {
      throw json.malformed("an entry that is " + text + " does not have these parts");
    }
  }
}
