package dev.indelible.server.query;

import dev.indelible.server.event.Entry;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * An entry with its terms laid out, so that any number of {@link FilterEvaluator}s can look at it
 * for the price of laying them out once. Not thread-safe.
 */
public final class SearchableEntry {

  private final Entry entry;
  private final Map<TermKind, NavigableSet<String>> words = new EnumMap<>(TermKind.class);
  private final List<Atom.Target> targets = new ArrayList<>();
  private @Nullable IpNetwork address;

  /** Lays out the terms of {@code entry}. */
  public SearchableEntry(Entry entry) {
    this.entry = entry;
    new EntryTerms().of(entry, new Terms());
  }

  /** The entry. */
  public Entry entry() {
    return entry;
  }

  boolean matches(Atom atom) {
    return switch (atom) {
      case Atom.Word(TermKind kind, String text, boolean prefix) -> {
        NavigableSet<String> terms = words.get(kind);
        if (terms == null) {
          yield false;
        }
        String first = terms.ceiling(text);
        yield first != null && (prefix ? first.startsWith(text) : first.equals(text));
      }
      case Atom.Name(TermKind kind, String text, boolean prefix) ->
          words.getOrDefault(kind, new TreeSet<>()).stream()
              .anyMatch(name -> NameWords.has(name, text, prefix));
      case Atom.Target wanted -> targets.stream().anyMatch(target -> matches(wanted, target));
      case Atom.Address(IpNetwork network) -> address != null && network.contains(address);
    };
  }

  private static boolean matches(Atom.Target wanted, Atom.Target target) {
    return (wanted.type() == null || wanted.type().equals(target.type()))
        && (wanted.prefix()
            ? target.id().startsWith(wanted.id())
            : target.id().equals(wanted.id()));
  }

  private final class Terms implements EntryTerms.Sink {

    @Override
    public void word(TermKind kind, String text) {
      words.computeIfAbsent(kind, k -> new TreeSet<>()).add(text);
    }

    @Override
    public void target(String type, String id) {
      targets.add(new Atom.Target(type, id, false));
    }

    @Override
    public void address(IpNetwork address) {
      SearchableEntry.this.address = address;
    }

    @Override
    public void token(char[] buffer, int offset, int length) {
      word(TermKind.TEXT, new String(buffer, offset, length));
    }
  }
}
