package dev.indelible.verify;

import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Rule that says which witnesses are enough: one, or so many of some, each of which is a witness or
 * such a rule again.
 *
 * <p>Source: c2sp.org/tlog-policy.
 */
public sealed interface Quorum {

  /** Rule that asks for nobody. */
  Quorum NONE = new Group("none", 0, List.of());

  /** Whether those who signed are enough. */
  boolean isReachedBy(Collection<VerifierKey> signers);

  /** The witnesses that count, in the order of the rule. */
  Set<VerifierKey> witnesses();

  /** How many witnesses it takes at least. */
  int fewest();

  /** The rule in words, such as {@code 2 of (x1, x2, x3)}. */
  String words();

  /**
   * Any {@code needed} of these witnesses.
   *
   * @throws IllegalArgumentException if a key is no witness's or is given twice, or the number is
   *     out of reach
   */
  static Quorum of(int needed, List<VerifierKey> witnesses) {
    if (new LinkedHashSet<>(witnesses).size() != witnesses.size()) {
      throw new IllegalArgumentException("a witness is given twice");
    }
    if (needed < 0 || needed > witnesses.size()) {
      throw new IllegalArgumentException(
          "a quorum of " + needed + " among " + witnesses.size() + " witnesses");
    }
    List<Quorum> members =
        witnesses.stream().<Quorum>map(key -> new Witness(key.name(), key)).toList();
    return new Group("witnesses", needed, members);
  }

  /**
   * One witness.
   *
   * @param name in the rule; its key may have another one
   * @param key what it cosigns with
   */
  record Witness(String name, VerifierKey key) implements Quorum {

    /**
     * @throws IllegalArgumentException if the key is a log's
     */
    public Witness {
      if (!key.type().isCosignature()) {
        throw new IllegalArgumentException(
            "witnesses have keys of type COSIGNATURE_V1 or ML_DSA_44");
      }
    }

    @Override
    public boolean isReachedBy(Collection<VerifierKey> signers) {
      return signers.contains(key);
    }

    @Override
    public Set<VerifierKey> witnesses() {
      return Set.of(key);
    }

    @Override
    public int fewest() {
      return 1;
    }

    @Override
    public String words() {
      return name;
    }
  }

  /**
   * Rule that asks for so many of these, none of which shares a witness with another.
   *
   * @param name in the rule
   * @param needed how many, from 0
   * @param members witnesses and rules
   */
  record Group(String name, int needed, List<Quorum> members) implements Quorum {

    /**
     * @throws IllegalArgumentException if the number is out of reach
     */
    public Group {
      members = List.copyOf(members);
      if (needed < 0 || needed > members.size()) {
        throw new IllegalArgumentException(needed + " of " + members.size() + " are needed");
      }
    }

    @Override
    public boolean isReachedBy(Collection<VerifierKey> signers) {
      return members.stream().filter(member -> member.isReachedBy(signers)).count() >= needed;
    }

    @Override
    public Set<VerifierKey> witnesses() {
      Set<VerifierKey> all = new LinkedHashSet<>();
      members.forEach(member -> all.addAll(member.witnesses()));
      return all;
    }

    @Override
    public int fewest() {
      return members.stream().mapToInt(Quorum::fewest).sorted().limit(needed).sum();
    }

    @Override
    public String words() {
      return needed
          + " of "
          + members.stream().map(Quorum::words).collect(Collectors.joining(", ", "(", ")"));
    }
  }
}
