package dev.indelible.mapping;

import dev.indelible.mapping.YamlNode.Members;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads the steps of a map that take apart what is written in another value. */
final class StepReader {

  /** The most steps of a map. */
  static final int MAX_STEPS = 64;

  /** The most columns of CSV that a map names. */
  static final int MAX_COLUMNS = 1_000;

  private static final Pattern NAME = Pattern.compile("[a-z][A-Za-z0-9_]*");
  private static final Set<String> KEYS =
      Set.of("at", "as", "into", "pattern", "key", "value", "columns", "separator");

  private final boolean isVersion2;
  private final Set<String> made = new LinkedHashSet<>();

  StepReader(boolean isVersion2) {
    this.isVersion2 = isVersion2;
  }

  /**
   * Steps of a map.
   *
   * @param made names of their results
   */
  record Result(List<Step> steps, Set<String> made) {}

  Result read(List<YamlNode> items) {
    if (items.size() > MAX_STEPS) {
      throw items.getLast().invalid("has more than %d steps".formatted(MAX_STEPS));
    }
    List<Step> steps = new ArrayList<>();
    for (YamlNode item : items) {
      steps.add(step(item));
    }
    return new Result(steps, made);
  }

  private Step step(YamlNode value) {
    Members step = value.members("parse.");
    step.allow(KEYS);
    YamlNode at = step.need("at");
    Pointer pointer =
        new ExpressionReader(isVersion2, Set.of(), made, new Places()).pointer(at, at.text(), true);
    if (pointer.start() == Pointer.Start.OUTER || pointer.start() == Pointer.Start.RECORD) {
      throw at.invalid("starts at the record, as /a does, or at a step's result, as @name does");
    }
    StepForm form = form(value, step);
    YamlNode into = step.get("into");
    if (into == null) {
      if (!form.isWhole()) {
        throw value.invalid("needs \"into\": it does not say all that the text does");
      }
      return new Step(pointer, form, null);
    }
    if (!NAME.matcher(into.text()).matches()) {
      throw into.invalid("is a name of letters, digits and _ that begins with a small letter");
    }
    if (pointer.segments().contains(Pointer.Segment.ALL)) {
      throw at.invalid("has a *, which only a step without \"into\" may have");
    }
    made.add(into.text());
    return new Step(pointer, form, into.text());
  }

  private static StepForm form(YamlNode value, Members step) {
    YamlNode pattern = step.get("pattern");
    YamlNode as = step.get("as");
    if ((pattern == null) == (as == null)) {
      throw value.invalid("needs one of \"as\" and \"pattern\"");
    }
    if (pattern != null) {
      only(step, Set.of("pattern"));
      List<Regex> patterns = pattern.items().stream().map(ExpressionReader::regex).toList();
      if (patterns.isEmpty() || patterns.stream().anyMatch(one -> one.groups().isEmpty())) {
        throw pattern.invalid("needs a named group, such as (?<user>…)");
      }
      return new StepForm.Groups(patterns);
    }
    return named(step, step.need("as"));
  }

  private static StepForm named(Members step, YamlNode as) {
    return switch (as.text()) {
      case "json" -> only(step, Set.of("as"), new StepForm.Json());
      case "bytes" -> only(step, Set.of("as"), new StepForm.Bytes());
      case "base64" -> only(step, Set.of("as"), new StepForm.Base64Text());
      case "keyvalue" -> only(step, Set.of("as"), new StepForm.KeyValue());
      case "pairs" -> {
        only(step, Set.of("as", "key", "value"));
        step.need("value");
        yield new StepForm.Pairs(step.need("key").text(), step.texts("value"));
      }
      case "csv" -> {
        only(step, Set.of("as", "columns", "separator"));
        step.need("columns");
        yield new StepForm.Csv(columns(step), separator(step.get("separator")));
      }
      default ->
          throw as.invalid("is json, pairs, bytes, base64, keyvalue or csv, not " + as.text());
    };
  }

  private static StepForm only(Members step, Set<String> keys, StepForm form) {
    only(step, keys);
    return form;
  }

  private static void only(Members step, Set<String> keys) {
    step.allow(YamlNode.with(keys, "at", "into"));
  }

  /** The names of columns, each once. */
  static List<String> columns(Members of) {
    List<String> columns = of.texts("columns");
    if (Set.copyOf(columns).size() != columns.size() || columns.size() > MAX_COLUMNS) {
      throw of.need("columns")
          .invalid("names each column once, and at most %d".formatted(MAX_COLUMNS));
    }
    return columns;
  }

  /** A separator of cells; a comma where none is named. */
  static char separator(@Nullable YamlNode value) {
    if (value == null) {
      return ',';
    }
    String text = value.text();
    if (text.length() != 1 || "\"\r\n".contains(text)) {
      throw value.invalid("is one character, neither a quote nor a line break");
    }
    return text.charAt(0);
  }
}
