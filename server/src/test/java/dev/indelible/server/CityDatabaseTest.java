package dev.indelible.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.indelible.server.event.Event.Location;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Reads databases that the test writes itself, with one network: 203.0.113.0/24. */
class CityDatabaseTest {

  private static final int PREFIX = 203 << 16 | 113;
  private static final int PREFIX_BITS = 24;

  @TempDir Path directory;

  @Test
  void aNestedRecordGivesCountryRegionCityAndCoordinates() throws Exception {
    Map<String, Object> record =
        Map.of(
            "country", Map.of("iso_code", "BR"),
            "subdivisions", List.of(Map.of("names", Map.of("en", "São Paulo State"))),
            "city", Map.of("names", Map.of("en", "São Paulo")),
            "location", Map.of("latitude", -23.5, "longitude", -46.5));
    try (CityDatabase database = CityDatabase.open(write(record))) {
      assertThat(database.locate("203.0.113.9"))
          .isEqualTo(new Location("BR", "São Paulo State", "São Paulo", -23.5, -46.5));
      assertThat(database.locate("203.0.112.9")).isNull();
    }
  }

  @Test
  void aFlatRecordDoesToo() throws Exception {
    Map<String, Object> record =
        Map.of(
            "country_code", "DE",
            "state1", "Berlin",
            "city", "Berlin",
            "latitude", 52.5,
            "longitude", 13.4);
    try (CityDatabase database = CityDatabase.open(write(record))) {
      assertThat(database.locate("203.0.113.255"))
          .isEqualTo(new Location("DE", "Berlin", "Berlin", 52.5, 13.4));
    }
  }

  @Test
  void aFileThatIsNoDatabaseIsRefusedByName() throws Exception {
    Path file = Files.writeString(directory.resolve("x.mmdb"), "nothing");
    assertThatThrownBy(() -> CityDatabase.open(file))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("geoip.database")
        .hasMessageContaining("x.mmdb");
  }

  /** A database in the MaxMind DB format, version 2.0: a search tree, a data section, metadata. */
  private Path write(Map<String, Object> record) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    DataOutputStream out = new DataOutputStream(bytes);
    for (int bit = 0; bit < PREFIX_BITS; bit++) {
      boolean last = bit == PREFIX_BITS - 1;
      int onPath = last ? PREFIX_BITS + 16 : bit + 1;
      boolean right = (PREFIX >> (PREFIX_BITS - 1 - bit) & 1) == 1;
      writeRecord(out, right ? PREFIX_BITS : onPath);
      writeRecord(out, right ? onPath : PREFIX_BITS);
    }
    out.write(new byte[16]);
    value(out, record);
    out.write(new byte[] {(byte) 0xab, (byte) 0xcd, (byte) 0xef});
    out.write("MaxMind.com".getBytes(StandardCharsets.US_ASCII));
    value(
        out,
        Map.of(
            "node_count", PREFIX_BITS,
            "record_size", 24,
            "ip_version", 4,
            "database_type", "City",
            "languages", List.of("en"),
            "binary_format_major_version", 2,
            "binary_format_minor_version", 0,
            "build_epoch", 1,
            "description", Map.of("en", "test")));
    return Files.write(directory.resolve("city.mmdb"), bytes.toByteArray());
  }

  private static void writeRecord(DataOutputStream out, int node) throws IOException {
    out.writeByte(node >> 16);
    out.writeShort(node);
  }

  private static void value(DataOutputStream out, Object value) throws IOException {
    switch (value) {
      case String text -> {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        out.writeByte(2 << 5 | utf8.length);
        out.write(utf8);
      }
      case Double number -> {
        out.writeByte(3 << 5 | 8);
        out.writeDouble(number);
      }
      case Integer number -> {
        out.writeByte(6 << 5 | 4);
        out.writeInt(number);
      }
      case Map<?, ?> map -> {
        out.writeByte(7 << 5 | map.size());
        for (Map.Entry<?, ?> entry : new TreeMap<>(map).entrySet()) {
          value(out, entry.getKey());
          value(out, entry.getValue());
        }
      }
      case List<?> list -> {
        out.writeByte(list.size());
        out.writeByte(11 - 7);
        for (Object element : list) {
          value(out, element);
        }
      }
      default -> throw new IllegalArgumentException(value.toString());
    }
  }
}
