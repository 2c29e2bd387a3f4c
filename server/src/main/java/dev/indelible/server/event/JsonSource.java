package dev.indelible.server.event;

import tools.jackson.core.JsonParser;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.util.JsonRecyclerPools;

/**
 * Makes JSON parsers for this package: strict JSON only, with the limits that {@link StrictReader}
 * does not check itself. Thread-safe; the parsers share one symbol table.
 */
final class JsonSource {

  /**
   * Depth at which the parser itself gives up. It is far above {@link EventLimits#MAX_JSON_DEPTH},
   * so that an event a little too deep still gets all its problems reported, and low enough that
   * skipping costs no memory to speak of.
   */
  static final int MAX_PARSER_DEPTH = 512;

  /** Buffers are pooled here, not by thread: requests run on virtual threads, which are many. */
  private final JsonFactory factory =
      JsonFactory.builder()
          .recyclerPool(JsonRecyclerPools.newConcurrentDequePool())
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(MAX_PARSER_DEPTH)
                  .maxNumberLength(EventLimits.MAX_BATCH_BYTES)
                  .maxStringLength(EventLimits.MAX_BATCH_BYTES)
                  .maxNameLength(EventLimits.MAX_BATCH_BYTES)
                  .build())
          .build();

  private final ObjectReadContext context = ObjectReadContext.empty();

  JsonParser open(byte[] bytes, int offset, int length) {
    return factory.createParser(context, bytes, offset, length);
  }
}
