package dev.indelible.server.index;

import dev.indelible.server.query.Atom;
import dev.indelible.server.query.IpNetwork;
import dev.indelible.server.query.NameWords;
import dev.indelible.server.query.TermKind;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.apache.lucene.util.BytesRef;
import org.jspecify.annotations.Nullable;

/**
 * Neighbouring terms: those from {@code lower} on whose first bytes are at most {@code upper}.
 *
 * @param lower the first term
 * @param upper the bound for the beginning of the last term, as long as that
 * @param targetType the end of a target's term, or null
 * @param name a word that a name's term must have, or null
 */
record TermRange(
    BytesRef lower, BytesRef upper, @Nullable BytesRef targetType, Atom.@Nullable Name name) {

  private static final int HEX_DIGITS = 32;

  TermRange(BytesRef lower, BytesRef upper, @Nullable BytesRef targetType) {
    this(lower, upper, targetType, null);
  }

  /** The term that answers {@code atom}, when a single one does. */
  static Optional<BytesRef> exact(Atom atom) {
    return switch (atom) {
      case Atom.Word(TermKind kind, String text, boolean prefix) ->
          prefix ? Optional.empty() : Optional.of(new TermBytes().word(kind, text).toBytesRef());
      case Atom.Name _ -> Optional.empty();
      case Atom.Target(String type, String id, boolean prefix) ->
          prefix || type == null
              ? Optional.empty()
              : Optional.of(new TermBytes().target(type, id).toBytesRef());
      case Atom.Address(IpNetwork network) ->
          network.prefixLength() < IpNetwork.ADDRESS_BITS
              ? Optional.empty()
              : Optional.of(new TermBytes().address(network.high(), network.low()).toBytesRef());
    };
  }

  /** The ranges that together answer {@code atom}. */
  static List<TermRange> of(Atom atom) {
    return switch (atom) {
      case Atom.Word(TermKind kind, String text, boolean prefix) ->
          TermBytes.isPacked(kind)
              ? ids(kind, text, null)
              : List.of(beginning(new TermBytes().word(kind, text), null));
      case Atom.Name name -> List.of(names(name));
      case Atom.Target(String type, String id, boolean prefix) ->
          prefix
              ? ids(TermKind.TARGET, id, type)
              : List.of(beginning(new TermBytes().targetId(id), null));
      case Atom.Address(IpNetwork network) ->
          List.of(
              new TermRange(
                  new TermBytes().address(network.high(), network.low()).toBytesRef(),
                  new TermBytes().address(network.lastHigh(), network.lastLow()).toBytesRef(),
                  null));
    };
  }

  private static TermRange beginning(TermBytes bytes, @Nullable BytesRef targetType) {
    BytesRef term = bytes.toBytesRef();
    return new TermRange(term, term, targetType);
  }

  /** A beginning of an id may be that of one kept as text, and of one of each packed form. */
  private static List<TermRange> ids(TermKind kind, String beginning, @Nullable String type) {
    BytesRef targetType = type == null ? null : new BytesRef(type);
    byte tag = TermBytes.tag(kind);
    List<TermRange> ranges = new ArrayList<>();
    ranges.add(beginning(new TermBytes().plain(tag, beginning), targetType));
    if (TermBytes.isUuidBeginning(beginning)) {
      ranges.add(packed(tag, TermBytes.UUID, beginning.replace("-", ""), targetType));
    }
    if (TermBytes.isHexBeginning(beginning) && beginning.length() <= HEX_DIGITS) {
      ranges.add(packed(tag, TermBytes.HEX, beginning, targetType));
    }
    return ranges;
  }

  private static TermRange packed(
      byte tag, byte form, String digits, @Nullable BytesRef targetType) {
    return new TermRange(
        new TermBytes().packed(tag, form, digits, '0').toBytesRef(),
        new TermBytes().packed(tag, form, digits, 'f').toBytesRef(),
        targetType);
  }

  /** Whether {@code term}, not below {@link #lower}, is still in the range. */
  boolean reaches(BytesRef term) {
    int end = term.offset + Math.min(term.length, upper.length);
    return Arrays.compareUnsigned(
            term.bytes, term.offset, end, upper.bytes, upper.offset, upper.offset + upper.length)
        <= 0;
  }

  /** All names of a kind: their words stand anywhere in them. */
  private static TermRange names(Atom.Name name) {
    BytesRef tag = new TermBytes().word(name.kind(), "").toBytesRef();
    return new TermRange(tag, tag, null, name);
  }

  /** Whether a term in the range has the type, or the word, asked for. */
  boolean accepts(BytesRef term) {
    if (name != null) {
      BytesRef text = new BytesRef(term.bytes, term.offset + 1, term.length - 1);
      return NameWords.has(text.utf8ToString(), name.text(), name.prefix());
    }
    if (targetType == null) {
      return true;
    }
    int start = term.offset + 1 + TermBytes.PACKED_BYTES;
    if (term.bytes[term.offset + 1] == TermBytes.PLAIN) {
      start = term.offset + term.length;
      while (term.bytes[start - 1] != TermBytes.TARGET_SEPARATOR) {
        start--;
      }
    }
    int end = term.offset + term.length;
    int typeEnd = targetType.offset + targetType.length;
    return Arrays.equals(term.bytes, start, end, targetType.bytes, targetType.offset, typeEnd);
  }
}
