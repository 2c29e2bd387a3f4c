package dev.indelible.server.deliver;

/** Addresses of an export at this server. */
final class ExportLinks {

  private ExportLinks() {}

  /** The path of the file in the API. */
  static String file(Parcel.About about) {
    return "/v1/tenants/" + about.tenant() + "/exports/" + about.export() + "/file";
  }

  /** The path of the console's page of exports, opened at this one. */
  static String page(Parcel.About about) {
    return "/t/" + about.tenant() + "/exports#" + about.export();
  }
}
