package dev.indelible.ports.testing;

import dev.indelible.ports.blob.BlobStore;

class InMemoryBlobStoreTest extends BlobStoreContractTest {

  private InMemoryBlobStore current = new InMemoryBlobStore();

  @Override
  protected BlobStore open() {
    current = current.reopened();
    return current;
  }
}
