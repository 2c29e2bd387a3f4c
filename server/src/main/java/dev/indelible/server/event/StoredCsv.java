package dev.indelible.server.event;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.indelible.server.json.Rfc3339;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Lines of CSV made of stored parts, byte for byte those of {@link EntryCsv}, several times as
 * fast: no entry is built, each cell is copied from where it stands. Not thread-safe.
 */
public final class StoredCsv {

  private static final Map<String, Cell> CELLS = cells();
  private static final byte[] SEPARATOR = "; ".getBytes(US_ASCII);
  private static final byte[] LEFT = " (".getBytes(US_ASCII);
  private static final byte[] EMPTY_OBJECT = "{}".getBytes(US_ASCII);

  private static final int CAPACITY_BYTES = 4_096;
  private static final int TIME_BYTES = 32;
  private static final byte QUOTE = '"';
  private static final byte GUARD = '\'';

  private final StoredMembers members = new StoredMembers();
  private final Cell[] cells;
  private final Text line = new Text();
  private final Text composed = new Text();
  private long seq;
  private long recordedAtMillis;

  /** One column of a line. */
  @FunctionalInterface
  private interface Cell {
    void put(StoredCsv csv);
  }

  /**
   * Lines of some columns, in the order of {@link EntryCsv#COLUMNS}.
   *
   * @param columns their names; empty for all
   */
  public StoredCsv(List<String> columns) {
    cells =
        EntryCsv.COLUMNS.stream()
            .filter(column -> columns.isEmpty() || columns.contains(column))
            .map(CELLS::get)
            .toArray(Cell[]::new);
  }

  /**
   * Writes the line of an entry that nothing was erased of and that no legal hold keeps.
   *
   * @param facts the facts as they are stored
   * @param personal the personal part, or null where there is none or it is withheld
   * @return false, with nothing written, for an entry that has to be read
   */
  public boolean write(
      long entrySeq,
      long entryRecordedAtMillis,
      byte[] facts,
      byte @Nullable [] personal,
      OutputStream out)
      throws IOException {
    if (!members.find(facts, personal)) {
      return false;
    }
    seq = entrySeq;
    recordedAtMillis = entryRecordedAtMillis;
    line.length = 0;
    for (int i = 0; i < cells.length; i++) {
      if (i > 0) {
        line.put(',');
      }
      cells[i].put(this);
    }
    line.put('\r');
    line.put('\n');
    out.write(line.bytes, 0, line.length);
    return true;
  }

  private static Map<String, Cell> cells() {
    Map<String, Cell> cells = new HashMap<>();
    cells.put("id", member(StoredMembers.ID));
    cells.put("seq", csv -> csv.line.putAscii(Long.toString(csv.seq)));
    cells.put("occurred_at", StoredCsv::occurredAt);
    cells.put("recorded_at", StoredCsv::recordedAt);
    cells.put("account", member(StoredMembers.ACCOUNT));
    cells.put("action", member(StoredMembers.ACTION));
    cells.put("category", member(StoredMembers.CATEGORY));
    cells.put("security_relevant", member(StoredMembers.SECURITY_RELEVANT));
    cells.put("outcome", member(StoredMembers.OUTCOME));
    cells.put("outcome_reason", member(StoredMembers.OUTCOME_REASON));
    cells.put("targets", StoredCsv::targets);
    cells.put("changes", tree(StoredMembers.CHANGES));
    cells.put("reason", member(StoredMembers.REASON));
    cells.put("flags", list(StoredMembers.FLAGS));
    cells.put("details", tree(StoredMembers.DETAILS));
    cells.put("recorded_by", StoredCsv::recordedBy);
    cells.put("tenant", member(StoredMembers.TENANT));
    cells.put("verb", member(StoredMembers.VERB));
    cells.put("target_list", StoredCsv::targetList);
    cells.put("personal_erased", _ -> {});
    cells.put("holds", _ -> {});
    actorCells(cells);
    contextCells(cells);
    return Map.copyOf(cells);
  }

  private static void actorCells(Map<String, Cell> cells) {
    cells.put("actor_type", member(StoredMembers.ACTOR_TYPE));
    cells.put("actor_id", StoredCsv::actorId);
    cells.put("actor_name", member(StoredMembers.ACTOR_NAME));
    cells.put("actor_email", member(StoredMembers.ACTOR_EMAIL));
    cells.put("actor_roles", list(StoredMembers.ACTOR_ROLES));
    cells.put("actor_model", member(StoredMembers.ACTOR_MODEL));
    cells.put("actor_version", member(StoredMembers.ACTOR_VERSION));
    cells.put("actor_id_hash", member(StoredMembers.ACTOR_ID_HASH));
    cells.put("actor_permissions", list(StoredMembers.ACTOR_PERMISSIONS));
    cells.put("on_behalf_of", _ -> {}); // entries that have it are read
    cells.put("on_behalf_of_parties", _ -> {});
  }

