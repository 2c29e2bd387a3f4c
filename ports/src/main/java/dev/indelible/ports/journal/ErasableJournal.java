package dev.indelible.ports.journal;

import java.io.IOException;

/**
 * A journal in files of its own, from which what was appended can be made to disappear.
 *
 * <p>A deletion calls {@link #rotate} when everything that it deletes has been appended,
 * {@linkplain #forget forgets} it once nothing needs it any more, and then waits until it is
 * {@linkplain #awaitGone gone}. Who only appends and reads takes a {@link Journal}.
 */
public interface ErasableJournal extends Journal {

  /**
   * Sees to it that what is appended from now on shares no file with what was appended before, and
   * that forgotten files are deleted rather than used again. The next append begins a new file.
   *
   * @throws IOException when that cannot be made so
   */
  void rotate() throws IOException, InterruptedException;

  /**
   * Returns when nothing that was appended before {@code before} is in any file. It was forgotten
   * before, and {@link #rotate} was called when all of it had been appended.
   *
   * @throws IOException when it is not forgotten, or not gone after a long wait
   */
  void awaitGone(Position before) throws IOException, InterruptedException;

  /** Bytes on disk, preallocated ones included. */
  long sizeBytes();
}
