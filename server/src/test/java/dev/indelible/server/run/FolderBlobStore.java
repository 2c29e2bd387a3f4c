package dev.indelible.server.run;

import dev.indelible.ports.blob.BlobStore;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;

/** Blobs as files of one folder, for tests of size and speed; promises nothing after a crash. */
final class FolderBlobStore implements BlobStore {

  private final Path folder;

  FolderBlobStore(Path folder) {
    this.folder = folder;
  }

  @Override
  public boolean putIfAbsent(String name, Content content) throws IOException {
    try (OutputStream out =
        Files.newOutputStream(folder.resolve(name), StandardOpenOption.CREATE_NEW)) {
      content.writeTo(out);
    }
    return true;
  }

  @Override
  public Blob open(String name) throws IOException {
    FileChannel channel = FileChannel.open(folder.resolve(name));
    long size = channel.size();
    return new Blob() {
      @Override
      public long sizeBytes() {
        return size;
      }

      @Override
      public ByteBuffer read(long offset, int length) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(length);
        while (buffer.hasRemaining()) {
          if (channel.read(buffer, offset + buffer.position()) < 0) {
            throw new EOFException(name);
          }
        }
        return buffer.flip();
      }

      @Override
      public void close() throws IOException {
        channel.close();
      }
    };
  }

  @Override
  public List<String> list(String prefix) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void delete(String name) throws IOException {
    Files.delete(folder.resolve(name));
  }

  @Override
  public Optional<State> state(String name) {
    throw new UnsupportedOperationException();
  }

  @Override
  public boolean compareAndSetState(String name, long expectedVersion, byte[] bytes) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void close() {}
}