  private static void contextCells(Map<String, Cell> cells) {
    cells.put("ip", member(StoredMembers.IP));
    cells.put("country", member(StoredMembers.COUNTRY));
    cells.put("region", member(StoredMembers.REGION));
    cells.put("city", member(StoredMembers.CITY));
    cells.put("latitude", member(StoredMembers.LATITUDE));
    cells.put("longitude", member(StoredMembers.LONGITUDE));
    cells.put("user_agent", member(StoredMembers.USER_AGENT));
    cells.put("session_id", member(StoredMembers.SESSION_ID));
    cells.put("request_id", member(StoredMembers.REQUEST_ID));
    cells.put("trace_id", member(StoredMembers.TRACE_ID));
    cells.put("producer", member(StoredMembers.PRODUCER));
    cells.put("producer_seq", member(StoredMembers.PRODUCER_SEQ));
  }

  // ---- Cells.

  private static Cell member(int member) {
    return csv -> csv.text(member);
  }

  private void text(int member) {
    if (members.has(member)) {
      cell(members.in(member), members.from(member), members.to(member), true);
    }
  }

  /** A tree as it is stored; an empty object is no cell. */
  private static Cell tree(int member) {
    return csv -> {
      StoredMembers in = csv.members;
      if (in.has(member)
          && !Arrays.equals(in.in(member), in.from(member), in.to(member), EMPTY_OBJECT, 0, 2)) {
        csv.cell(in.in(member), in.from(member), in.to(member), false);
      }
    };
  }

  /** Texts of a list, joined. */
  private static Cell list(int member) {
    return csv -> csv.joined(member);
  }

  private void joined(int member) {
    if (!members.has(member)) {
      return;
    }
    composed.length = 0;
    byte[] in = members.in(member);
    int end = members.to(member) - 1; // its bracket
    int at = members.from(member) + 1;
    while (at < end) {
      int from = ++at; // behind the quotation mark
      while (in[at] != QUOTE) {
        at += in[at] == '\\' ? 2 : 1;
      }
      separate();
      composed.put(in, from, at);
      at += 2; // the quotation mark, and the comma
    }
    cell(composed.bytes, 0, composed.length, true);
  }

  private void separate() {
    if (composed.length > 0) {
      composed.put(SEPARATOR, 0, SEPARATOR.length);
    }
  }

  private void occurredAt() {
    if (members.has(StoredMembers.OCCURRED_AT)) {
      text(StoredMembers.OCCURRED_AT);
    } else {
      recordedAt();
    }
  }

  private void recordedAt() {
    line.ensure(TIME_BYTES);
    line.length = Rfc3339.write(Instant.ofEpochMilli(recordedAtMillis), line.bytes, line.length);
  }

  private void actorId() {
    text(
        members.has(StoredMembers.ACTOR_ID) ? StoredMembers.ACTOR_ID : StoredMembers.ACTOR_ID_HASH);
  }

  private void recordedBy() {
    if (members.has(StoredMembers.RECORDED_BY_TYPE)) {
      composed.length = 0;
      compose(StoredMembers.RECORDED_BY_TYPE);
      if (members.has(StoredMembers.RECORDED_BY_ID)) {
        composed.put('/');
        compose(StoredMembers.RECORDED_BY_ID);
      }
      cell(composed.bytes, 0, composed.length, true);
    }
  }

  private void compose(int member) {
    composed.put(members.in(member), members.from(member), members.to(member));
  }

  private void targets() {
    composed.length = 0;
    for (int i = 0; i < members.targets(); i++) {
      int target = StoredMembers.TARGETS + StoredMembers.OF_TARGET * i;
      separate();
      compose(target);
      composed.put('/');
      compose(target + StoredMembers.TARGET_ID);
      if (members.has(target + StoredMembers.TARGET_NAME)) {
        composed.put(LEFT, 0, LEFT.length);
        compose(target + StoredMembers.TARGET_NAME);
        composed.put(')');
      }
    }
    cell(composed.bytes, 0, composed.length, true);
  }

  private void targetList() {
    composed.length = 0;
    for (int i = 0; i < members.targets(); i++) {
      int target = StoredMembers.TARGETS + StoredMembers.OF_TARGET * i;
      composed.put(i == 0 ? '[' : ',');
      composed.put('{');
      quoted(FieldNames.TYPE, target);
      composed.put(',');
      quoted(FieldNames.ID, target + StoredMembers.TARGET_ID);
      quotedIfThere(FieldNames.NAME, target + StoredMembers.TARGET_NAME);
      quotedIfThere(FieldNames.HREF, target + StoredMembers.TARGET_HREF);
      composed.put('}');
    }
    if (composed.length > 0) {
      composed.put(']');
    }
    cell(composed.bytes, 0, composed.length, false);
  }

