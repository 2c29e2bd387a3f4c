package dev.indelible.server.blob;

class InMemoryBlobStoreTest extends BlobStoreContractTest {

  private InMemoryBlobStore current = new InMemoryBlobStore();

  @Override
  protected BlobStore open() {
    current = current.reopened();
    return current;
  }
}
