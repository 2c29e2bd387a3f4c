package dev.indelible.cli.witness;

import dev.indelible.verify.Ed25519Key;
import dev.indelible.verify.MlDsa44Key;
import dev.indelible.verify.NoteSigner;
import dev.indelible.verify.Parsed;
import dev.indelible.verify.Sha256;
import dev.indelible.verify.SignedCheckpoint;
import dev.indelible.verify.VerifierKey;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;

/**
 * Durable state of a witness: its key, and of each log the largest checkpoint that it cosigned.
 *
 * <pre>
 * witness.key            the seed, hexadecimal; mode 0600
 * witness.vkey           the verifier key, for others
 * witness-mldsa44.key    a second private key, PKCS#8 in base64; mode 0600
 * witness-mldsa44.vkey   its verifier key, for others
 * LOCK                   locked while a witness runs
 * logs/&lt;sha-256 of the origin&gt;.checkpoint    the note, with the cosignature
 * evidence/&lt;sha-256 of the origin&gt;-&lt;n&gt;.txt   requests that contradict it
 * </pre>
 *
 * <p>A file is written anew, forced, then renamed, then its folder is forced: a crash leaves the
 * old checkpoint or the new one. Who uses it keeps others from changing the same log meanwhile.
 */
public final class WitnessState implements AutoCloseable {

  /** Requests that are kept as evidence against one log; further ones say nothing new. */
  static final int MAX_EVIDENCE = 16;

  private final Path directory;
  private final FileChannel lockFile;
  private final List<NoteSigner> signers;

  private WitnessState(Path directory, FileChannel lockFile, List<NoteSigner> signers) {
    this.directory = directory;
    this.lockFile = lockFile;
    this.signers = List.copyOf(signers);
  }

