package dev.indelible.server.index;

import dev.indelible.ports.journal.Position;
import dev.indelible.server.event.TenantId;
import dev.indelible.server.query.Field;
import dev.indelible.server.query.Filter;
import dev.indelible.server.query.Order;
import dev.indelible.server.query.TenantScope;
import java.io.EOFException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BooleanSupplier;
import java.util.function.LongConsumer;
import org.apache.lucene.codecs.Codec;
import org.apache.lucene.codecs.CodecUtil;
import org.apache.lucene.codecs.DocValuesFormat;
import org.apache.lucene.codecs.lucene104.Lucene104Codec;
import org.apache.lucene.codecs.lucene90.Lucene90DocValuesFormat;
import org.apache.lucene.index.ConcurrentMergeScheduler;
import org.apache.lucene.index.CorruptIndexException;
import org.apache.lucene.index.IndexFormatTooNewException;
import org.apache.lucene.index.IndexFormatTooOldException;
import org.apache.lucene.index.IndexNotFoundException;
import org.apache.lucene.index.IndexReader;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.index.SegmentInfos;
import org.apache.lucene.index.SegmentReader;
import org.apache.lucene.index.Terms;
import org.apache.lucene.index.TermsEnum;
import org.apache.lucene.index.TieredMergePolicy;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.SearcherFactory;
import org.apache.lucene.search.SearcherManager;
import org.apache.lucene.search.Sort;
import org.apache.lucene.search.SortField;
import org.apache.lucene.store.ChecksumIndexInput;
import org.apache.lucene.store.Directory;
import org.apache.lucene.store.FSDirectory;
import org.apache.lucene.store.LockObtainFailedException;
import org.apache.lucene.util.BytesRef;
import org.apache.lucene.util.IOUtils;
import org.jspecify.annotations.Nullable;

/**
 * The event index in a directory of its own, by Lucene.
 *
 * <p>All tenants share it. Segments are sorted by tenant, then newest first, so that a tenant's
 * documents are neighbours in each ({@link TenantSpan}) and a page of the newest ends early ({@link
 * PageMerge}); so does one by occurrence, by the bounds of the times of blocks ({@link
 * OccurrencePage}). What is in a document is in {@link EntryDocument}, and in {@code
 * docs/formats/index.md}.
 */
public final class LuceneIndex implements EventIndex {

  /** The version of what is written; raised whenever an older index would answer wrongly. */
  static final int FORMAT = 3;

  private static final String FORMAT_KEY = "indelible.format";
  private static final String POSITION_KEY = "indelible.position";
  private static final double BUFFER_MEBIBYTES = 64;

  /**
   * Segments below this size are merged as if they had it: Lucene's 16 MiB would merge what a
   * second of ingest leaves again and again.
   */
  private static final double FLOOR_MEBIBYTES = 2;

  /** Segments of about one size before they are merged; more cost each question a little. */
  private static final double SEGMENTS_PER_TIER = 16;

  private static final int MAX_PENDING_MERGES = 6;
  private static final int MERGE_THREADS = 1;
  private static final double MAX_REMOVED_PERCENT = 20;
  private static final int CHECKED_AT_ONCE_BYTES = 256 * 1024;

  private static final Comparator<Indexable> NEWEST_FIRST =
      Comparator.comparingLong(Indexable::seq).reversed();

  private final Directory directory;
  private final IndexWriter writer;
  private final SearcherManager searchers;
  private final KnownSpans spans = new KnownSpans();

  // The rest is guarded by this.
  private final DocumentMaker documents = new DocumentMaker();
  private final AppliedSeqs applied = new AppliedSeqs();
  private Position committed;

  private LuceneIndex(Directory directory, IndexWriter writer, Position committed)
      throws IOException {
    this.directory = directory;
    this.writer = writer;
    this.committed = committed;
    searchers =
        new SearcherManager(
            writer,
            new SearcherFactory() {
              @Override
              public IndexSearcher newSearcher(IndexReader reader, @Nullable IndexReader previous) {
                IndexSearcher searcher = new IndexSearcher(reader);
                // Entries of a cache would be per tenant and query, and hardly ever hit.
                searcher.setQueryCache(null);
                return searcher;
              }
            });
    boolean learnt = false;
    try {
      learnAppliedSeqs();
      learnt = true;
    } finally {
      if (!learnt) {
        IOUtils.closeWhileHandlingException(searchers);
      }
    }
  }

