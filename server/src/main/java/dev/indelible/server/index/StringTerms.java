package dev.indelible.server.index;

import dev.indelible.server.query.EntryTerms;
import dev.indelible.server.query.TermKind;

/**
 * Makes terms, tokens and facet values of the strings of stored parts: of plain ones from their
 * bytes, of others as {@link EntryTerms} does. Not thread-safe.
 */
final class StringTerms {

  /** The purpose of user agents in the cache; those of names are the tags of their terms. */
  private static final int USER_AGENT = -1;

  private final PartScanner in;
  private final TermList terms;
  private final FacetValues facets;
  private final EntryTerms entryTerms;
  private final TermCache cache = new TermCache();

  StringTerms(PartScanner in, TermList terms, FacetValues facets, EntryTerms entryTerms) {
    this.in = in;
    this.terms = terms;
    this.facets = facets;
    this.entryTerms = entryTerms;
  }

  /** Reads a string that is a term, exactly as it is, and a facet's value. */
  void value(TermKind kind, FacetField field) {
    in.string();
    exact(kind);
    facet(field);
  }

  /** Reads a name: a term in folded spelling, and tokens. */
  void name(TermKind kind) {
    in.string();
    if (in.isPlain()) {
      spelled(kind);
      tokens();
      return;
    }
    int tag = TermBytes.tag(kind);
    if (!cache.replay(tag, in.array(), in.from(), in.to(), terms)) {
      int first = terms.size();
      spelled(kind);
      tokens();
      cache.keep(tag, in.array(), in.from(), in.to(), terms, first);
    }
  }

  /** Adds the last string as a term whose spelling is exact. */
  void exact(TermKind kind) {
    if (!isShortPlain()) {
      terms.word(kind, kind.spell(in.text()));
      return;
    }
    byte tag = TermBytes.tag(kind);
    if (TermBytes.isPacked(kind)) {
      terms.bytes().asciiId(tag, in.array(), in.from(), in.to());
    } else {
      terms.bytes().ascii(tag, in.array(), in.from(), in.to());
    }
    terms.end();
  }

  /** Adds the last string as a term that is in lower case if it is ASCII. */
  void spelled(TermKind kind) {
    if (isShortPlain()) {
      terms.bytes().lower(TermBytes.tag(kind), in.array(), in.from(), in.to());
      terms.end();
    } else {
      terms.word(kind, kind.spell(in.text()));
    }
  }

  private boolean isShortPlain() {
    return in.isPlain() && in.length() <= TermKind.MAX_TERM_LENGTH;
  }

  /** Adds the tokens of the last string, a user agent. */
  void userAgent() {
    if (!cache.replay(USER_AGENT, in.array(), in.from(), in.to(), terms)) {
      int first = terms.size();
      entryTerms.ofUserAgent(in.text(), terms);
      cache.keep(USER_AGENT, in.array(), in.from(), in.to(), terms, first);
    }
  }

  /** Adds the tokens of the last string. */
  void tokens() {
    if (in.isPlain()) {
      AsciiTokens.of(in.array(), in.from(), in.to(), terms);
    } else {
      entryTerms.ofText(in.text(), terms);
    }
  }

  /** Adds the tokens of the last string, an id, unless the id itself is found as a token. */
  void tokensOfId() {
    if (!in.isPlain() || !AsciiTokens.isToken(in.array(), in.from(), in.to())) {
      tokens();
    }
  }

  /** The last string is a facet's value. */
  void facet(FacetField field) {
    if (in.isPlain()) {
      facets.add(field, in.array(), in.from(), in.to());
    } else {
      facets.add(field, in.text());
    }
  }

  /** The last term, which is not packed, is a facet's value as it is spelled. */
  void facetOfLast(FacetField field) {
    int last = terms.size() - 1;
    facets.add(field, terms.array(), terms.startOf(last) + 1, terms.endOf(last));
  }
}
