package dev.indelible.cli.demo;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Person or program that acts in the story.
 *
 * @param type one of the actor types of the API
 * @param email null for those who have none
 * @param place where they act from, or null for what runs by itself
 */
record Person(
    String type,
    String id,
    String name,
    @Nullable String email,
    List<String> roles,
    @Nullable Place place,
    @Nullable String agent) {

  private static final String FIREFOX =
      "Mozilla/5.0 (X11; Linux x86_64; rv:146.0) Gecko/20100101 Firefox/146.0";
  private static final String CHROME =
      "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko)"
          + " Chrome/142.0.0.0 Safari/537.36";
  private static final String SAFARI =
      "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko)"
          + " Version/26.0 Safari/605.1.15";

  static Person user(String id, String name, String email, Place place, String... roles) {
    String agent = List.of(FIREFOX, CHROME, SAFARI).get(Math.floorMod(id.hashCode(), 3));
    return new Person("user", id, name, email, List.of(roles), place, agent);
  }

  static Person key(String id, String name, Place place) {
    return new Person("api_client", id, name, null, List.of(), place, "python-requests/2.32.3");
  }

  static Person system(String id, String name) {
    return new Person("system", id, name, null, List.of(), null, null);
  }

  static Person support(String id, String name, String email, Place place) {
    return new Person("support", id, name, email, List.of("support"), place, FIREFOX);
  }

  /** Returns this person in another place, with another program. */
  Person at(Place elsewhere, String otherAgent) {
    return new Person(type, id, name, email, roles, elsewhere, otherAgent);
  }
}
