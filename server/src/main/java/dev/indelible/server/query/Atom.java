package dev.indelible.server.query;

import org.jspecify.annotations.Nullable;

/** The smallest question about an entry's terms: what leaves of a {@link Filter} come down to. */
public sealed interface Atom {

  /**
   * Whether the entry has a term of a kind.
   *
   * @param kind any but {@link TermKind#TARGET} and {@link TermKind#IP}
   * @param text as {@link TermKind#spell spelled}
   * @param prefix whether the term need only begin with {@code text}
   */
  record Word(TermKind kind, String text, boolean prefix) implements Atom {}

  /**
   * Whether the entry has a term of a kind with a word, or several that follow each other, in it.
   *
   * @param kind a kind whose terms are names
   * @param text as {@link TermKind#spell spelled}
   * @param prefix whether the last word need only begin so
   */
  record Name(TermKind kind, String text, boolean prefix) implements Atom {}

  /**
   * Whether the entry has a target.
   *
   * @param type its whole type, or null for any
   * @param id its id
   * @param prefix whether the id need only begin with {@code id}
   */
  record Target(@Nullable String type, String id, boolean prefix) implements Atom {}

  /**
   * Whether the entry came from an address.
   *
   * @param network the network that the address is in
   */
  record Address(IpNetwork network) implements Atom {}
}
