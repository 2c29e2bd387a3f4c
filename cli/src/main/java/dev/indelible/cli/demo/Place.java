package dev.indelible.cli.demo;

/**
 * Place from which a person acts; the addresses are those reserved for documentation (RFC 5737, RFC
 * 3849).
 *
 * @param ip address
 * @param country ISO 3166-1 alpha-2
 * @param city city
 * @param latitude degrees north
 * @param longitude degrees east
 * @param zone time zone of its office hours
 */
record Place(
    String ip, String country, String city, double latitude, double longitude, String zone) {

  static final Place BERLIN =
      new Place("192.0.2.10", "DE", "Berlin", 52.52, 13.41, "Europe/Berlin");
  static final Place HAMBURG =
      new Place("192.0.2.40", "DE", "Hamburg", 53.55, 9.99, "Europe/Berlin");
  static final Place TORINO = new Place("192.0.2.71", "IT", "Torino", 45.07, 7.69, "Europe/Rome");
  static final Place LISBON =
      new Place("192.0.2.120", "PT", "Lisboa", 38.72, -9.14, "Europe/Lisbon");
  static final Place LEEDS =
      new Place("198.51.100.24", "GB", "Leeds", 53.8, -1.55, "Europe/London");
  static final Place KRAKOW =
      new Place("198.51.100.90", "PL", "Kraków", 50.06, 19.94, "Europe/Warsaw");
  static final Place OSAKA = new Place("203.0.113.15", "JP", "大阪市", 34.69, 135.5, "Asia/Tokyo");
  static final Place TOKYO = new Place("2001:db8:81::15", "JP", "東京", 35.68, 139.69, "Asia/Tokyo");
  static final Place MONTREAL =
      new Place("2001:db8:514::7", "CA", "Montréal", 45.5, -73.57, "America/Montreal");

  /** Place where nobody of any tenant works. */
  static final Place ABROAD =
      new Place("203.0.113.201", "BR", "São Paulo", -23.55, -46.63, "America/Sao_Paulo");

  /** Another place where nobody of any tenant works. */
  static final Place UNKNOWN_HOST =
      new Place("198.51.100.213", "RO", "Iași", 47.16, 27.59, "Europe/Bucharest");
}
