package dev.indelible.server.deliver;

import dev.indelible.server.disk.SystemDisk;
import dev.indelible.server.event.TenantId;
import dev.indelible.server.query.IpNetwork;
import dev.indelible.server.seal.TenantCipher;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/** Surroundings of deliveries in tests: this machine's receivers are allowed. */
final class Surroundings {

  static final TenantId ACME = new TenantId("acme");
  static final Instant NOW = Instant.parse("2026-11-20T10:00:00Z");
  static final String PUBLIC_URL = "https://audit.example.com";
  static final List<IpNetwork> LOOPBACK =
      List.of(IpNetwork.parse("127.0.0.0/8").orElseThrow(), IpNetwork.parse("::1").orElseThrow());

  private static final long SEED = 15;

  /** What the observer was told: type, a space, outcome. */
  final Queue<String> attempts = new ConcurrentLinkedQueue<>();

  private final Random random = new Random(SEED);
  private @Nullable Path root;
  private @Nullable String publicUrl = PUBLIC_URL;
  private @Nullable MailTerms mail;
  private AddressGuard guard = new AddressGuard(LOOPBACK, InetAddress::getAllByName);

  Surroundings root(@Nullable Path folder) {
    root = folder;
    return this;
  }

  Surroundings mail(@Nullable MailTerms terms) {
    mail = terms;
    return this;
  }

  Surroundings publicUrl(@Nullable String url) {
    publicUrl = url;
    return this;
  }

  Surroundings guard(AddressGuard other) {
    guard = other;
    return this;
  }

  Deliveries.Around around() {
    return new Deliveries.Around(
        new DeliveryTerms(root, List.of(), publicUrl, mail),
        guard,
        new SystemDisk(),
        new TenantCipher(_ -> new byte[32], random),
        () -> NOW,
        (type, outcome, _) -> attempts.add(type + " " + outcome));
  }

  /** A parcel with a file of that content. */
  static Parcel parcel(Path folder, byte[] content) throws IOException {
    Path file = Files.write(folder.resolve("made.csv"), content);
    return new Parcel(
        "run-0199d0c5-1",
        "nightly-2026-11-20.csv",
        "text/csv",
        file,
        content.length,
        sha256(content),
        new Parcel.About(ACME, "x_1", "s_1", "Nightly", 100, 250, 150, NOW));
  }

  static String sha256(byte[] content) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }
}
