package dev.indelible.server.event;

import org.jspecify.annotations.Nullable;

/**
 * The two hashed parts of an entry, byte for byte as they were accepted. The arrays are not copied;
 * nobody writes to them.
 *
 * @param facts UTF-8 JSON that holds nothing personal
 * @param factsSalt {@value #SALT_BYTES} random bytes
 * @param personal UTF-8 JSON of the personal values, or null when there is none
 * @param personalSalt {@value #SALT_BYTES} random bytes; null exactly when {@code personal} is
 */
@SuppressWarnings(
    "ArrayRecordComponent") // internal carrier on the hot path; identity is never compared
public record EntryParts(
    byte[] facts, byte[] factsSalt, byte @Nullable [] personal, byte @Nullable [] personalSalt) {

  /** Length of a salt in bytes. */
  public static final int SALT_BYTES = 16;

  /** The parts of an entry that has nothing personal. */
  public static EntryParts ofFacts(byte[] facts, byte[] factsSalt) {
    return new EntryParts(facts, factsSalt, null, null);
  }

  public EntryParts {
    if (factsSalt.length != SALT_BYTES
        || (personal == null) != (personalSalt == null)
        || (personalSalt != null && personalSalt.length != SALT_BYTES)) {
      throw new IllegalArgumentException("salts of " + SALT_BYTES + " bytes go with their parts");
    }
  }
}
