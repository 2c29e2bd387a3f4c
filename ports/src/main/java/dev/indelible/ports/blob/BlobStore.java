package dev.indelible.ports.blob;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;

/**
 * Immutable named bytes, and small state that is compared and set.
 *
 * <p>Promises, held by the contract test that every adapter passes: a blob appears whole and
 * durable or not at all; its bytes never change; whoever reads it holds a lease on its name, and
 * can read it until they give that back; after {@link #delete} returns it is durably gone for
 * everybody else; a state is changed by exactly one of two racing writers.
 *
 * <p>Names are {@code /}-separated segments of {@code [A-Za-z0-9._-]}, none starting with a dot or
 * longer than {@value #MAX_SEGMENT_LENGTH} characters, at most {@value #MAX_NAME_LENGTH} characters
 * together; no blob's name is the folder of another's ({@code a} and {@code a/b} exclude each
 * other), nor a state's that of another state's. Thread-safe.
 */
public interface BlobStore extends AutoCloseable {

  /** The longest name, in characters. */
  int MAX_NAME_LENGTH = 512;

  /** The longest segment of a name, in characters. */
  int MAX_SEGMENT_LENGTH = 200;

  /** The largest state, in bytes. */
  int MAX_STATE_BYTES = 16 * 1024 * 1024;

  /**
   * Writes a blob unless one of that name exists.
   *
   * @return true when this call made it; false when it existed (and is unchanged)
   * @throws IOException when it cannot be written; also when a blob of that name was deleted and
   *     somebody still holds a lease on it
   */
  boolean putIfAbsent(String name, Content content) throws IOException;

  /**
   * Takes a lease on a blob, which is held until the blob is closed.
   *
   * @throws java.nio.file.NoSuchFileException when there is none of that name
   */
  Blob open(String name) throws IOException;

  /** Names that start with {@code prefix}, sorted. */
  List<String> list(String prefix) throws IOException;

  /**
   * Deletes a blob if it exists: when this returns nobody can open it any more, durably. Its bytes
   * go with the last lease on it that was taken through this store; a lease does not outlive the
   * process that took it.
   */
  void delete(String name) throws IOException;

  /** The state of that name, if it was ever set. */
  Optional<State> state(String name) throws IOException;

  /**
   * Sets the state of that name if its version is still {@code expectedVersion} (0 when it was
   * never set); durable when this returns true.
   *
   * @return false when the version has moved
   */
  boolean compareAndSetState(String name, long expectedVersion, byte[] bytes) throws IOException;

  @Override
  void close() throws IOException;

  /** Writes a blob's bytes; an exception leaves no blob. */
  @FunctionalInterface
  interface Content {
    void writeTo(OutputStream out) throws IOException;
  }

  /** A lease on a blob, through which it is read. Thread-safe. */
  interface Blob extends AutoCloseable {
    /** Length of the blob in bytes. */
    long sizeBytes();

    /**
     * Reads exactly {@code length} bytes from {@code offset} into a new heap buffer.
     *
     * @throws java.io.EOFException when the blob is shorter
     */
    ByteBuffer read(long offset, int length) throws IOException;

    /** Gives the lease back; a second call does nothing. */
    @Override
    void close() throws IOException;
  }

  /**
   * A small state.
   *
   * @param version 1 for the first, one more for each change
   * @param bytes its value
   */
  @SuppressWarnings("ArrayRecordComponent") // internal carrier; identity is never compared
  record State(long version, byte[] bytes) {}
}