  /**
   * Opens the index in {@code path}.
   *
   * @param verify whether to read everything and compare checksums first; without it a flipped bit
   *     in a large file is noticed only by {@link #checkIntegrity}
   * @throws IOException when the directory cannot be read, or another process has it open
   */
  public static IndexOpening open(Path path, boolean verify) throws IOException {
    Directory directory = FSDirectory.open(path);
    LuceneIndex index = null;
    try {
      Map<String, String> data = SegmentInfos.readLatestCommit(directory).getUserData();
      int format = Integer.parseInt(data.getOrDefault(FORMAT_KEY, "0"));
      if (format != FORMAT) {
        return unusable(
            format > FORMAT ? IndexOpening.Reason.NEWER_VERSION : IndexOpening.Reason.OLDER_VERSION,
            path + " has format " + format + ", not " + FORMAT);
      }
      Position position = new Position(Long.parseLong(data.getOrDefault(POSITION_KEY, "-1")));
      if (verify) {
        checkCommitted(directory);
      }
      index = write(directory, IndexWriterConfig.OpenMode.APPEND, position);
      return new IndexOpening.Opened(index);
    } catch (IndexNotFoundException e) {
      return unusable(IndexOpening.Reason.MISSING, "no index in " + path);
    } catch (IndexFormatTooNewException e) {
      return unusable(IndexOpening.Reason.NEWER_VERSION, String.valueOf(e.getMessage()));
    } catch (IndexFormatTooOldException e) {
      return unusable(IndexOpening.Reason.OLDER_VERSION, String.valueOf(e.getMessage()));
    } catch (CorruptIndexException
        | EOFException
        | FileNotFoundException
        | NoSuchFileException
        | RuntimeException
        | AssertionError e) { // what reading damaged files ends with
      return unusable(IndexOpening.Reason.CORRUPT, path + ": " + e);
    } catch (LockObtainFailedException | FileSystemException e) {
      throw e;
    } catch (IOException | InternalError e) {
      // A decompressor that met a wrong length says no more than this, nor does a disk that fails.
      if (isDamaged(directory)) {
        return unusable(IndexOpening.Reason.CORRUPT, path + ": " + e);
      }
      throw e;
    } finally {
      if (index == null) {
        directory.close();
      }
    }
  }

  /** Makes an empty index in {@code path}, in place of whatever index is there. */
  public static EventIndex create(Path path) throws IOException {
    LuceneIndex index =
        write(FSDirectory.open(path), IndexWriterConfig.OpenMode.CREATE, Position.START);
    index.commit(Position.START);
    return index;
  }

  private static LuceneIndex write(
      Directory directory, IndexWriterConfig.OpenMode mode, Position committed) throws IOException {
    IndexWriter writer = new IndexWriter(directory, config().setOpenMode(mode));
    LuceneIndex index = null;
    try {
      index = new LuceneIndex(directory, writer, committed);
      return index;
    } finally {
      if (index == null) {
        // Frees the files and the lock; what is on disk stays as it is.
        IOUtils.closeWhileHandlingException(writer::rollback);
      }
    }
  }

  private static IndexOpening unusable(IndexOpening.Reason reason, String detail) {
    return new IndexOpening.Unusable(reason, detail);
  }

