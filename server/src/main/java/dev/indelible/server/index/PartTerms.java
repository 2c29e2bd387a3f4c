package dev.indelible.server.index;

import dev.indelible.server.event.Entry;
import dev.indelible.server.event.EventLimits;
import dev.indelible.server.json.Rfc3339;
import dev.indelible.server.query.EntryTerms;
import dev.indelible.server.query.IpNetwork;
import dev.indelible.server.query.TermKind;
import java.nio.charset.StandardCharsets;

/**
 * Finds an entry's terms, facet values and times in its stored bytes, without making an {@link
 * Entry} of them: less than half the work, and no garbage. It knows the usual; entries with
 * anything else (somebody on whose behalf another acted, a target whose id is personal, broken
 * numbers, control characters) are left to {@link EntryTerms}, which defines the terms and which a
 * property test holds this to. Not thread-safe.
 */
final class PartTerms {

  private static final byte[] SUCCESS = ascii("success");
  private static final byte[] FAILURE = ascii("failure");
  private static final byte[] UNKNOWN = ascii("unknown");
  private static final byte[][] ACTOR_TYPES = {
    ascii("user"), ascii("system"), ascii("api_client"), ascii("support"), ascii("ai_agent")
  };
  private static final byte[] TRUE = ascii("true");
  private static final byte[] FALSE = ascii("false");
  private static final byte[] SERVER = ascii("server");
  private static final byte[] EARLY = ascii(Entry.EARLY);

  /** Bits of what an entry has. */
  private static final int HAS_REASON = 1;

  private static final int HAS_CHANGES = 1 << 1;
  private static final int HAS_DETAILS = 1 << 2;
  private static final int HAS_IP = 1 << 3;
  private static final int HAS_TARGETS = 1 << 4;
  private static final int HAS_HASHED_ACTOR = 1 << 5;
  private static final String[] HAS = {
    "reason", "changes", "details", "ip", "targets", EntryTerms.HASHED_ACTOR
  };

  /** Bits of what an entry must have. */
  private static final int ID = 1;

  private static final int TENANT = 1 << 1;
  private static final int ACTION = 1 << 2;
  private static final int CATEGORY = 1 << 3;
  private static final int VERB = 1 << 4;
  private static final int ACTOR = 1 << 5;
  private static final int OUTCOME = 1 << 6;
  private static final int EVERYTHING = (1 << 7) - 1;

  private final TermList terms;
  private final FacetValues facets;
  private final PartScanner in = new PartScanner();
  private final StringTerms strings;
  private boolean inPersonal;
  private int has;
  private int seen;
  private boolean securityRelevant;
  private boolean early;
  private long occurredAtMillis;

