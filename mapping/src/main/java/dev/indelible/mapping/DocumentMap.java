package dev.indelible.mapping;

import dev.indelible.mapping.Part.Filling;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Map in the other direction: from an entry to a document, which is a tree whose leaves are values
 * of the language. Its form is described in {@code docs/maps.md}. Immutable, thread-safe.
 */
public final class DocumentMap {

  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  /** Way to write a document. */
  public enum Form {
    /** JSON on one line. */
    JSON,
    /** Common Event Format. */
    CEF,
    /** Log Event Extended Format. */
    LEEF
  }

  /**
   * Value that others are made of.
   *
   * @param name by which they ask for it, with {@code @} in front
   */
  record Let(String name, Expression value) {}

  /**
   * Parts of a document.
   *
   * @param header of CEF and LEEF; empty for JSON
   * @param body the document; of CEF and LEEF the object of names and values behind the header
   */
  record Layout(List<Part> header, Part body) {
    Layout {
      header = List.copyOf(header);
    }
  }

  private final String name;
  private final Form form;
  private final String mediaType;
  private final boolean longNumbersAreText;
  private final List<Step> steps;
  private final List<Let> lets;
  private final Layout layout;
  private final Places places;

  DocumentMap(
      DocumentReader.Head head, List<Step> steps, List<Let> lets, Layout layout, Places places) {
    this.name = head.name();
    this.form = head.form();
    this.mediaType = head.mediaType();
    this.longNumbersAreText = head.longNumbersAreText();
    this.steps = List.copyOf(steps);
    this.lets = List.copyOf(lets);
    this.layout = layout;
    this.places = places;
  }

  /**
   * The map written as {@code yaml}.
   *
   * @param name by which errors call it
   * @param given names of values that stand beside a record, and are asked for as {@code @name}
   * @throws InvalidMapException when it is none; the message names line and place
   */
  public static DocumentMap read(String name, String yaml, Set<String> given) {
    return DocumentReader.read(name, yaml, given);
  }

  /** This map with numbers that a double would round written as text. */
  public DocumentMap withLongNumbersAsText() {
    return new DocumentMap(
        new DocumentReader.Head(name, form, mediaType, true), steps, lets, layout, places);
  }

  /** The way in which its documents are written. */
  public Form form() {
    return form;
  }

  /** The media type of its documents. */
  public String mediaType() {
    return mediaType;
  }

  /**
   * The document of {@code record}, which is not changed: one line of UTF-8 without a line break.
   *
   * @param given values that stand beside the record, by their names
   * @throws UnwritableException when it takes more work or room than a map may take
   */
  public byte[] write(ObjectNode record, ObjectNode given) {
    try {
      Budget budget = new Budget();
      ObjectNode made = NODES.objectNode();
      made.setAll(given);
      ObjectNode whole = record;
      for (Step step : steps) {
        whole = step.apply(whole, made, budget);
      }
      Scope scope = Scope.of(new Scope.Shared(whole, made, budget, places.in(whole)), -1);
      for (Let let : lets) {
        JsonNode value = let.value().in(scope).node();
        if (value != null) {
          made.set(let.name(), value);
        }
      }
      return written(scope);
    } catch (Budget.ExceededException exceeded) {
      throw new UnwritableException("the map %s fails: %s".formatted(name, exceeded.getMessage()));
    }
  }

  private byte[] written(Scope scope) {
    Taken taken = new Taken();
    if (form == Form.JSON) {
      JsonText json = new JsonText(longNumbersAreText);
      layout.body().write(new Filling(json, taken), scope, null);
      return json.bytes();
    }
    List<String> header = new ArrayList<>();
    for (Part part : layout.header()) {
      PairsText text = new PairsText();
      part.write(new Filling(text, taken), scope, null);
      header.add(text.pairs().isEmpty() ? "" : text.pairs().getFirst().text());
    }
    PairsText pairs = new PairsText();
    for (Part.Member member : ((Part.Members) layout.body()).members()) {
      member.part().write(new Filling(pairs, taken), scope, member.name());
    }
    return form == Form.CEF
        ? EventLine.cef(header, pairs.pairs())
        : EventLine.leef(header, pairs.pairs());
  }
}