  private static IndexWriterConfig config() {
    ConcurrentMergeScheduler scheduler = new ConcurrentMergeScheduler();
    scheduler.setMaxMergesAndThreads(MAX_PENDING_MERGES, MERGE_THREADS);
    scheduler.disableAutoIOThrottle();
    TieredMergePolicy policy = new TieredMergePolicy();
    policy.setDeletesPctAllowed(MAX_REMOVED_PERCENT);
    policy.setForceMergeDeletesPctAllowed(0);
    policy.setFloorSegmentMB(FLOOR_MEBIBYTES);
    policy.setSegmentsPerTier(SEGMENTS_PER_TIER);
    IndexWriterConfig config = new IndexWriterConfig(null);
    config.setRAMBufferSizeMB(BUFFER_MEBIBYTES);
    config.setMergeScheduler(scheduler);
    config.setMergePolicy(policy);
    config.setCommitOnClose(false);
    config.setCodec(codec());
    config.setIndexSort(
        new Sort(
            new SortField(EntryDocument.TENANT, SortField.Type.STRING),
            new SortField(EntryDocument.SEQ, SortField.Type.LONG, true)));
    return config;
  }

  /** Lucene's own codec, which keeps the bounds of times for smaller blocks than usual. */
  private static Codec codec() {
    DocValuesFormat values = new Lucene90DocValuesFormat(TimeBlock.DOCUMENTS);
    return new Lucene104Codec() {
      @Override
      public DocValuesFormat getDocValuesFormatForField(String field) {
        return values;
      }
    };
  }

  private static void checkCommitted(Directory directory) throws IOException {
    for (String file : SegmentInfos.readLatestCommit(directory).files(true)) {
      checkFile(directory, file, _ -> {});
    }
  }

  /** Whether a file of the last commit cannot be read, or is not what was written. */
  private static boolean isDamaged(Directory directory) {
    try {
      checkCommitted(directory);
      return false;
    } catch (IOException | InternalError damage) {
      return true;
    }
  }

  private void learnAppliedSeqs() throws IOException {
    IndexSearcher searcher = searchers.acquire();
    try {
      for (LeafReaderContext leaf : searcher.getLeafContexts()) {
        Terms terms = leaf.reader().terms(EntryDocument.TERMS);
        TermsEnum tenants = terms == null ? TermsEnum.EMPTY : terms.iterator();
        BytesRef first = new BytesRef(new byte[] {TermBytes.TENANT});
        if (tenants.seekCeil(first) == TermsEnum.SeekStatus.END) {
          continue;
        }
        BytesRef term = tenants.term();
        while (term != null && term.bytes[term.offset] == TermBytes.TENANT) {
          String tenant = new BytesRef(term.bytes, term.offset + 1, term.length - 1).utf8ToString();
          applied.raise(tenant, TenantSpan.highestSeq(leaf, tenants));
          term = tenants.next();
        }
      }
    } finally {
      searchers.release(searcher);
    }
  }

  @Override
  public synchronized void apply(List<Indexable> entries) throws IOException {
    // The order of the segments: a segment whose documents come in its order is written without
    // sorting every term's documents.
    Map<TenantId, List<Indexable>> byTenant = new HashMap<>();
    for (Indexable entry : entries) {
      byTenant.computeIfAbsent(entry.tenant(), _ -> new ArrayList<>()).add(entry);
    }
    List<TenantId> tenants = new ArrayList<>(byTenant.keySet());
    tenants.sort(null);
    List<Indexable> ordered = new ArrayList<>(entries.size());
    for (TenantId tenant : tenants) {
      List<Indexable> ofTenant = byTenant.get(tenant);
      if (ofTenant != null) {
        // They come oldest first, or nearly; the sort is stable, so of doubles the later is last.
        ofTenant.sort(NEWEST_FIRST);
        removeReplaced(tenant, ofTenant);
        addStanding(ofTenant, ordered);
      }
    }
    documents.forEach(ordered, writer::addDocument);
  }

  private void removeReplaced(TenantId tenant, List<Indexable> newestFirst) throws IOException {
    long highest = applied.highest(tenant.value());
    List<SeqRange> replaced = new ArrayList<>();
    for (Indexable entry : newestFirst) {
      if (entry.seq() <= highest) {
        replaced.add(new SeqRange(entry.seq(), entry.seq()));
      }
    }
    remove(tenant, replaced);
    applied.raise(tenant.value(), newestFirst.getFirst().seq());
  }

