package dev.indelible.server.export;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Format of an export's file. */
public enum ExportFormat {
  /** A table as text, RFC 4180. */
  CSV("text/csv; charset=utf-8; header=present"),
  /** One array of entries. */
  JSON("application/json"),
  /** Stored parts with salts, leaves and proofs, a line each: can be verified offline. */
  NDJSON("application/x-ndjson"),
  /** A table for spreadsheets, Office Open XML (ECMA-376). */
  XLSX("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
  /** A document for people, PDF/UA (ISO 14289-1). */
  PDF("application/pdf"),
  /** An evidence pack, a ZIP of several files: can be verified offline. */
  PACK("application/zip");

  private final String mediaType;

  ExportFormat(String mediaType) {
    this.mediaType = mediaType;
  }

  /** Media type of the file. */
  public String mediaType() {
    return mediaType;
  }

  /** Whether it has columns that can be chosen. */
  public boolean isTable() {
    return switch (this) {
      case CSV, XLSX, PDF -> true;
      case JSON, NDJSON, PACK -> false;
    };
  }

  /** The name in the API. */
  public String jsonName() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Ending of the file's name. */
  public String ending() {
    return this == PACK ? "zip" : jsonName();
  }

  /** Names of the formats that a query can be exported in. */
  public static List<String> ofQueries() {
    return Arrays.stream(values())
        .filter(format -> format != PACK)
        .map(ExportFormat::jsonName)
        .toList();
  }

  /** The format of that name. */
  public static Optional<ExportFormat> named(String name) {
    return Arrays.stream(values()).filter(format -> format.jsonName().equals(name)).findFirst();
  }
}
