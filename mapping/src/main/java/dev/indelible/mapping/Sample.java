package dev.indelible.mapping;

import java.io.InputStream;
import java.util.List;
import java.util.Optional;

/**
 * Records of a source, as its product writes them, that come with the program for a first try. All
 * names in them are invented.
 *
 * @param fileName the name of the file, such as {@code keycloak.json}
 */
public record Sample(String fileName) {

  private static final String FOLDER = "sample/";

  private static final List<String> FILES =
      List.of(
          "auditd.log",
          "cloudtrail.json",
          "entra.json",
          "gcp.json",
          "github.ndjson",
          "gitlab.ndjson",
          "journald.ndjson",
          "keycloak-log.txt",
          "keycloak.json",
          "kubernetes.ndjson",
          "okta.ndjson",
          "pgaudit-json.ndjson",
          "pgaudit.csv",
          "spring-log.txt",
          "spring.json",
          "vault.ndjson");

  /** The sample of the built-in map {@code map}, or empty when it has none. */
  public static Optional<Sample> of(String map) {
    return FILES.stream()
        .filter(file -> file.substring(0, file.lastIndexOf('.')).equals(map))
        .findFirst()
        .map(Sample::new);
  }

  /**
   * A stream of its bytes, for the caller to close.
   *
   * @throws IllegalStateException when the file is missing, which is a fault of the build
   */
  public InputStream open() {
    InputStream stream = Sample.class.getResourceAsStream(FOLDER + fileName);
    if (stream == null) {
      throw new IllegalStateException("the sample " + fileName + " is not part of the program");
    }
    return stream;
  }
}
