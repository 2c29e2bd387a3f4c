package dev.indelible.mapping;

import dev.indelible.mapping.DocumentWriter.Name;
import dev.indelible.mapping.LogMap.Condition;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;

/** Rule for a part of a document. Immutable; ends for every record. */
sealed interface Part {

  /**
   * Writes the part in {@code scope}.
   *
   * @param name of the member that it is; null in a list and at the top
   * @return whether there was anything to write
   */
  boolean write(Filling filling, Scope scope, @Nullable Name name);

  /**
   * Document that is being written.
   *
   * @param taken what of the record was carried over exactly
   */
  record Filling(DocumentWriter writer, Taken taken) {}

  /**
   * Constant: a text, a number, true or false.
   *
   * @param json its JSON
   */
  @SuppressWarnings("ArrayRecordComponent") // nobody writes to it, and identity is never compared
  record Fixed(JsonNode value, byte[] json) implements Part {
    static Fixed of(JsonNode value) {
      JsonText json = new JsonText(false);
      json.value(null, value);
      return new Fixed(value, json.bytes());
    }

    @Override
    public boolean write(Filling filling, Scope scope, @Nullable Name name) {
      filling.writer().constant(name, value, json);
      return true;
    }
  }

  /**
   * Value of the language in a form that its place asks for.
   *
   * @param maxLength of its text, in UTF-16 units; 0 for any
   */
  record Leaf(Expression from, LeafForm form, int maxLength) implements Part {
    @Override
    public boolean write(Filling filling, Scope scope, @Nullable Name name) {
      boolean asksNothing = form == LeafForm.AS_IS && maxLength == 0;
      Value value = asksNothing ? from.in(scope) : from.in(scope, this::fits);
      JsonNode node = value.node();
      if (node == null) {
        return false;
      }
      if (form.write(filling.writer(), name, node)) {
        filling.taken().add(value);
      }
      return true;
    }

    private boolean fits(JsonNode node) {
      return form.fits(node)
          && (maxLength == 0 || (node.isValueNode() && node.asString().length() <= maxLength));
    }
  }

  /** The first of several that writes anything. */
  record First(List<Part> alternatives) implements Part {
    public First {
      alternatives = List.copyOf(alternatives);
    }

    @Override
    public boolean write(Filling filling, Scope scope, @Nullable Name name) {
      for (Part alternative : alternatives) {
        if (alternative.write(filling, scope, name)) {
          return true;
        }
      }
      return false;
    }
  }

  /** A part where a condition holds. */
  record Guarded(Condition condition, Part part) implements Part {
    @Override
    public boolean write(Filling filling, Scope scope, @Nullable Name name) {
      return condition.holds(scope) && part.write(filling, scope, name);
    }
  }

  /** Named part. */
  record Member(Name name, Part part) {}

  /** An object; absent without members. */
  record Members(List<Member> members) implements Part {
    public Members {
      members = List.copyOf(members);
    }

    @Override
    public boolean write(Filling filling, Scope scope, @Nullable Name name) {
      filling.writer().begin(name, false);
      for (Member member : members) {
        member.part().write(filling, scope, member.name());
      }
      return filling.writer().end();
    }
  }

  /**
   * Members by the text of a value, which stand in the object that this is a part of.
   *
   * @param cases by the text
   * @param other of texts that have no case, and where there is none
   */
  record Switch(Expression on, Map<String, Members> cases, @Nullable Members other)
      implements Part {
    public Switch {
      cases = Map.copyOf(cases);
    }

    @Override
    public boolean write(Filling filling, Scope scope, @Nullable Name name) {
      JsonNode node = on.in(scope).node();
      Members found = node == null || node.isContainer() ? null : cases.get(node.asString());
      Members members = found == null ? other : found;
      boolean any = false;
      if (members != null) {
        for (Member member : members.members()) {
          any |= member.part().write(filling, scope, member.name());
        }
      }
      return any;
    }
  }

  /**
   * A list; absent without elements.
   *
   * @param isDistinct whether a value that is there already is not written again
   */
  record Elements(List<Part> elements, boolean isDistinct) implements Part {
    public Elements {
      elements = List.copyOf(elements);
    }

    @Override
    public boolean write(Filling filling, Scope scope, @Nullable Name name) {
      DocumentWriter writer = filling.writer();
      Filling inner =
          isDistinct
              ? new Filling(new Distinct(writer, new HashSet<>()), filling.taken())
              : filling;
      writer.begin(name, true);
      for (Part element : elements) {
        element.write(inner, scope, null);
      }
      return writer.end();
    }
  }

  /** One part for every element of the lists that pointers lead to, one within the other. */
  record Each(List<Pointer> lists, Part part) implements Part {
    public Each {
      lists = List.copyOf(lists);
    }

    @Override
    public boolean write(Filling filling, Scope scope, @Nullable Name name) {
      List<Scope> scopes = List.of(scope);
      for (Pointer list : lists) {
        List<Scope> inner = new ArrayList<>();
        for (Scope one : scopes) {
          elements(list, one, inner);
        }
        scopes = inner;
      }
      boolean any = false;
      for (Scope one : scopes) {
        any |= part.write(filling, one, name);
      }
      return any;
    }

    private static void elements(Pointer list, Scope scope, List<Scope> into) {
      Value found = list.find(scope);
      boolean isMade = list.leadsIntoMade(scope);
      if (found.node() instanceof ArrayNode elements) {
        for (int i = 0; i < elements.size() && into.size() < EventMaker.MAX_ELEMENTS; i++) {
          into.add(scope.element(found, elements, i, isMade));
        }
      } else if (found.node() != null
          && !found.node().isNull()
          && into.size() < EventMaker.MAX_ELEMENTS) {
        into.add(scope.only(found, isMade));
      }
    }
  }

  /**
   * All of the record that no part before it carried over exactly.
   *
   * @param besides what counts as carried over though it was changed on the way
   * @param isText whether it is the text of its JSON, as where there are no objects
   */
  record Rest(List<Pointer> besides, boolean isText) implements Part {
    public Rest {
      besides = List.copyOf(besides);
    }

    @Override
    public boolean write(Filling filling, Scope scope, @Nullable Name name) {
      for (Pointer pointer : besides) {
        filling.taken().add(pointer.find(scope));
      }
      if (!isText) {
        return filling.taken().writeRest(filling.writer(), name, scope.record().root());
      }
      JsonText json = new JsonText(false);
      boolean any = filling.taken().writeRest(json, null, scope.record().root());
      if (any) {
        filling.writer().text(name, new String(json.bytes(), StandardCharsets.UTF_8));
      }
      return any;
    }
  }

  /** Writer of a list that leaves out texts and numbers that it has written. */
  record Distinct(DocumentWriter to, Set<String> written) implements DocumentWriter {
    @Override
    public void value(@Nullable Name name, JsonNode node) {
      if (node.isString()) {
        text(name, node.stringValue());
      } else if (written.add(node.toString())) {
        to.value(name, node);
      }
    }

    @Override
    public void text(@Nullable Name name, String text) {
      if (written.add('"' + text)) {
        to.text(name, text);
      }
    }

    @Override
    public void number(@Nullable Name name, long number) {
      if (written.add(Long.toString(number))) {
        to.number(name, number);
      }
    }

    @Override
    public void begin(@Nullable Name name, boolean isList) {
      throw new IllegalStateException("a list of distinct values holds no lists and objects");
    }

    @Override
    public boolean end() {
      throw new IllegalStateException("nothing was begun");
    }
  }
}
