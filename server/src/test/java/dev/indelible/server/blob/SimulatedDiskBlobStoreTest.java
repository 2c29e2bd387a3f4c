package dev.indelible.server.blob;

import dev.indelible.ports.blob.BlobStore;
import dev.indelible.ports.testing.BlobStoreContractTest;
import dev.indelible.server.disk.SimulatedDisk;
import java.io.IOException;

class SimulatedDiskBlobStoreTest extends BlobStoreContractTest {

  private final SimulatedDisk disk = new SimulatedDisk();

  @Override
  protected BlobStore open() throws IOException {
    return DirectoryBlobStore.open(disk, SimulatedDisk.ROOT.resolve("blob"));
  }
}
