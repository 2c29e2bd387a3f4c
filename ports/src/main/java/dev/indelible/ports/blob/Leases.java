package dev.indelible.ports.blob;

import java.io.IOException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * Leases on the names of blobs, by which a deleted name is not used again too soon: for adapters
 * whose leases end with their process. Thread-safe.
 */
public final class Leases {

  private final Map<String, Integer> held = new HashMap<>(); // guarded by this
  private final Set<String> deleted = new HashSet<>(); // those of them that are; guarded by this

  /** Counts a lease that is taken. */
  public synchronized void taken(String name) {
    held.merge(name, 1, Integer::sum);
  }

  /** Counts a lease that is given back. */
  public synchronized void givenBack(String name) {
    Integer left = held.computeIfPresent(name, (_, count) -> count == 1 ? null : count - 1);
    if (left == null) {
      deleted.remove(name);
    }
  }

  /** Takes note that the blob of that name was deleted. */
  public synchronized void deleted(String name) {
    if (held.containsKey(name)) {
      deleted.add(name);
    }
  }

  /**
   * Checks that a blob may have that name.
   *
   * @throws IOException when a lease is held on a deleted one
   */
  public synchronized void checkFree(String name) throws IOException {
    if (deleted.contains(name)) {
      throw new IOException(name + ": a deleted blob of this name is still read");
    }
  }
}