  /** Puts what it finds into {@code terms} and {@code facets}. */
  PartTerms(TermList terms, FacetValues facets, EntryTerms entryTerms) {
    this.terms = terms;
    this.facets = facets;
    this.strings = new StringTerms(in, terms, facets, entryTerms);
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  /**
   * Reads an entry, and adds its terms to those that are there.
   *
   * @return false when it has something unusual: some of its terms may have been added
   */
  boolean read(Indexable entry) {
    has = 0;
    seen = 0;
    securityRelevant = false;
    early = false;
    occurredAtMillis = entry.recordedAtMillis();
    facets.clear();
    try {
      inPersonal = false;
      part(entry.parts().facts());
      byte[] personal = entry.parts().personal();
      if (personal != null) {
        inPersonal = true;
        part(personal);
      }
    } catch (PartScanner.UnusualException | ArrayIndexOutOfBoundsException unusual) {
      return false;
    }
    if (seen != EVERYTHING) {
      return false;
    }
    byte[] relevant = securityRelevant ? TRUE : FALSE;
    terms.bytes().ascii(TermBytes.tag(TermKind.SECURITY), relevant, 0, relevant.length);
    terms.end();
    facets.add(FacetField.SECURITY, relevant, 0, relevant.length);
    for (int i = 0; i < HAS.length; i++) {
      if (((has >> i) & 1) != 0) {
        terms.word(TermKind.HAS, HAS[i]);
      }
    }
    early |= occurredAtMillis > entry.recordedAtMillis() + Entry.EARLY_AFTER.toMillis();
    return true;
  }

  /** Time of occurrence of the last entry, in milliseconds. */
  long occurredAtMillis() {
    return occurredAtMillis;
  }

  /** Whether the last entry says of itself that it had not happened yet; see {@link Entry}. */
  boolean isEarly() {
    return early;
  }

  private void part(byte[] bytes) {
    in.open(bytes);
    if (in.begin('{')) {
      do {
        Member member = in.member();
        if (inPersonal) {
          personal(member);
        } else {
          fact(member);
        }
      } while (in.more('{'));
    }
    if (!in.isAtEnd()) {
      throw PartScanner.unusual();
    }
  }

  private void personal(Member member) {
    switch (member) {
      case ACTOR -> actor();
      case TARGETS -> targets();
      case CHANGES -> changes();
      case REASON -> reason();
      case CONTEXT -> context();
      case DETAILS -> details();
      default -> throw PartScanner.unusual();
    }
  }

  private void fact(Member member) {
    switch (member) {
      case ID -> {
        in.string();
        strings.exact(TermKind.ID);
        seen |= ID;
      }
      case TENANT -> {
        in.string();
        seen |= TENANT;
      }
      case ACCOUNT -> strings.value(TermKind.ACCOUNT, FacetField.ACCOUNT);
      case OCCURRED_AT -> {
        in.string();
        occurredAtMillis = Rfc3339.parse(in.text());
        if (occurredAtMillis == Rfc3339.NOT_A_TIME) {
          throw PartScanner.unusual();
        }
      }
      case ACTION -> {
        in.string();
        strings.spelled(TermKind.ACTION);
        strings.facetOfLast(FacetField.ACTION);
        strings.tokens();
        seen |= ACTION;
      }
      case CATEGORY -> {
        strings.value(TermKind.CATEGORY, FacetField.CATEGORY);
        seen |= CATEGORY;
      }
      case VERB -> {
        strings.value(TermKind.VERB, FacetField.VERB);
        seen |= VERB;
      }
      case SECURITY_RELEVANT -> securityRelevant = in.bool();
      case FLAGS -> flags();
      case RECORDED_BY -> recordedBy();
      case OUTCOME -> {
        in.string();
        requireOneOf(SUCCESS, FAILURE, UNKNOWN);
        strings.exact(TermKind.OUTCOME);
        strings.facet(FacetField.OUTCOME);
        seen |= OUTCOME;
      }
      case OUTCOME_REASON -> {
        in.string();
        strings.tokens();
      }
      default -> personal(member); // which are in both parts
    }
  }

  private void requireOneOf(byte[]... known) {
    for (byte[] each : known) {
      if (in.is(each)) {
        return;
      }
    }
    throw PartScanner.unusual();
  }

  private void flags() {
    if (in.begin('[')) {
      do {
        strings.value(TermKind.FLAG, FacetField.FLAG);
        early |= in.is(EARLY);
      } while (in.more('['));
    }
  }

  private void recordedBy() {
    boolean server = false;
    boolean id = false;
    if (in.begin('{')) {
      do {
        switch (in.member()) {
          case TYPE -> {
            in.string();
            server = in.is(SERVER);
          }
          case ID -> {
            strings.value(TermKind.RECORDED_BY, FacetField.RECORDED_BY);
            id = true;
          }
          default -> throw PartScanner.unusual();
        }
      } while (in.more('{'));
    }
    if (server == id) {
      throw PartScanner.unusual();
    }
    if (server) {
      terms.word(TermKind.RECORDED_BY, "server");
      facets.add(FacetField.RECORDED_BY, SERVER, 0, SERVER.length);
    }
  }

  private void actor() {
    if (!in.begin('{')) {
      return;
    }
    do {
      switch (in.member()) {
        case TYPE -> {
          in.string();
          requireOneOf(ACTOR_TYPES);
          strings.exact(TermKind.ACTOR_TYPE);
          strings.facet(FacetField.ACTOR_TYPE);
          seen |= ACTOR;
        }
        case ID -> {
          if (facets.count(FacetField.ACTOR_ID) > 0) {
            throw PartScanner.unusual();
          }
          strings.value(TermKind.ACTOR_ID, FacetField.ACTOR_ID);
          strings.tokensOfId();
        }
        case ID_HASH -> {
          in.string();
          strings.exact(TermKind.ACTOR_ID);
          has |= HAS_HASHED_ACTOR;
        }
        case NAME, EMAIL -> strings.name(TermKind.ACTOR_NAME);
        case MODEL -> {
          strings.value(TermKind.MODEL, FacetField.MODEL);
          strings.tokens();
        }
        case VERSION -> {
          in.string();
          strings.exact(TermKind.VERSION);
        }
        case ROLES -> {
          if (in.begin('[')) {
            do {
              strings.value(TermKind.ROLE, FacetField.ROLE);
            } while (in.more('['));
          }
        }
        case PERMISSIONS -> {
          if (in.begin('[')) {
            do {
              in.string();
              strings.exact(TermKind.PERMISSION);
            } while (in.more('['));
          }
        }
        default -> throw PartScanner.unusual();
      }
    } while (in.more('{'));
  }

  private void targets() {
    if (!in.begin('[')) {
      return;
    }
    has |= HAS_TARGETS;
    do {
      if (in.begin('{')) {
        target();
      } else if (!inPersonal) {
        throw PartScanner.unusual();
      }
    } while (in.more('['));
  }

  private void target() {
    int typeFrom = -1;
    int typeTo = -1;
    boolean plain = true;
    boolean id = false;
    do {
      switch (in.member()) {
        case TYPE -> {
          strings.value(TermKind.TARGET_TYPE, FacetField.TARGET_TYPE);
          strings.tokens();
          typeFrom = in.from();
          typeTo = in.to();
          plain = in.isPlain();
        }
        case ID -> {
          in.string();
          // One in the personal part makes that of the facts a hash.
          if (inPersonal || id || typeFrom < 0 || !plain || !in.isPlain()) {
            throw PartScanner.unusual();
          }
          terms.bytes().target(in.array(), typeFrom, typeTo, in.from(), in.to());
          terms.end();
          strings.tokensOfId();
          id = true;
        }
        case NAME -> strings.name(TermKind.TARGET_NAME);
        case HREF -> in.string();
        default -> throw PartScanner.unusual();
      }
    } while (in.more('{'));
    if (!inPersonal && !id) {
      throw PartScanner.unusual();
    }
  }

  private void changes() {
    if (!in.begin('[')) {
      return;
    }
    has |= HAS_CHANGES;
    do {
      if (in.begin('{')) {
        do {
          switch (in.member()) {
            case FIELD -> {
              in.string();
              strings.exact(TermKind.CHANGED);
              strings.tokens();
            }
            case BEFORE, AFTER -> json(0);
            default -> throw PartScanner.unusual();
          }
        } while (in.more('{'));
      }
    } while (in.more('['));
  }

  private void reason() {
    in.string();
    strings.tokens();
    has |= HAS_REASON;
  }

  private void context() {
    if (!in.begin('{')) {
      return;
    }
    do {
      Member member = in.member();
      switch (member) {
        case LOCATION -> location();
        case PRODUCER_SEQ -> {
          in.whole();
          strings.exact(TermKind.PRODUCER_SEQ);
        }
        default -> {
          in.string();
          contextText(member);
        }
      }
    } while (in.more('{'));
  }

  private void contextText(Member member) {
    switch (member) {
      case SESSION_ID -> strings.exact(TermKind.SESSION);
      case REQUEST_ID -> strings.exact(TermKind.REQUEST);
      case TRACE_ID -> strings.exact(TermKind.TRACE);
      case PRODUCER -> {
        strings.exact(TermKind.PRODUCER);
        strings.facet(FacetField.PRODUCER);
        strings.tokens();
      }
      case IP -> {
        has |= HAS_IP;
        IpNetwork.parse(in.text()).ifPresent(terms::address);
      }
      case USER_AGENT -> strings.userAgent();
      default -> throw PartScanner.unusual();
    }
  }

  private void location() {
    if (!in.begin('{')) {
      return;
    }
    do {
      switch (in.member()) {
        case COUNTRY -> {
          in.string();
          terms.word(TermKind.COUNTRY, TermKind.COUNTRY.spell(in.text()));
          strings.facetOfLast(FacetField.COUNTRY);
        }
        case REGION, CITY -> {
          in.string();
          strings.tokens();
        }
        case LATITUDE, LONGITUDE -> in.literal();
        default -> throw PartScanner.unusual();
      }
    } while (in.more('{'));
  }

  private void details() {
    if (in.begin('{')) {
      has |= HAS_DETAILS;
      members(1);
    }
  }

  /** Adds the tokens of the names and values of an object that has been begun. */
  private void members(int depth) {
    do {
      in.name();
      strings.tokens();
      json(depth);
    } while (in.more('{'));
  }

  /** Adds the tokens of all names and values. */
  private void json(int depth) {
    if (depth > EventLimits.MAX_JSON_DEPTH) {
      throw PartScanner.unusual();
    }
    switch (in.peek()) {
      case '{' -> {
        if (in.begin('{')) {
          members(depth + 1);
        }
      }
      case '[' -> {
        if (in.begin('[')) {
          do {
            json(depth + 1);
          } while (in.more('['));
        }
      }
      case '"' -> {
        in.string();
        strings.tokens();
      }
      case 't', 'f' -> {
        in.bool();
        strings.tokens();
      }
      case 'n' -> in.literal();
      default -> {
        in.number();
        strings.tokens();
      }
    }
  }
}
