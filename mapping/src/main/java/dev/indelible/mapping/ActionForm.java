package dev.indelible.mapping;

import dev.indelible.mapping.form.FieldLimits;
import java.util.Locale;
import java.util.regex.Pattern;

/** Gives any text the form of an action, {@link FieldLimits#ACTION_FORM}. */
final class ActionForm {

  /** The longest action, in characters. */
  static final int MAX_LENGTH = 128;

  private static final Pattern OTHER = Pattern.compile("[^a-z0-9_.:-]+");
  private static final Pattern EDGE = Pattern.compile("^[^a-z0-9]+|_+$");

  private ActionForm() {}

  /** Lower case, every run of other characters one {@code _}; empty when nothing is left. */
  static String of(String text) {
    String action = OTHER.matcher(text.toLowerCase(Locale.ROOT)).replaceAll("_");
    action = EDGE.matcher(action).replaceAll("");
    return action.length() > MAX_LENGTH ? action.substring(0, MAX_LENGTH) : action;
  }
}
