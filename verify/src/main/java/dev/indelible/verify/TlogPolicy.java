package dev.indelible.verify;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Policy file of somebody who relies on logs: which logs, which witnesses, and which of these are
 * enough.
 *
 * <pre>
 * # a comment
 * log &lt;vkey&gt; [&lt;url&gt;]
 * witness &lt;name&gt; &lt;vkey&gt; [&lt;url&gt;]
 * group &lt;name&gt; all|any|&lt;k&gt; &lt;name&gt;…
 * quorum &lt;name&gt;|none                  exactly once
 * </pre>
 *
 * <p>A name is defined on a line before those that use it, and is member of one group at most.
 * Names are compared byte by byte.
 *
 * <p>Source: c2sp.org/tlog-policy. Format: {@code docs/formats/policy.md}.
 *
 * @param logs the logs that are relied on; empty when they are known otherwise
 * @param witnesses all that are named, also those that the quorum does not ask for
 * @param quorum which witnesses are enough
 */
public record TlogPolicy(List<Log> logs, List<Witness> witnesses, Quorum quorum) {

  /** The largest file, in bytes. */
  public static final int MAX_BYTES = 256 * 1024;

  /** The most logs of a file; the source asks for at least 32, of witnesses and groups too. */
  public static final int MAX_LOGS = 1_000;

  /** The most witnesses of a file. */
  public static final int MAX_WITNESSES = 64;

  /** The most groups of a file. */
  public static final int MAX_GROUPS = 64;

  private static final String FORMAT = "policy";
  private static final String NONE = "none";

  public TlogPolicy {
    logs = List.copyOf(logs);
    witnesses = List.copyOf(witnesses);
  }

  /**
   * A log.
   *
   * @param key whose name is the log's origin
   * @param url where it is; null when the file does not say
   */
  public record Log(VerifierKey key, @Nullable String url) {}

  /**
   * A witness.
   *
   * @param name in the file
   * @param key what it cosigns with
   * @param url its submission prefix (c2sp.org/tlog-witness); null when the file does not say
   */
  public record Witness(String name, VerifierKey key, @Nullable String url) {}

  /** Reads a file. The first fault is told with its line. */
  public static Parsed<TlogPolicy> parse(byte[] file) {
    if (file.length > MAX_BYTES) {
      return Parsed.malformed(FORMAT, "file", "has more than " + MAX_BYTES + " bytes");
    }
    // One character for each byte: names are bytes.
    String[] lines = new String(file, StandardCharsets.ISO_8859_1).split("\n", -1);
    Reader reader = new Reader();
    for (int i = 0; i < lines.length; i++) {
      try {
        reader.line(lines[i]);
      } catch (Fault e) {
        return Parsed.malformed(FORMAT, "line " + (i + 1), e.problem);
      }
    }
    Quorum quorum = reader.quorum;
    return quorum == null
        ? Parsed.malformed(FORMAT, "end", "no line says which quorum is needed, or \"quorum none\"")
        : new Parsed.Ok<>(new TlogPolicy(reader.logs, reader.witnesses, quorum));
  }

  private static final class Fault extends Exception {

    private static final long serialVersionUID = 1;

    private final String problem;

    Fault(String problem) {
      super(problem, null, false, false);
      this.problem = problem;
    }
  }

  private static final class Reader {

    private final List<Log> logs = new ArrayList<>();
    private final List<Witness> witnesses = new ArrayList<>();
    private final Map<String, Quorum> known = new HashMap<>();
    private final Set<String> members = new HashSet<>();
    private int groups;
    private @Nullable Quorum quorum;

    void line(String line) throws Fault {
      for (int i = 0; i < line.length(); i++) {
        char c = line.charAt(i);
        if ((c < ' ' && c != '\t') || c == 0x7f) {
          throw new Fault("has a control character");
        }
      }
      List<String> words =
          Arrays.stream(line.split("[ \t]+")).filter(word -> !word.isEmpty()).toList();
      if (words.isEmpty() || words.get(0).startsWith("#")) {
        return;
      }
      List<String> rest = words.subList(1, words.size());
      switch (words.get(0)) {
        case "log" -> log(rest);
        case "witness" -> witness(rest);
        case "group" -> group(rest);
        case "quorum" -> quorum(rest);
        default ->
            throw new Fault("begins with none of log, witness, group, quorum, and is no comment");
      }
    }

