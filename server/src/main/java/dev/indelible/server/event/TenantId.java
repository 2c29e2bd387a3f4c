package dev.indelible.server.event;

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

  public TenantId {
    if (!isValid(value)) {
      throw new IllegalArgumentException("not a tenant name: " + value);
    }
  }

  /** Whether {@code value} has the form of a tenant's name. */
  public static boolean isValid(String value) {
    // By hand rather than by an expression: it is asked several times for each event.
    int length = value.length();
    if (length == 0 || length > MAX_LENGTH || !isLetterOrDigit(value.charAt(0))) {
      return false;
    }
    for (int i = 1; i < length; i++) {
      char c = value.charAt(i);
      if (!isLetterOrDigit(c) && c != '.' && c != '_' && c != '-') {
        return false;
      }
    }
    return true;
  }

  private static boolean isLetterOrDigit(char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
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
