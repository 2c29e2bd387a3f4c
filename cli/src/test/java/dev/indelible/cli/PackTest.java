package dev.indelible.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import dev.indelible.cli.OtherSide.Asked;
import dev.indelible.cli.OtherSide.Ended;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The command {@code pack}, against its API. */
class PackTest {

  private static final byte[] FILE = "PK no pack, but bytes".getBytes(UTF_8);

  @TempDir private Path folder = Path.of(".");

  private static void answer(HttpExchange exchange, Asked asked, int number) throws IOException {
    if (asked.path().endsWith("/templates")) {
      OtherSide.json(
          exchange, 200, "{\"templates\":[{\"id\":\"soc2\",\"title\":{\"en\":\"SOC 2\"}}]}");
    } else if (asked.path().endsWith("/file")) {
      exchange.sendResponseHeaders(200, FILE.length);
      exchange.getResponseBody().write(FILE);
    } else {
      OtherSide.json(exchange, asked.method().equals("POST") ? 202 : 200, job(number));
    }
  }

  private static String job(int number) {
    String sha256;
    try {
      sha256 = HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(FILE));
    } catch (java.security.NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
    return """
    {"id":"x1","state":"%s","format":"pack","query":"","created_at":"2026-11-20T10:00:00.000Z",
     "estimate":1,"entries":1,"counts":{"entries":1,"purged":0,"erased":0},
     "file":{"name":"acme.zip","media_type":"application/zip","bytes":%d,"sha256":"%s","expires_at":"t"}}
    """
        .formatted(number < 2 ? "running" : "done", FILE.length, sha256);
  }

  @Test
  void aPackIsAskedForAwaitedAndDownloaded() throws IOException {
    Path out = folder.resolve("acme.zip");
    try (OtherSide server = new OtherSide(PackTest::answer)) {
      Ended ended =
          server.run(
              "",
              "pack",
              "soc2",
              "--from=-30d",
              "--to=2026-11-30T00:00:00Z",
              "--language=de",
              "--reason=audit",
              "-o",
              out.toString());
      assertThat(ended.code()).as(ended.err()).isZero();
      assertThat(out).hasBinaryContent(FILE);
      Asked begun = server.asked().getFirst();
      assertThat(begun.path()).endsWith("/packs");
      assertThat(begun.body())
          .contains(
              "\"template\":\"soc2\"", "\"to\":\"2026-11-30T00:00:00Z\"", "\"reason\":\"audit\"");
    }
  }

  @Test
  void theTemplatesAreListed() throws IOException {
    try (OtherSide server = new OtherSide(PackTest::answer)) {
      assertThat(server.run("", "pack", "--list").out()).contains("soc2", "SOC 2");
    }
  }

  @Test
  void aPackWithoutATemplateIsAMistake() throws IOException {
    Files.writeString(folder.resolve("there.zip"), "x");
    try (OtherSide server = new OtherSide(PackTest::answer)) {
      assertThat(server.run("", "pack").err()).contains("--list");
      assertThat(server.run("", "pack", "soc2", "-o", folder.resolve("there.zip").toString()).err())
          .contains("exists already");
    }
  }
}
