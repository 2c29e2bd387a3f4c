package dev.indelible.server.index;

class InMemoryIndexTest extends EventIndexContractTest {

  @Override
  EventIndex create() {
    return new InMemoryIndex();
  }
}
