package dev.indelible.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class StaticContentTest {

  private static final byte[] BYTES = "a page".repeat(1_000).getBytes(StandardCharsets.UTF_8);

  @Test
  void isReadWhenItIsFirstAskedForAndOnce() {
    AtomicInteger reads = new AtomicInteger();
    StaticContent content =
        new StaticContent(
            () -> {
              reads.incrementAndGet();
              return BYTES;
            },
            "text/html; charset=utf-8",
            "no-cache");
    assertThat(content.contentType()).isEqualTo("text/html; charset=utf-8");
    assertThat(reads).as("by a start").hasValue(0);
    assertThat(content.bytes()).isEqualTo(BYTES);
    assertThat(content.gzip()).isNotNull().hasSizeLessThan(BYTES.length / 10);
    assertThat(content.etag(true)).isNotEqualTo(content.etag(false));
    assertThat(reads).hasValue(1);
  }
}