    private void log(List<String> words) throws Fault {
      if (words.isEmpty() || words.size() > 2) {
        throw new Fault("is not \"log\", a verifier key, and perhaps an address");
      }
      VerifierKey key = key(words.get(0), false, "a log's");
      if (logs.stream().anyMatch(log -> sameKey(log.key(), key))) {
        throw new Fault("that log's key is given twice");
      }
      if (logs.size() == MAX_LOGS) {
        throw new Fault("more than " + MAX_LOGS + " logs");
      }
      logs.add(new Log(key, words.size() < 2 ? null : text(words.get(1))));
    }

    private void witness(List<String> words) throws Fault {
      if (words.size() < 2 || words.size() > 3) {
        throw new Fault("is not \"witness\", a name, a verifier key, and perhaps an address");
      }
      VerifierKey key = key(words.get(1), true, "a witness's");
      if (witnesses.stream().anyMatch(witness -> sameKey(witness.key(), key))) {
        throw new Fault("that witness's key is given twice");
      }
      if (witnesses.size() == MAX_WITNESSES) {
        throw new Fault("more than " + MAX_WITNESSES + " witnesses");
      }
      String name = text(words.get(0));
      define(words.get(0), new Quorum.Witness(name, key));
      witnesses.add(new Witness(name, key, words.size() < 3 ? null : text(words.get(2))));
    }

    private void group(List<String> words) throws Fault {
      if (words.size() < 3) {
        throw new Fault("is not \"group\", a name, all, any or a number, and a name or more");
      }
      if (++groups > MAX_GROUPS) {
        throw new Fault("more than " + MAX_GROUPS + " groups");
      }
      List<Quorum> rules = new ArrayList<>();
      for (String name : words.subList(2, words.size())) {
        Quorum member = known.get(name);
        if (member == null) {
          throw new Fault(text(name) + " is not defined on a line before");
        }
        if (!members.add(name)) {
          throw new Fault(text(name) + " is a member already");
        }
        rules.add(member);
      }
      define(
          words.get(0), new Quorum.Group(text(words.get(0)), needed(words.get(1), rules), rules));
    }

    private static int needed(String word, List<Quorum> members) throws Fault {
      switch (word) {
        case "all" -> {
          return members.size();
        }
        case "any" -> {
          return 1;
        }
        default -> {
          if (word.matches("[1-9][0-9]{0,3}") && Integer.parseInt(word) <= members.size()) {
            return Integer.parseInt(word);
          }
          throw new Fault(
              "\"" + text(word) + "\" is not all, any, or a number from 1 to " + members.size());
        }
      }
    }

    private void quorum(List<String> words) throws Fault {
      if (words.size() != 1) {
        throw new Fault("is not \"quorum\" and one name");
      }
      if (quorum != null) {
        throw new Fault("is the second that says which quorum is needed");
      }
      String name = words.get(0);
      Quorum named = name.equals(NONE) ? Quorum.NONE : known.get(name);
      if (named == null) {
        throw new Fault(text(name) + " is not defined on a line before");
      }
      quorum = named;
    }

    private void define(String name, Quorum rule) throws Fault {
      if (name.equals(NONE)) {
        throw new Fault("\"none\" is no name of a witness or group");
      }
      if (known.putIfAbsent(name, rule) != null) {
        throw new Fault("the name " + text(name) + " is given twice");
      }
    }

    private static VerifierKey key(String word, boolean cosigns, String whose) throws Fault {
      Parsed<VerifierKey> parsed = VerifierKey.parse(text(word));
      if (parsed instanceof Parsed.Malformed<VerifierKey> malformed) {
        throw new Fault(malformed.message());
      }
      VerifierKey key = parsed.orThrow();
      if (key.type().isCosignature() != cosigns) {
        throw new Fault(key.name() + " has a key that is not " + whose);
      }
      return key;
    }

    private static boolean sameKey(VerifierKey one, VerifierKey other) {
      return Arrays.equals(one.publicKey(), other.publicKey());
    }

    private static String text(String bytes) {
      return new String(bytes.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
    }
  }
}
