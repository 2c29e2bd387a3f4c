package dev.indelible.server.event;

import java.util.regex.Pattern;

/**
 * The name of a tenant: 1 to {@value #MAX_LENGTH} characters of {@code a-z 0-9 . _ -}, the first a
 * letter or a digit.
 *
 * <p>Value type; tenants order by the bytes of their name, which is the order of a run.
 *
 * @param value the name
 */
public record TenantId(String value) implements Comparable<TenantId> {

  /** The longest name, in characters (all ASCII, so also in bytes). */
  public static final int MAX_LENGTH = 64;

  private static final Pattern FORM = Pattern.compile("[a-z0-9][a-z0-9._-]{0,63}");

  public TenantId {
    if (!FORM.matcher(value).matches()) {
      throw new IllegalArgumentException("not a tenant name: " + value);
    }
  }

  /** Whether {@code value} has the form of a tenant's name. */
  public static boolean isValid(String value) {
    return FORM.matcher(value).matches();
  }

  @Override
  public int compareTo(TenantId other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value;
  }
}
