package dev.indelible.verify.audit;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.indelible.verify.Checkpoint;
import dev.indelible.verify.Ed25519Key;
import dev.indelible.verify.Hash;
import dev.indelible.verify.Leaf;
import dev.indelible.verify.MerkleTree;
import dev.indelible.verify.NoteSigner;
import dev.indelible.verify.Rfc6962;
import dev.indelible.verify.SignedCheckpoint;
import dev.indelible.verify.VerifierKey;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** A log in memory whose operator can do anything with it, and the exports it makes of it. */
public final class SampleExport {

  static final String ORIGIN = "audit.example.com/t/7f3a";

  final Random random;
  final NoteSigner signer;
  public final List<ExportText.Entry> entries = new ArrayList<>();

  public SampleExport(long seed) {
    random = new Random(seed);
    byte[] key = new byte[32];
    random.nextBytes(key);
    signer = new NoteSigner(ORIGIN, VerifierKey.Type.ED25519, Ed25519Key.fromSeed(key));
  }

  public VerifierKey key() {
    return signer.verifierKey();
  }

  public SampleExport add(int count) {
    for (int i = 0; i < count; i++) {
      int seq = entries.size();
      entries.add(
          entry(
              seq,
              1_795_168_800_000L + seq * 7L,
              "{\"id\":\"e%d\",\"action\":\"user.login\",\"actor\":{\"id\":\"u_%d\"},\"reason\":\"a \\\"b\\\" é\"}"
                  .formatted(seq, random.nextInt(9)),
              seq % 3 == 0 ? null : "{\"actor\":{\"name\":\"Ana %d\"}}".formatted(seq)));
    }
    return this;
  }

  public ExportText.Entry entry(long seq, long millis, String facts, @Nullable String personal) {
    ExportText.Part first = part(facts);
    ExportText.Part second = personal == null ? null : part(personal);
    Leaf leaf =
        new Leaf(
            millis,
            Leaf.digest(first.salt(), first.bytes()),
            second == null ? Leaf.NO_PERSONAL : Leaf.digest(second.salt(), second.bytes()));
    return new ExportText.Entry(
        seq, millis, EntryAudit.Content.WHOLE, leaf.encode(), first, second);
  }

  /** An operator's entry that says what was deleted. */
  void addDeletion(String action, String ranges) {
    long seq = entries.size();
    entries.add(
        entry(
            seq,
            1_795_168_800_000L + seq * 7L,
            "{\"id\":\"d%d\",\"action\":\"%s\",\"details\":{\"why\":\"retention\",\"ranges\":%s}}"
                .formatted(seq, action, ranges),
            null));
  }

  public void set(int seq, EntryAudit.Content content) {
    ExportText.Entry old = entries.get(seq);
    entries.set(
        seq,
        new ExportText.Entry(
            old.seq(),
            old.recordedAtMillis(),
            content,
            old.leaf(),
            content == EntryAudit.Content.PURGED ? null : old.facts(),
            content == EntryAudit.Content.WHOLE ? old.personal() : null));
  }

  private ExportText.Part part(String text) {
    byte[] salt = new byte[Leaf.SALT_BYTES];
    random.nextBytes(salt);
    return new ExportText.Part(text.getBytes(UTF_8), salt);
  }

  List<Hash> leafHashes() {
    return entries.stream().map(entry -> Rfc6962.leafHash(entry.leaf())).toList();
  }

  public SignedCheckpoint checkpoint() {
    return checkpoint(entries.size());
  }

  public SignedCheckpoint checkpoint(int size) {
    return new Checkpoint(ORIGIN, size, Rfc6962.root(leafHashes().subList(0, size))).sign(signer);
  }

  public byte[] export() throws IOException {
    return export(checkpoint());
  }

  byte[] export(SignedCheckpoint checkpoint) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(new ExportHeader("acme", List.of(key()), checkpoint, null, true).encode());
    for (ExportText.Entry entry : entries) {
      ExportText.write(out, entry, null);
    }
    ExportText.writeEnd(out, entries.size());
    return out.toByteArray();
  }

  /** Some of the entries, each with its proof. */
  byte[] exportOf(int... seqs) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(new ExportHeader("acme", List.of(key()), checkpoint(), "actor:u_7", false).encode());
    MerkleTree tree = MerkleTree.ofLeafHashes(leafHashes());
    for (int seq : seqs) {
      ExportText.write(out, entries.get(seq), tree.inclusionProof(seq).hashes());
    }
    ExportText.writeEnd(out, seqs.length);
    return out.toByteArray();
  }
}