  private static void addStanding(List<Indexable> newestFirst, List<Indexable> to) {
    for (int i = 0; i < newestFirst.size(); i++) {
      Indexable entry = newestFirst.get(i);
      if (i + 1 == newestFirst.size() || newestFirst.get(i + 1).seq() != entry.seq()) {
        to.add(entry);
      }
    }
  }

  @Override
  public synchronized void remove(TenantId tenant, List<SeqRange> ranges) throws IOException {
    if (!ranges.isEmpty()) {
      writer.deleteDocuments(new SeqRangesQuery(tenant.value(), ranges));
    }
  }

  @Override
  public synchronized void deleteAll() throws IOException {
    writer.deleteAll();
    applied.clear();
    commit(Position.START);
  }

  @Override
  public synchronized void commit(Position position) throws IOException {
    Map<String, String> data =
        Map.of(FORMAT_KEY, Integer.toString(FORMAT), POSITION_KEY, Long.toString(position.value()));
    writer.setLiveCommitData(data.entrySet());
    writer.commit();
    committed = position;
  }

  @Override
  public synchronized Position committed() {
    return committed;
  }

  @Override
  public void refresh() throws IOException {
    searchers.maybeRefreshBlocking();
  }

  @Override
  public CompiledQuery compile(TenantScope scope, Filter filter, BooleanSupplier stop)
      throws IOException {
    IndexSearcher searcher = searchers.acquire();
    LuceneQuery query = null;
    try {
      QueryBinding binding = new QueryBinding(searcher, scope.tenant().value(), spans, stop);
      query = new LuceneQuery(searchers, binding, scope.restrict(filter));
      return query;
    } finally {
      if (query == null) {
        searchers.release(searcher);
      }
    }
  }

  @Override
  public OptionalLong find(TenantScope scope, String id) throws IOException {
    if (id.isEmpty()) {
      return OptionalLong.empty();
    }
    try (CompiledQuery query = compile(scope, Filter.term(Field.ID, id), () -> false)) {
      long[] found = query.first(Order.NEWEST_FIRST, 1);
      return found.length == 0 ? OptionalLong.empty() : OptionalLong.of(found[0]);
    }
  }

  @Override
  public void expunge() throws IOException {
    writer.forceMergeDeletes(true);
    refresh();
    synchronized (this) {
      commit(committed);
    }
  }

  @Override
  public void checkIntegrity(LongConsumer read) throws IOException {
    Set<String> files = new TreeSet<>();
    IndexSearcher searcher = searchers.acquire();
    try {
      for (LeafReaderContext leaf : searcher.getLeafContexts()) {
        if (leaf.reader() instanceof SegmentReader segment) {
          files.addAll(segment.getSegmentInfo().files());
        }
      }
    } finally {
      searchers.release(searcher);
    }
    for (String file : files) {
      try {
        checkFile(directory, file, read);
      } catch (NoSuchFileException | FileNotFoundException merged) {
        // Nobody searches it any more, or a start will miss it.
      }
    }
  }

  private static void checkFile(Directory directory, String file, LongConsumer read)
      throws IOException {
    byte[] piece = new byte[CHECKED_AT_ONCE_BYTES];
    try (ChecksumIndexInput in = directory.openChecksumInput(file)) {
      long left = in.length() - CodecUtil.footerLength();
      while (left > 0) {
        int count = (int) Math.min(left, piece.length);
        in.readBytes(piece, 0, count);
        left -= count;
        read.accept(count);
      }
      CodecUtil.checkFooter(in);
    }
  }

  @Override
  public IndexStats stats() throws IOException {
    long bytes = 0;
    for (String file : directory.listAll()) {
      try {
        bytes += directory.fileLength(file);
      } catch (NoSuchFileException | FileNotFoundException merged) {
        // Gone between the listing and the look at it.
      }
    }
    IndexSearcher searcher = searchers.acquire();
    try {
      var reader = searcher.getIndexReader();
      return new IndexStats(
          reader.numDocs(), reader.numDeletedDocs(), bytes, reader.leaves().size());
    } finally {
      searchers.release(searcher);
    }
  }

  @Override
  public synchronized void close() throws IOException {
    try (directory;
        documents) {
      searchers.close();
      writer.rollback();
    }
  }
}
