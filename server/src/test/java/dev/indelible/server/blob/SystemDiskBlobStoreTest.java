package dev.indelible.server.blob;

import dev.indelible.ports.blob.BlobStore;
import dev.indelible.ports.testing.BlobStoreContractTest;
import dev.indelible.server.disk.SystemDisk;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

/** A blob store in a directory of the real disk. */
class SystemDiskBlobStoreTest extends BlobStoreContractTest {

  @TempDir Path directory;

  @Override
  protected BlobStore open() throws IOException {
    return DirectoryBlobStore.open(new SystemDisk(), directory.resolve("blob"));
  }
}
