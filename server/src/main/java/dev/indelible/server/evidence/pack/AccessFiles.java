package dev.indelible.server.evidence.pack;

import dev.indelible.server.run.StoredEntry;
import dev.indelible.server.takeout.file.TakenEntry;
import dev.indelible.verify.access.AccessReview;
import dev.indelible.verify.access.AccessReviewCsv;
import dev.indelible.verify.access.PackReviews;
import dev.indelible.verify.access.ReviewFold;
import dev.indelible.verify.audit.Json.MalformedJsonException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The access review of a pack: who had access at the end of its period, folded from the entries of
 * the whole log up to its position. Memory: that of {@link ReviewFold}.
 */
final class AccessFiles implements PackSection {

  /** Folder of its files. */
  static final String FOLDER = PackReviews.FOLDER;

  private final PackTemplate.Section section;
  private final boolean personal;
  private final ReviewFold fold;
  private final SpoolFile jsonSpool;
  private final SpoolFile csvSpool;
  private @Nullable AccessReview review;

  /**
   * Begins it.
   *
   * @param personal whether names may be in it
   * @param folder where its files are compressed to
   */
  AccessFiles(
      PackTemplate.Section section,
      AccessReview.Basis basis,
      boolean personal,
      Path folder,
      String spool)
      throws IOException {
    this.section = section;
    this.personal = personal;
    this.fold = new ReviewFold(basis);
    jsonSpool = new SpoolFile(PackSection.path(section, "json"), folder.resolve(spool + "-json"));
    csvSpool = new SpoolFile(PackSection.path(section, "csv"), folder.resolve(spool + "-csv"));
  }

  /** Takes an entry if it matters to who has access; returns whether. */
  boolean offer(TakenEntry taken) throws IOException {
    StoredEntry stored = taken.stored();
    byte @Nullable [] facts = null;
    byte @Nullable [] names = null;
    switch (stored.body()) {
      case StoredEntry.Whole(var parts) -> {
        facts = parts.facts();
        names = personal ? parts.personal() : null;
      }
      case StoredEntry.PersonalErased erased -> facts = erased.facts();
      case StoredEntry.Purged _ -> {}
    }
    if (facts == null || !fold.reads(facts)) {
      return false;
    }
    try {
      fold.entry(stored.seq(), stored.recordedAtMillis(), facts, facts.length, names);
    } catch (MalformedJsonException e) {
      throw new IOException("entry " + stored.seq() + " cannot be read", e);
    }
    return true;
  }

  /** Takes note of an entry of which the leaf alone is left. */
  void purged(long seq) {
    fold.purged(seq);
  }

  @Override
  public List<SpoolFile.Complete> complete() throws IOException {
    AccessReview made = fold.review();
    review = made;
    jsonSpool.write(made.toJson());
    csvSpool.write(AccessReviewCsv.of(made));
    return List.of(jsonSpool.complete(), csvSpool.complete());
  }

  /** The review, once it is complete. */
  AccessReview review() {
    return Objects.requireNonNull(review, "the review is not complete");
  }

  @Override
  public PackTemplate.Section section() {
    return section;
  }

  /** The entries that gave what people have, each once. */
  @Override
  public long entries() {
    Set<Long> seqs = new LinkedHashSet<>();
    review().people().forEach(one -> one.grants().forEach(grant -> seqs.add(grant.seq())));
    return seqs.size();
  }

  @Override
  public List<Named> named() {
    List<Named> named = new ArrayList<>();
    Set<Long> seqs = new LinkedHashSet<>();
    for (AccessReview.Person person : review().people()) {
      for (AccessReview.Grant grant : person.grants()) {
        if (named.size() < MAX_NAMED && seqs.add(grant.seq())) {
          named.add(
              new Named(
                  grant.seq(),
                  grant.entryId(),
                  grant.kind().jsonName() + " " + grant.what() + " / " + person.key()));
        }
      }
    }
    return named;
  }

  @Override
  public long packedBytes() {
    return jsonSpool.packedBytes() + csvSpool.packedBytes();
  }

  @Override
  public void close() throws IOException {
    jsonSpool.close();
    csvSpool.close();
  }
}
