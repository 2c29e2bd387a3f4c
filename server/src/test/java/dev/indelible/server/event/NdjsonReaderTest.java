package dev.indelible.server.event;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class NdjsonReaderTest {

  private static final String GOOD = "{\"action\":\"a\",\"actor\":{\"type\":\"system\"}}";

  /** Gives a few bytes at a time, as a network does. */
  private static final class Dripping extends InputStream {
    private final InputStream in;
    private final Random random;

    Dripping(InputStream in, long seed) {
      this.in = in;
      this.random = new Random(seed);
    }

    @Override
    public int read() throws IOException {
      return in.read();
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
      return in.read(into, offset, Math.min(length, 1 + random.nextInt(5_000)));
    }
  }

  /** Endless stream of one pattern that counts the bytes taken. */
  private static final class Endless extends InputStream {
    private final byte[] pattern;
    private long given;

    Endless(String pattern) {
      this.pattern = pattern.getBytes(UTF_8);
    }

    @Override
    public int read() {
      return pattern[(int) (given++ % pattern.length)];
    }

    @Override
    public int read(byte[] into, int offset, int length) {
      for (int i = 0; i < length; i++) {
        into[offset + i] = (byte) read();
      }
      return length;
    }
  }

  private static List<NdjsonReader.Item> read(InputStream stream) throws IOException {
    NdjsonReader reader = new NdjsonReader(new EventDecoder(), stream);
    List<NdjsonReader.Item> items = new ArrayList<>();
    for (NdjsonReader.Item item = reader.next(); item != null; item = reader.next()) {
      items.add(item);
    }
    assertThat(reader.stopped()).isNull();
    assertThat(reader.next()).isNull();
    return items;
  }

  private static List<NdjsonReader.Item> read(String lines) throws IOException {
    return read(new Dripping(new ByteArrayInputStream(lines.getBytes(UTF_8)), lines.length()));
  }

  private static boolean good(NdjsonReader.Item item) {
    return item.decoding() instanceof Decoding.Decoded;
  }

  private static Problem.Code code(NdjsonReader.Item item) {
    return ((Decoding.Invalid) item.decoding()).problems().getFirst().code();
  }

  @Test
  void aBadLineIsThatLinesErrorAndTheNextIsRead() throws IOException {
    List<NdjsonReader.Item> items =
        read(GOOD + "\n{\"action\":\n\n  \r\n" + GOOD + "\r\nnonsense\n" + GOOD);
    assertThat(items).extracting(NdjsonReader.Item::index).containsExactly(0, 1, 2, 3, 4);
    assertThat(items).extracting(NdjsonReader.Item::lineNumber).containsExactly(1L, 2L, 5L, 6L, 7L);
    assertThat(items)
        .extracting(NdjsonReaderTest::good)
        .containsExactly(true, false, true, false, true);
    assertThat(code(items.get(1))).isEqualTo(Problem.Code.BAD_JSON);
  }

  @Test
  void anEmptyStreamHasNoEvents() throws IOException {
    assertThat(read("")).isEmpty();
    assertThat(read("\n\n \n")).isEmpty();
  }

  @Test
  void aLineOverTheLimitIsSkippedAndTheNextIsRead() throws IOException {
    String prefix = "{\"action\":\"a\",\"actor\":{\"type\":\"system\"},\"details\":{\"x\":\"";
    int room = EventLimits.MAX_EVENT_BYTES - prefix.length() - 3;
    String largest = prefix + "x".repeat(room) + "\"}}";
    String tooLarge = prefix + "x".repeat(room + 1) + "\"}}";
    String huge = "y".repeat(3 * EventLimits.MAX_EVENT_BYTES);
    List<NdjsonReader.Item> items =
        read(
            largest + "\n" + tooLarge + "\n" + GOOD + "\n" + largest + "\r\n" + huge + "\n" + GOOD
                + "\n" + tooLarge + "\r\n" + huge);
    assertThat(items)
        .extracting(NdjsonReaderTest::good)
        .containsExactly(true, false, true, true, false, true, false, false);
    for (int tooLargeIndex : new int[] {1, 4, 6, 7}) {
      assertThat(code(items.get(tooLargeIndex))).isEqualTo(Problem.Code.TOO_LARGE);
    }
    assertThat(((Decoding.Invalid) items.get(4).decoding()).problems().getFirst().detail())
        .contains(" " + huge.length() + " bytes");
  }

  @Test
  void anEndlessStreamOfEventsStopsAtTheLimit() throws IOException {
    NdjsonReader reader = new NdjsonReader(new EventDecoder(), new Endless(GOOD + "\n"));
    int count = 0;
    while (reader.next() != null) {
      count++;
    }
    assertThat(count).isEqualTo(EventLimits.MAX_STREAM_EVENTS);
    assertThat(requireNonNull(reader.stopped()).code()).isEqualTo(Problem.Code.TOO_MANY);
  }

  @Test
  void anEndlessLineStopsAtTheLimitInBoundedMemory() throws IOException {
    Endless endless = new Endless("x");
    NdjsonReader reader = new NdjsonReader(new EventDecoder(), endless);
    assertThat(reader.next()).isNull();
    assertThat(requireNonNull(reader.stopped()).code()).isEqualTo(Problem.Code.TOO_LARGE);
    assertThat(endless.given)
        .isBetween(
            EventLimits.MAX_STREAM_BYTES, EventLimits.MAX_STREAM_BYTES + NdjsonReader.BUFFER_BYTES);
  }
}