  /**
   * Opens the state of a witness, or begins one.
   *
   * @param name the witness's name, such as {@code witness.example.net/w1}
   * @throws IOException when it belongs to another name, is in use, or has lost what it cosigned
   */
  public static WitnessState open(Path directory, String name, RandomGenerator random)
      throws IOException {
    Files.createDirectories(directory);
    FileChannel lockFile =
        FileChannel.open(
            directory.resolve("LOCK"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    boolean complete = false;
    try {
      lock(lockFile, directory);
      NoteSigner first = signer(directory, name, random);
      NoteSigner second = mlDsaSigner(directory, name);
      complete = true;
      return new WitnessState(directory, lockFile, List.of(first, second));
    } finally {
      if (!complete) {
        lockFile.close();
      }
    }
  }

  private static void lock(FileChannel lockFile, Path directory) throws IOException {
    try {
      FileLock lock = lockFile.tryLock();
      if (lock == null) {
        throw new IOException(directory + " is used by another witness");
      }
    } catch (OverlappingFileLockException e) {
      throw new IOException(directory + " is used by another witness", e);
    }
  }

  private static NoteSigner signer(Path directory, String name, RandomGenerator random)
      throws IOException {
    Path keyFile = directory.resolve("witness.key");
    Path verifier = directory.resolve("witness.vkey");
    Path logs = directory.resolve("logs");
    if (!Files.exists(keyFile)) {
      Files.createDirectories(logs);
      byte[] seed = new byte[Ed25519Key.SEED_BYTES];
      random.nextBytes(seed);
      replace(keyFile, HexFormat.of().formatHex(seed) + "\n");
    }
    if (!Files.isDirectory(logs)) {
      throw new IOException(
          logs
              + " is gone: this witness does not know any more what it cosigned. Begin another one,"
              + " with another name and key");
    }
    byte[] seed = HexFormat.of().parseHex(Files.readString(keyFile).strip());
    NoteSigner signer =
        new NoteSigner(name, VerifierKey.Type.COSIGNATURE_V1, Ed25519Key.fromSeed(seed));
    String own = signer.verifierKey() + "\n";
    if (!Files.exists(verifier)) {
      replace(verifier, own);
    } else if (!Files.readString(verifier).equals(own)) {
      throw new IOException(verifier + " is that of another name or key than " + name);
    }
    return signer;
  }

  /**
   * A witness of before the second key gets one. The public half is written last: with it both
   * count.
   */
  private static NoteSigner mlDsaSigner(Path directory, String name) throws IOException {
    Path keyFile = directory.resolve("witness-mldsa44.key");
    Path verifier = directory.resolve("witness-mldsa44.vkey");
    if (!Files.exists(verifier)) {
      NoteSigner made = signer(name, keyFile, MlDsa44Key.generate());
      replace(verifier, made.verifierKey() + "\n");
      return made;
    }
    VerifierKey known = VerifierKey.parse(Files.readString(verifier).strip()).orThrow();
    if (known.type() != VerifierKey.Type.ML_DSA_44 || !known.name().equals(name)) {
      throw new IOException(verifier + " is that of another name or key than " + name);
    }
    byte[] pkcs8 = Base64.getDecoder().decode(Files.readString(keyFile).strip());
    return switch (MlDsa44Key.of(pkcs8, known.publicKey())) {
      case Parsed.Ok<MlDsa44Key>(MlDsa44Key key) -> new NoteSigner(name, key);
      case Parsed.Malformed<MlDsa44Key> malformed ->
          throw new IOException(keyFile + ": " + malformed.message());
    };
  }

  private static NoteSigner signer(String name, Path keyFile, MlDsa44Key key) throws IOException {
    replace(keyFile, Base64.getEncoder().encodeToString(key.toPkcs8()) + "\n");
    return new NoteSigner(name, key);
  }

  /** Keys that the witness signs with, each checkpoint with every one: Ed25519, ML-DSA-44. */
  public List<NoteSigner> signers() {
    return signers;
  }

  /**
   * The largest checkpoint of a log that was cosigned, if one was.
   *
   * @throws IOException when what is there cannot be read: nothing more may be cosigned then
   */
  Optional<SignedCheckpoint> newest(String origin) throws IOException {
    return newestByHash(name(origin));
  }

  /**
   * The largest checkpoint that was cosigned of the log whose origin has this SHA-256, if one was.
   *
   * @param originHash 64 hexadecimal digits in lower case
   * @throws IOException as {@link #newest} does
   */
  Optional<SignedCheckpoint> newestByHash(String originHash) throws IOException {
    Path file = file(originHash);
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    Parsed<SignedCheckpoint> read = SignedCheckpoint.parse(Files.readAllBytes(file));
    if (read instanceof Parsed.Ok<SignedCheckpoint>(SignedCheckpoint checkpoint)
        && name(checkpoint.checkpoint().origin()).equals(originHash)) {
      return Optional.of(checkpoint);
    }
    throw new IOException(file + " is damaged; restore it, or end this witness");
  }

  /** Remembers a checkpoint; durable when this returns. */
  void remember(SignedCheckpoint checkpoint) throws IOException {
    replace(file(name(checkpoint.checkpoint().origin())), checkpoint.note().toString());
  }

  /** Keeps a request that contradicts what was cosigned, unless there are many of that log. */
  void keepEvidence(String origin, byte[] request) throws IOException {
    Path folder = directory.resolve("evidence");
    Files.createDirectories(folder);
    String name = name(origin);
    long known;
    try (Stream<Path> files = Files.list(folder)) {
      known = files.filter(file -> file.getFileName().toString().startsWith(name)).count();
    }
    if (known < MAX_EVIDENCE) {
      replace(
          folder.resolve(name + "-" + (known + 1) + ".txt"),
          new String(request, StandardCharsets.UTF_8));
    }
  }

  private Path file(String originHash) {
    return directory.resolve("logs").resolve(originHash + ".checkpoint");
  }

  private static String name(String origin) {
    return HexFormat.of().formatHex(Sha256.of(origin));
  }

  /** Writes a file anew, for its owner alone; durable when this returns. */
  private static void replace(Path file, String text) throws IOException {
    Path written = file.resolveSibling(file.getFileName() + ".tmp");
    Files.deleteIfExists(written);
    Files.createFile(
        written,
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    try (FileChannel channel = FileChannel.open(written, StandardOpenOption.WRITE)) {
      ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
      channel.force(true);
    }
    Files.move(written, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    Path parent = file.toAbsolutePath().getParent();
    if (parent != null) {
      try (FileChannel folder = FileChannel.open(parent, StandardOpenOption.READ)) {
        folder.force(true);
      }
    }
  }

  @Override
  public void close() throws IOException {
    lockFile.close();
  }
}
