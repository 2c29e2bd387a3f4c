package dev.indelible.server.index;

import dev.indelible.server.query.EntryTerms;
import dev.indelible.server.query.IpNetwork;
import dev.indelible.server.query.TermKind;
import java.util.Arrays;
import org.apache.lucene.util.BytesRef;

/** The terms of one entry, laid end to end in one buffer. Not thread-safe. */
final class TermList implements EntryTerms.Sink {

  /** The room for more terms than this of one entry is not kept for the next. */
  static final int MAX_KEPT_TERMS = 16 * 1024;

  private static final int INITIAL_TERMS = 256;

  private final TermBytes bytes = new TermBytes();
  private int[] ends = new int[INITIAL_TERMS];
  private int count;

  /** Begins with another entry's terms, the first of which is its tenant. */
  void begin(String tenant) {
    bytes.clear();
    count = 0;
    if (ends.length > MAX_KEPT_TERMS) {
      ends = new int[INITIAL_TERMS];
    }
    bytes.tenant(tenant);
    end();
  }

  int size() {
    return count;
  }

  /** Bytes that hold the terms; another array once they have grown. */
  byte[] array() {
    return bytes.array();
  }

  /** Place in {@link #array} where a term begins. */
  int startOf(int term) {
    return term == 0 ? 0 : ends[term - 1];
  }

  /** Place in {@link #array} where a term ends. */
  int endOf(int term) {
    return ends[term];
  }

  /** Sets {@code ref} to a term. */
  void get(int term, BytesRef ref) {
    ref.bytes = bytes.array();
    ref.offset = startOf(term);
    ref.length = ends[term] - ref.offset;
  }

  /** The bytes that the terms may take before their buffers grow. */
  int roomBytes() {
    return bytes.array().length + Integer.BYTES * ends.length;
  }

  /** The buffer, for a term that is ended by {@link #end}. */
  TermBytes bytes() {
    return bytes;
  }

  /** Ends a term. */
  void end() {
    if (count == ends.length) {
      ends = Arrays.copyOf(ends, count * 2);
    }
    ends[count++] = bytes.length();
  }

  @Override
  public void word(TermKind kind, String text) {
    bytes.word(kind, text);
    end();
  }

  @Override
  public void target(String type, String id) {
    bytes.target(type, id);
    end();
  }

  @Override
  public void address(IpNetwork address) {
    bytes.address(address.high(), address.low());
    end();
  }

  @Override
  public void token(char[] buffer, int offset, int length) {
    bytes.token(buffer, offset, length);
    end();
  }
}
