package dev.indelible.server.event;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.indelible.mapping.form.FieldForms;
import dev.indelible.mapping.form.IpLiteral;
import dev.indelible.server.json.Rfc3339;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The hand-written readers of texts, held against the JDK's. */
class TextFormsTest {

  @ParameterizedTest
  @CsvSource({
    "1.2.3.4, 1.2.3.4",
    "255.255.255.255, 255.255.255.255",
    "::, ::",
    "::1, ::1",
    "1::, 1::",
    "2001:DB8:0:0:1:0:0:1, 2001:db8::1:0:0:1",
    "2001:db8:0:1:1:1:1:1, 2001:db8:0:1:1:1:1:1",
    "2001:0db8::0001, 2001:db8::1",
    "::ffff:1.2.3.4, 1.2.3.4",
    "::FFFF:0102:0304, 1.2.3.4",
    "64:ff9b::192.0.2.1, 64:ff9b::c000:201",
    "1:2:3:4:5:6:7:8, 1:2:3:4:5:6:7:8",
    "1:2:3:4:5:6:7::, 1:2:3:4:5:6:7:0",
    "0:0:1:0:0:0:0:1, 0:0:1::1",
  })
  void addressesAreWrittenCanonically(String written, String canonical) {
    assertThat(IpLiteral.canonical(written)).isEqualTo(canonical);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "1",
        "1.2.3",
        "1.2.3.4.5",
        "01.2.3.4",
        "256.1.1.1",
        "1.2.3.4 ",
        " 1.2.3.4",
        "1.2.3.-4",
        "0x7f.0.0.1",
        "1..2.3",
        ":",
        ":::",
        "1:2",
        "1:2:3:4:5:6:7:8:9",
        "1::2::3",
        "::12345",
        "::g",
        "fe80::1%eth0",
        "[::1]",
        "::1.2.3",
        "1.2.3.4::",
        "1:2:3:4:5:6:7:1.2.3.4",
        "localhost",
        "1:2:3:4:5:6:7:",
        ":1:2:3:4:5:6:7",
        "１.2.3.4",
        "1:2:3:4:5:6:7:8::",
        "::1:2:3:4:5:6:7:8"
      })
  void whatIsNoAddressIsRefused(String written) {
    assertThat(IpLiteral.canonical(written)).isNull();
  }

  @Test
  void canonicalAddressesAreTheSameAddresses() throws UnknownHostException {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    for (int i = 0; i < 20_000; i++) {
      byte[] address = new byte[16];
      for (int group = 0; group < 8; group++) {
        if (random.nextBoolean()) {
          address[2 * group] = (byte) random.nextInt(random.nextBoolean() ? 1 : 256);
          address[2 * group + 1] = (byte) random.nextInt(256);
        }
      }
      InetAddress expected = InetAddress.getByAddress(address);
      String canonical = requireNonNull(IpLiteral.canonical(expected.getHostAddress()));
      assertThat(InetAddress.ofLiteral(canonical)).as("seed %d", seed).isEqualTo(expected);
      assertThat(IpLiteral.canonical(canonical)).as("seed %d", seed).isEqualTo(canonical);
    }
  }

  @Test
  void timesAreReadAndWrittenAsTheJdkDoes() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    for (int i = 0; i < 20_000; i++) {
      Instant time = Instant.ofEpochMilli(random.nextLong(0, 7_289_654_400_000L));
      byte[] written = new byte[24];
      assertThat(Rfc3339.write(time, written, 0)).isEqualTo(24);
      String text = new String(written, UTF_8);
      assertThat(Instant.parse(text)).as("seed %d", seed).isEqualTo(time);
      assertThat(Rfc3339.parse(text)).as("seed %d", seed).isEqualTo(time.toEpochMilli());
      assertThat(Rfc3339.format(time)).isEqualTo(text);
      ZoneOffset offset = ZoneOffset.ofTotalSeconds(60 * random.nextInt(-1080, 1081));
      OffsetDateTime local =
          time.plusNanos(random.nextInt(1_000_000)).atOffset(offset).withSecond(7);
      assertThat(Rfc3339.parse(local.toString()))
          .as("seed %d: %s", seed, local)
          .isEqualTo(local.toInstant().toEpochMilli());
    }
  }

  @Test
  void aYearOfMoreThanFourDigitsGetsASign() {
    assertThat(Rfc3339.format(Instant.parse("9999-12-31T23:59:59.999Z")))
        .isEqualTo("9999-12-31T23:59:59.999Z");
    assertThat(Rfc3339.format(Instant.parse("+10000-01-01T00:00:00Z")))
        .isEqualTo("+10000-01-01T00:00:00.000Z");
    assertThat(Rfc3339.format(Instant.parse("-0001-01-01T00:00:00Z")))
        .isEqualTo("-0001-01-01T00:00:00.000Z");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "2026-11-20",
        "2026-11-20T10:00:00",
        "2026-11-20T10:00Z",
        "2026-11-20T24:00:00Z",
        "2026-11-20T10:60:00Z",
        "2026-11-20T10:00:60Z",
        "2026-13-01T10:00:00Z",
        "2026-00-01T10:00:00Z",
        "2025-02-29T10:00:00Z",
        "2026-11-20T10:00:00.Z",
        "2026-11-20T10:00:00.1234567890Z",
        "2026-11-20T10:00:00+2:00",
        "2026-11-20T10:00:00+0200",
        "2026-11-20T10:00:00+19:00",
        "2026-11-20T10:00:00+02:60",
        "2026-11-20T10:00:00Zx",
        "+2026-11-20T10:00:00Z",
        "2026-11-20T10:00:00,5Z",
        "20261120T100000Z00000",
        "2026-11-20T1O:00:00Z",
        "２026-11-20T10:00:00Z"
      })
  void whatIsNoTimeIsRefused(String written) {
    assertThat(Rfc3339.parse(written)).isEqualTo(Rfc3339.NOT_A_TIME);
  }

  @Test
  void utf8IsJudgedAsTheJdkDoes() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    int[] interesting = {0x41, 0x5c, 0x7f, 0x80, 0xbf, 0xc1, 0xc2, 0xe0, 0xa0, 0xed, 0xf0, 0xf4};
    for (int i = 0; i < 200_000; i++) {
      byte[] bytes = new byte[1 + random.nextInt(24)];
      for (int k = 0; k < bytes.length; k++) {
        bytes[k] =
            (byte)
                (random.nextInt(3) > 0
                    ? 'a'
                    : random.nextBoolean()
                        ? interesting[random.nextInt(interesting.length)]
                        : 1 + random.nextInt(255));
      }
      if (Utf8.scan(bytes, 0, bytes.length) < 0 != sound(bytes)) {
        throw new AssertionError("seed %d: %s".formatted(seed, HexFormat.of().formatHex(bytes)));
      }
    }
    String all = "a\\é日😀".repeat(9);
    byte[] bytes = all.getBytes(UTF_8);
    assertThat(Utf8.scan(bytes, 0, bytes.length)).isEqualTo(Utf8.WITH_ESCAPES);
    byte[] plain = "abcdefghijk日".getBytes(UTF_8);
    assertThat(Utf8.scan(plain, 0, plain.length)).isEqualTo(Utf8.PLAIN);
    assertThat(Utf8.scan("abcdefghijklm\u0000".getBytes(UTF_8), 0, 14)).isEqualTo(13);
  }

  private static boolean sound(byte[] bytes) {
    try {
      UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes));
      return true;
    } catch (CharacterCodingException broken) {
      return false;
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/",
        "/users/9?x=1#y",
        "http://a",
        "https://app.acme.test:8443/u/9",
        "HTTPS://A/é",
        "https://[::1]/x",
        "/a@b",
        "https://a/b@c",
        "/a%20b?q=%C3%A9",
        "https://bücher.example/",
        "https://10.0.0.1:65535",
        "https://a.1.example./",
        "https://a_b-c.test?x"
      })
  void linksAreHttpOrPaths(String link) {
    assertThat(FieldForms.isLink(link)).isTrue();
  }

  @Test
  void aLinksHostIsNoLongerThanANameMayBe() {
    String label = "a".repeat(62) + ".";
    assertThat(FieldForms.isLink("https://" + label.repeat(4) + "a")).isTrue();
    assertThat(FieldForms.isLink("https://" + label.repeat(4) + "ab")).isFalse();
    assertThat(FieldForms.isLink("https://a:65535")).isTrue();
    assertThat(FieldForms.isLink("https://a:000080")).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "users/9",
        "//evil.test",
        "/\\evil.test",
        "javascript:alert(1)",
        "data:text/html,x",
        "ftp://a",
        "http://",
        "https:///x",
        "https://a b",
        "https://u@h/",
        "https://a/\"x",
        "/a\nb",
        "https://:80/",
        "mailto:a@b",
        " /a",
        "https://u:p@h",
        "/a\u00a0b",
        "/a%",
        "/a%2",
        "/a%zz",
        "https://a/%é1",
        "https://[",
        "https://[]",
        "https://[::1",
        "https://[::1]x",
        "https://[1.2.3.4]/",
        "https://[::g]/",
        "https://a[b]/",
        "https://a]/",
        "https://a:",
        "https://a:x",
        "https://a:65536/",
        "https://a:-1/",
        "https://a:80:80/",
        "https://::1/",
        "https://ex%41mple.com/",
        "https://1.2.3.400/",
        "https://a.1/",
        "https://./"
      })
  void nothingElseIsALink(String link) {
    assertThat(FieldForms.isLink(link)).isFalse();
  }
}
