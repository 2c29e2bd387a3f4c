package dev.indelible.server.profile;

import dev.indelible.server.profile.Profile.Category;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The profiles that come with the program. Immutable and thread-safe. */
public final class Profiles {

  /** The profile of a tenant that did not choose one. */
  public static final String STANDARD = "standard";

  private static final List<String> NAMES =
      List.of(STANDARD, "rapidesq", "inbox", "msp", "kimondesk", "automation");
  private static final String SHARED = "shared";

  private final Map<String, Profile> profiles;
  private final List<Category> shared;

  private Profiles(Map<String, Profile> profiles, List<Category> shared) {
    this.profiles = profiles;
    this.shared = shared;
  }

  /**
   * Reads the built-in profiles.
   *
   * @throws ProfileFormatException when one is broken, which is a fault of the build
   */
  public static Profiles builtIn() {
    List<Category> shared = ProfileReader.readCategories(file(SHARED), resource(SHARED));
    Map<String, Profile> profiles = new LinkedHashMap<>();
    for (String name : NAMES) {
      profiles.put(name, ProfileReader.read(file(name), resource(name), shared));
    }
    return new Profiles(profiles, shared);
  }

  /** All of them, the standard one first. */
  public Collection<Profile> all() {
    return profiles.values();
  }

  /** The profile of that name, or null. */
  public @Nullable Profile find(String name) {
    return profiles.get(name);
  }

  /** The standard profile. */
  public Profile standard() {
    Profile standard = profiles.get(STANDARD);
    if (standard == null) {
      throw new IllegalStateException("no standard profile");
    }
    return standard;
  }

  /**
   * Reads a profile that somebody wrote; the shared actions are added to it.
   *
   * @param file how errors call it
   * @throws ProfileFormatException when it is not a profile, with the line
   */
  public Profile read(String file, String yaml) {
    return ProfileReader.read(file, yaml, shared);
  }

  /**
   * The file of a built-in profile, for people to copy.
   *
   * @throws IllegalArgumentException when there is no such profile
   */
  public String source(String name) {
    if (!profiles.containsKey(name)) {
      throw new IllegalArgumentException("no built-in profile " + name);
    }
    return resource(name);
  }

  private static String file(String name) {
    return name + ".yaml";
  }

  private static String resource(String name) {
    try (InputStream stream = Profiles.class.getResourceAsStream(file(name))) {
      if (stream == null) {
        throw new IllegalStateException("no resource " + file(name));
      }
      return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }
}
