package dev.indelible.server;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.DocValues;
import org.apache.lucene.index.FieldInfo;
import org.apache.lucene.index.LeafReader;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.index.SegmentInfos;
import org.apache.lucene.index.SortedDocValues;
import org.apache.lucene.index.SortedSetDocValues;
import org.apache.lucene.index.Terms;
import org.apache.lucene.index.TermsEnum;
import org.apache.lucene.store.FSDirectory;
import org.apache.lucene.util.BytesRef;

/** Searches the dictionaries of a search index, deleted documents' terms included. */
final class IndexTraces {

  private IndexTraces() {}

  /** The fields that hold a value that is looked for, and files that no commit names. */
  static List<String> of(Path generation, Predicate<byte[]> isLookedFor) throws IOException {
    List<String> found = new ArrayList<>();
    try (FSDirectory directory = FSDirectory.open(generation)) {
      Set<String> named = new HashSet<>(SegmentInfos.readLatestCommit(directory).files(true));
      for (String file : directory.listAll()) {
        if (!named.contains(file) && !file.equals("write.lock")) {
          found.add(generation.getFileName() + ": not in the commit: " + file);
        }
      }
      try (DirectoryReader reader = DirectoryReader.open(directory)) {
        for (LeafReaderContext leaf : reader.leaves()) {
          for (FieldInfo field : leaf.reader().getFieldInfos()) {
            if (holds(leaf.reader(), field, isLookedFor)) {
              found.add(generation.getFileName() + ": field " + field.name);
            }
          }
        }
      }
    }
    return found;
  }

  private static boolean holds(LeafReader leaf, FieldInfo field, Predicate<byte[]> isLookedFor)
      throws IOException {
    Terms terms = leaf.terms(field.name);
    if (terms != null && holds(terms.iterator(), isLookedFor)) {
      return true;
    }
    return switch (field.getDocValuesType()) {
      case SORTED -> {
        SortedDocValues values = DocValues.getSorted(leaf, field.name);
        yield holds(values.termsEnum(), isLookedFor);
      }
      case SORTED_SET -> {
        SortedSetDocValues values = DocValues.getSortedSet(leaf, field.name);
        yield holds(values.termsEnum(), isLookedFor);
      }
      case NONE, NUMERIC, SORTED_NUMERIC -> false;
      case BINARY -> throw new AssertionError(field.name + " is binary: look into it");
    };
  }

  private static boolean holds(TermsEnum values, Predicate<byte[]> isLookedFor) throws IOException {
    for (BytesRef value = values.next(); value != null; value = values.next()) {
      if (isLookedFor.test(BytesRef.deepCopyOf(value).bytes)) {
        return true;
      }
    }
    return false;
  }
}
