package dev.indelible.server.api.takeout;

import dev.indelible.server.export.ExportFormat;

/** Instructions for whoever holds a file of an export and wants to check it. */
final class HowToVerify {

  private HowToVerify() {}

  static String of(ExportFormat format) {
    return switch (format) {
      case NDJSON ->
          "indelible verify FILE --origin ORIGIN --key KEY checks each entry's parts against its"
              + " leaf and each leaf against the checkpoint, without the server;"
              + " docs/formats/export.md.";
      case PACK ->
          "indelible verify FILE --key KEY checks every byte of the pack and each of its entries"
              + " against the checkpoint, without the server; docs/formats/pack.md.";
      case CSV, JSON, XLSX, PDF ->
          "Compare the file's SHA-256 with sha256 here. Single entries are proven by"
              + " GET /v1/tenants/{tenant}/events/{id}/proof, or by an export as ndjson.";
    };
  }
}
