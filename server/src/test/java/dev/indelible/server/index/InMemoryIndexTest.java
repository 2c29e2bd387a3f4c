package dev.indelible.server.index;

import org.junit.jupiter.api.RepetitionInfo;

class InMemoryIndexTest extends EventIndexContractTest {

  @Override
  EventIndex create() {
    return new InMemoryIndex();
  }

  // It is what the others are compared with; against itself there is nothing to find.

  @Override
  void agreesWithTheEvaluatorOnRandomEntriesAndFilters(RepetitionInfo repetition) {}

  @Override
  void agreesWithTheEvaluatorWhenManyComeAtOnce() {}
}
