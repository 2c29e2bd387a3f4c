package dev.indelible.server.event;

/** Makes the keyed hash that stands for an actor's identity where the profile hashes actors. */
@FunctionalInterface
public interface ActorHasher {

  /**
   * The hash of an actor's id under the tenant's key: HMAC-SHA256 of its UTF-8 bytes, as 64
   * lower-case hexadecimal digits.
   */
  String hash(String actorId);
}
