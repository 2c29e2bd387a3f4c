package dev.indelible.cli.client;

import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.cfg.JsonNodeFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;

/**
 * What the server answered, after all retries.
 *
 * @param status HTTP status
 * @param body the JSON body; an empty object when there was none or it was not JSON
 */
public record Answer(int status, JsonNode body) {

  /** Reads numbers with all their digits, as entries have them. */
  public static final JsonMapper JSON =
      JsonMapper.builder()
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
          .build();

  static Answer of(int status, byte @Nullable [] body) {
    try {
      JsonNode tree = body == null || body.length == 0 ? null : JSON.readTree(body);
      return new Answer(status, tree == null ? JsonNodeFactory.instance.objectNode() : tree);
    } catch (JacksonException _) {
      return new Answer(status, JsonNodeFactory.instance.objectNode());
    }
  }

  /** Whether it is a 2xx. */
  public boolean isSuccess() {
    return status >= 200 && status < 300;
  }

  /** The problem (RFC 9457) in one line for people. */
  public String problem() {
    String code = body.path("code").asString("");
    return sentence() + (code.isEmpty() ? "" : " (" + code + ")");
  }

  /** The problem in one line, without its code. */
  public String sentence() {
    String detail = body.path("detail").asString(body.path("title").asString(""));
    return detail.isEmpty() ? "HTTP " + status : detail;
  }
}
