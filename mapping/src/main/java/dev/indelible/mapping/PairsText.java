package dev.indelible.mapping;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Names with texts, in their order; the elements of a list are one text with commas between. What
 * is neither text nor a plain value is its JSON.
 */
final class PairsText implements DocumentWriter {

  private final List<Pair> pairs = new ArrayList<>();
  private int length;

  /** Name of the list that is being written, and its elements; null outside of one. */
  private @Nullable Name list;

  private @Nullable StringBuilder elements;

  /** Name with its text. */
  record Pair(String name, String text) {}

  List<Pair> pairs() {
    return List.copyOf(pairs);
  }

  @Override
  public void value(@Nullable Name name, JsonNode node) {
    if (node.isContainer()) {
      LeafForm.JSON.write(this, name, node);
    } else if (!node.isNull()) {
      text(name, node.asString());
    }
  }

  @Override
  public void text(@Nullable Name name, String text) {
    length += text.length();
    if (length > MAX_DOCUMENT_BYTES) {
      throw new Budget.ExceededException(
          "it makes a document of more than %,d bytes".formatted(MAX_DOCUMENT_BYTES));
    }
    StringBuilder into = elements;
    if (into == null) {
      pairs.add(new Pair(name == null ? "" : name.text(), text));
    } else {
      if (!into.isEmpty()) {
        into.append(',');
      }
      into.append(text);
    }
  }

  @Override
  public void number(@Nullable Name name, long number) {
    text(name, Long.toString(number));
  }

  @Override
  public void begin(@Nullable Name name, boolean isList) {
    if (!isList || elements != null) {
      throw new IllegalStateException("pairs hold no objects, and no lists in lists");
    }
    list = name;
    elements = new StringBuilder();
  }

  @Override
  public boolean end() {
    StringBuilder written = elements;
    Name name = list;
    elements = null;
    list = null;
    if (written == null || written.isEmpty()) {
      return false;
    }
    pairs.add(new Pair(name == null ? "" : name.text(), written.toString()));
    return true;
  }
}