  private void quotedIfThere(byte[] name, int member) {
    if (members.has(member)) {
      composed.put(',');
      quoted(name, member);
    }
  }

  private void quoted(byte[] name, int member) {
    composed.put(name, 0, name.length);
    composed.put((char) QUOTE);
    compose(member);
    composed.put((char) QUOTE);
  }

  // ---- CSV.

  /**
   * Appends a cell.
   *
   * @param isEscaped whether it is a text as JSON escapes it, or else the text itself
   */
  private void cell(byte[] in, int from, int to, boolean isEscaped) {
    if (from == to) {
      return;
    }
    line.ensure(2L * (to - from) + 3);
    boolean isGuarded = isDangerous(in, from, to, isEscaped);
    if (isGuarded || !plain(in, from, to, isEscaped)) {
      quoted(in, from, to, isEscaped, isGuarded);
    }
  }

  /** Whether it begins as {@link EntryCsv} says that no cell may. */
  private static boolean isDangerous(byte[] in, int from, int to, boolean isEscaped) {
    return switch (in[from]) {
      case '=', '+', '-', '@', '\'' -> true;
      case '\\' -> isEscaped && (in[from + 1] == 't' || in[from + 1] == 'r' || in[from + 1] == 'n');
      case (byte) 0xef -> to - from > 2 && in[from + 1] == (byte) 0xbc && isSign(in[from + 2]);
      default -> false;
    };
  }

  /** Whether it is the last byte of a full-width =, +, - or @, whose first are EF BC. */
  private static boolean isSign(byte last) {
    return switch (last) {
      case (byte) 0x9d, (byte) 0x8b, (byte) 0x8d, (byte) 0xa0 -> true;
      default -> false;
    };
  }

  /** Writes a text as it is; false, with nothing written, when it has to be quoted. */
  private boolean plain(byte[] in, int from, int to, boolean isEscaped) {
    byte[] into = line.bytes;
    int put = line.length;
    for (int i = from; i < to; i++) {
      byte b = in[i];
      if (b == ',' || b == QUOTE) {
        return false;
      }
      if (b == '\\' && isEscaped) {
        i++;
        if (in[i] != '\\') {
          return false; // a quotation mark, or what is less than a blank
        }
      }
      into[put++] = b;
    }
    line.length = put;
    return true;
  }

  private void quoted(byte[] in, int from, int to, boolean isEscaped, boolean isGuarded) {
    byte[] into = line.bytes;
    int put = line.length;
    into[put++] = QUOTE;
    if (isGuarded) {
      into[put++] = GUARD;
    }
    for (int i = from; i < to; i++) {
      byte b = in[i];
      if (b == '\\' && isEscaped) {
        b = unescaped(in, ++i);
        i += in[i] == 'u' ? 4 : 0;
      }
      if (b == QUOTE) {
        into[put++] = QUOTE;
      }
      into[put++] = b;
    }
    into[put++] = QUOTE;
    line.length = put;
  }

  /** The character that JsonOut writes so behind a backslash: one byte. */
  private static byte unescaped(byte[] in, int at) {
    return switch (in[at]) {
      case 'b' -> '\b';
      case 't' -> '\t';
      case 'n' -> '\n';
      case 'f' -> '\f';
      case 'r' -> '\r';
      case 'u' ->
          (byte)
              (Character.digit(in[at + 3], Character.MAX_RADIX) << 4
                  | Character.digit(in[at + 4], Character.MAX_RADIX));
      default -> in[at];
    };
  }

  /** Bytes that grow. */
  private static final class Text {
    private byte[] bytes = new byte[CAPACITY_BYTES];
    private int length;

    void put(char ascii) {
      ensure(1);
      bytes[length++] = (byte) ascii;
    }

    void put(byte[] in, int from, int to) {
      ensure(to - from);
      System.arraycopy(in, from, bytes, length, to - from);
      length += to - from;
    }

    void putAscii(String text) {
      ensure(text.length());
      for (int i = 0; i < text.length(); i++) {
        bytes[length++] = (byte) text.charAt(i);
      }
    }

    void ensure(long more) {
      if (length + more > bytes.length) {
        bytes = Arrays.copyOf(bytes, Math.toIntExact(Math.max(length + more, 2L * bytes.length)));
      }
    }
  }
}
