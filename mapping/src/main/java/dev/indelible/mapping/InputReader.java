package dev.indelible.mapping;

import dev.indelible.mapping.Input.Form;
import dev.indelible.mapping.YamlNode.Members;
import java.util.List;
import java.util.Set;

/** Reads how a map says that files are written. */
final class InputReader {

  private InputReader() {}

  /** The input of a map: the name of a form, or an object with more about it. */
  static Input read(YamlNode value) {
    if (value.isText()) {
      return new Input(form(value), ',', List.of(), null);
    }
    Members input = value.members("input.");
    input.allow(Set.of("form", "separator", "columns", "start"));
    Form form = form(input.need("form"));
    input.allow(
        switch (form) {
          case CSV -> Set.of("form", "separator", "columns");
          case LINES -> Set.of("form", "start");
          case JSON, KEY_VALUE, LDIF, AUDITD -> Set.of("form");
        });
    YamlNode start = input.get("start");
    return new Input(
        form,
        StepReader.separator(input.get("separator")),
        StepReader.columns(input),
        start == null ? null : new Input.LineStart(ExpressionReader.regex(start)));
  }

  private static Form form(YamlNode value) {
    return Form.named(value.text())
        .orElseThrow(() -> value.invalid("is one of " + Form.names() + ", not " + value.text()));
  }
}
