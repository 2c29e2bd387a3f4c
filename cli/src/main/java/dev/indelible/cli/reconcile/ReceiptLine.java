package dev.indelible.cli.reconcile;

import dev.indelible.cli.reconcile.Content.Digest;
import dev.indelible.cli.reconcile.Received.Form;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Comparator;
import java.util.List;

/**
 * A received entry without its content: enough to find it again.
 *
 * @param seq its number in the log
 * @param file the index of the file that it is in
 * @param line where it stands there, from 1
 * @param form how much of it there was
 * @param digest of its content; {@link Digest#NONE} where there was none
 * @param idHash of its id; 0 where there was none
 */
record ReceiptLine(long seq, int file, long line, Form form, Digest digest, int idHash)
    implements Comparable<ReceiptLine> {

  private static final Comparator<ReceiptLine> ORDER =
      Comparator.comparingLong(ReceiptLine::seq)
          .thenComparingInt(ReceiptLine::file)
          .thenComparingLong(ReceiptLine::line);

  private static final List<Form> FORMS = List.of(Form.values());

  @Override
  public int compareTo(ReceiptLine other) {
    return ORDER.compare(this, other);
  }

  void write(DataOutput out) throws IOException {
    out.writeLong(seq);
    out.writeInt(file);
    out.writeLong(line);
    out.writeByte(FORMS.indexOf(form));
    out.writeLong(digest.high());
    out.writeLong(digest.low());
    out.writeInt(idHash);
  }

  static ReceiptLine read(DataInput in) throws IOException {
    return new ReceiptLine(
        in.readLong(),
        in.readInt(),
        in.readLong(),
        FORMS.get(in.readByte()),
        new Digest(in.readLong(), in.readLong()),
        in.readInt());
  }
}
