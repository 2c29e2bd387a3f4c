package dev.indelible.mapping;

import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Places of a record of which a rule needs at least one to give a value: where none of them is
 * there, the rule is not asked. Immutable.
 *
 * @param slots numbers of {@link Places}, a bit each; null where the rule may give a value of any
 *     record
 */
@SuppressWarnings("ArrayRecordComponent") // compared by nobody
record Needs(long @Nullable [] slots) {

  private static final Needs NOTHING = new Needs(null);

  /** The needs of a target or change, of the value that it cannot be without. */
  static Needs of(List<Pointer> each, LogMap.Condition condition, @Nullable Expression value) {
    if (!each.isEmpty()) {
      return of(each.getFirst().slot());
    }
    Expression present = condition.present();
    if (present != null) {
      Needs needs = of(present);
      if (needs.slots != null) {
        return needs;
      }
    }
    return value == null ? NOTHING : of(value);
  }

  static Needs of(Expression expression) {
    BitSet slots = new BitSet();
    return collect(expression, slots) ? new Needs(slots.toLongArray()) : NOTHING;
  }

  private static Needs of(int slot) {
    if (slot < 0) {
      return NOTHING;
    }
    BitSet slots = new BitSet();
    slots.set(slot);
    return new Needs(slots.toLongArray());
  }

  /** Adds the places that a value can be from; false when it can be from elsewhere. */
  private static boolean collect(Expression expression, BitSet slots) {
    return switch (expression) {
      case Expression.Constant _, Expression.Numbered _ -> false;
      case Expression.At at -> collect(at.pointer(), slots);
      case Expression.AnyOf any -> collect(any.pointer(), slots);
      case Expression.Template template ->
          template.parts().stream().anyMatch(part -> collect(part, slots));
      case Expression.FirstOf first ->
          first.alternatives().stream().allMatch(one -> collect(one, slots));
      case Expression.Matching matching -> collect(matching.from(), slots);
      case Expression.Without without -> collect(without.from(), slots);
      case Expression.Extracted extracted -> collect(extracted.from(), slots);
      case Expression.Changed changed -> changed.absent() == null && collect(changed.from(), slots);
      case Expression.Guarded guarded -> collect(guarded.from(), slots);
    };
  }

  private static boolean collect(Pointer pointer, BitSet slots) {
    if (pointer.slot() < 0) {
      return false;
    }
    slots.set(pointer.slot());
    return true;
  }

  /**
   * Whether one of the places is there.
   *
   * @param present those that are there, a bit each
   */
  boolean areMet(long[] present) {
    if (slots == null) {
      return true;
    }
    for (int i = 0; i < slots.length; i++) {
      if ((slots[i] & present[i]) != 0) {
        return true;
      }
    }
    return false;
  }
}
