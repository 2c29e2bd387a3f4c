package dev.indelible.server.deliver;

import dev.indelible.server.disk.Disk;
import dev.indelible.server.disk.DiskFile;
import dev.indelible.server.event.TenantId;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * A folder of a tenant below the operator's root. A file appears whole, under its name: it is
 * written beside it, made durable, and renamed. A second attempt puts the same file in its place.
 *
 * <p>Below the root no symbolic link is followed. Whoever may write there, outside this program, is
 * trusted not to exchange folders meanwhile.
 */
final class DirectoryDelivery implements Delivery {

  private static final int BUFFER_BYTES = 128 * 1024;
  private static final String PROBE = ".indelible-test";

  private final Disk disk;
  private final Path root;
  private final TenantId tenant;
  private final String path;

  /**
   * A folder.
   *
   * @param root the operator's
   * @param path below the tenant's folder, of the form of {@code Destination.Directory.PATH}
   */
  DirectoryDelivery(Disk disk, Path root, TenantId tenant, String path) {
    this.disk = disk;
    this.root = root;
    this.tenant = tenant;
    this.path = path;
  }

  @Override
  public Outcome deliver(Parcel parcel) throws InterruptedException {
    return attempt(
        folder -> {
          Path part = folder.resolve("." + parcel.id() + ".part");
          // Left by an attempt that a crash ended; the id is this parcel's alone.
          boolean _ = disk.delete(part);
          String sha256;
          try (DiskFile file = disk.create(part)) {
            sha256 = copy(parcel.file(), file);
            file.force();
          }
          if (!sha256.equals(parcel.sha256())) {
            boolean _ = disk.delete(part);
            throw new IOException("the file of export " + parcel.about().export() + " is damaged");
          }
          disk.rename(part, folder.resolve(parcel.fileName()));
          disk.forceDirectory(folder);
          return shown(parcel.fileName());
        });
  }

  @Override
  public Outcome probe() throws InterruptedException {
    return attempt(
        folder -> {
          Path file = folder.resolve(PROBE);
          boolean _ = disk.delete(file);
          try (DiskFile written = disk.create(file)) {
            written.write(ByteBuffer.wrap("test\n".getBytes(StandardCharsets.UTF_8)), 0);
            written.force();
          }
          boolean _ = disk.delete(file);
          return shown("");
        });
  }

  /** Work in the folder, which is there. */
  private interface Work {
    String in(Path folder) throws IOException;
  }

  private Outcome attempt(Work work) throws InterruptedException {
    try {
      return new Outcome.Arrived(work.in(folder()));
    } catch (LinkOnTheWayException e) {
      return new Outcome.Refused(String.valueOf(e.getMessage()));
    } catch (AccessDeniedException e) {
      return new Outcome.Refused("the server may not write to its folder " + shown(""));
    } catch (ClosedByInterruptException e) {
      Thread.interrupted();
      throw new InterruptedException();
    } catch (IOException e) {
      return new Outcome.Failed(shown("") + " cannot be written to: " + why(e));
    }
  }

  /** A reason without the server's own paths, which are none of a tenant's business. */
  private String why(IOException e) {
    String message = String.valueOf(e.getMessage());
    return message.replace(root.toString(), "…");
  }

  /** The folder as tenants know it. */
  private String shown(String file) {
    String folder = path.isEmpty() ? tenant.value() : tenant.value() + "/" + path;
    return file.isEmpty() ? folder : folder + "/" + file;
  }

  /** Makes what is missing of the folder, durably, and follows no link on the way. */
  private Path folder() throws IOException {
    if (!disk.isDirectory(root)) {
      throw new IOException("the folder that the operator named for deliveries is not there");
    }
    Path folder = root;
    for (String name : shown("").split("/", -1)) {
      Path next = folder.resolve(name);
      if (!Files.exists(next, LinkOption.NOFOLLOW_LINKS)) {
        disk.createDirectory(next);
        disk.forceDirectory(folder);
      }
      if (!Files.isDirectory(next, LinkOption.NOFOLLOW_LINKS)) {
        throw new LinkOnTheWayException(shown("") + ": " + name + " is a link, or no folder");
      }
      folder = next;
    }
    return folder;
  }

  private static String copy(Path from, DiskFile to) throws IOException {
    MessageDigest sha256 = sha256();
    byte[] buffer = new byte[BUFFER_BYTES];
    long offset = 0;
    try (InputStream in = new DigestInputStream(Files.newInputStream(from), sha256)) {
      int read;
      while ((read = in.read(buffer)) >= 0) {
        to.write(ByteBuffer.wrap(buffer, 0, read), offset);
        offset += read;
      }
    }
    return HexFormat.of().formatHex(sha256.digest());
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  /** Fault of a folder that is a link, or none. */
  private static final class LinkOnTheWayException extends IOException {
    private static final long serialVersionUID = 1L;

    LinkOnTheWayException(String message) {
      super(message);
    }
  }
}
