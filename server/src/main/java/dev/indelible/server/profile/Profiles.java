package dev.indelible.server.profile;

import dev.indelible.server.event.Problem;
import dev.indelible.server.profile.Profile.Category;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The profiles that tenants can have: those that come with the program, and the operator's own.
 * Immutable and thread-safe.
 */
public final class Profiles {

  /** The profile of a tenant that did not choose one. */
  public static final String STANDARD = "standard";

  /** The most profiles of one's own. */
  public static final int MAX_OWN = 100;

  private static final List<String> NAMES =
      List.of(STANDARD, "rapidesq", "inbox", "msp", "kimondesk", "automation");
  private static final String SHARED = "shared";

  /** The catalogs of the maps that come with the program. */
  static final List<String> CATALOGS =
      List.of(
          "github",
          "okta",
          "cloudtrail",
          "git",
          "keycloak",
          "kubernetes",
          "entra",
          "gcp",
          "gitlab",
          "vault",
          "pgaudit",
          "journald",
          "auditd",
          "spring");

  private static final String EXTENSION = ".yaml";

  private record Loaded(Profile profile, String source, ObjectNode document) {}

  /** Profiles that come with the program, read on first use: the same for every server. */
  private static final class Shipped {

    private static final Profiles READ = new Profiles();
  }

  private final Map<String, Loaded> profiles;
  private final List<Category> shared;
  private final List<Catalog> catalogs;
  private final Function<String, @Nullable String> queryFault;

  private Profiles() {
    profiles = new LinkedHashMap<>();
    queryFault = _ -> null;
    catalogs = catalogs();
    ProfileReader reader = new ProfileReader(List.of(), List.of(), queryFault);
    YamlText yaml = YamlText.parse(SHARED + EXTENSION, resource(SHARED));
    shared = reader.readCategories(yaml.root());
    requireSound(reader, SHARED + EXTENSION, yaml);
    for (String name : NAMES) {
      add(load(name + EXTENSION, resource(name)));
    }
  }

  private Profiles(Profiles others, Function<String, @Nullable String> queryFault) {
    this.profiles = new LinkedHashMap<>(others.profiles);
    this.shared = others.shared;
    this.catalogs = others.catalogs;
    this.queryFault = queryFault;
  }

  /**
   * The built-in profiles.
   *
   * @throws ProfileFormatException when one is broken, which is a fault of the build
   */
  public static Profiles builtIn() {
    return Shipped.READ;
  }

  /**
   * The built-in profiles and those in a folder, each of which is a file of its name and {@code
   * .yaml}.
   *
   * @param folder the folder, or null for none
   * @param queryFault says what is wrong with a query of the folder's, or null
   * @throws ProfileFormatException when one is broken, with file and line, or has a name that is
   *     not its file's or is taken
   */
  public static Profiles with(@Nullable Path folder, Function<String, @Nullable String> queryFault)
      throws IOException {
    Profiles profiles = new Profiles(builtIn(), queryFault);
    if (folder != null) {
      for (Path file : files(folder)) {
        profiles.add(profiles.own(file));
      }
    }
    return profiles;
  }

  private static List<Path> files(Path folder) throws IOException {
    List<Path> files = new ArrayList<>();
    try (DirectoryStream<Path> found = Files.newDirectoryStream(folder, "*" + EXTENSION)) {
      found.forEach(files::add);
    }
    if (files.size() > MAX_OWN) {
      throw new ProfileFormatException(
          folder + " has " + files.size() + " profiles; there may be " + MAX_OWN, null);
    }
    files.sort(Path::compareTo);
    return files;
  }

  /**
   * Reads a file as {@link #with} reads each of its folder.
   *
   * @throws ProfileFormatException when it would not be taken
   */
  public Profile readOwn(Path file) throws IOException {
    return own(file).profile();
  }

  private Loaded own(Path file) throws IOException {
    if (Files.size(file) > YamlText.MAX_CHARACTERS) {
      throw new ProfileFormatException(
          file + " is larger than " + YamlText.MAX_CHARACTERS + " bytes", null);
    }
    Loaded own = load(file.toString(), Files.readString(file));
    String name = own.profile().name();
    String fileName = String.valueOf(file.getFileName());
    String wanted = fileName.substring(0, Math.max(0, fileName.length() - EXTENSION.length()));
    if (profiles.containsKey(name)) {
      throw new ProfileFormatException(
          "%s: \"%s\" is a profile that comes with the program; give yours another name%s"
              .formatted(file, name, profiles.containsKey(wanted) ? "" : ": name: " + wanted),
          null);
    }
    if (!wanted.equals(name)) {
      throw new ProfileFormatException(
          "%s has the profile \"%s\"; its file must be %s%s, or its name: %s"
              .formatted(file, name, name, EXTENSION, wanted),
          null);
    }
    return own;
  }

  private void add(Loaded loaded) {
    profiles.put(loaded.profile().name(), loaded);
  }

  private Loaded load(String file, String text) {
    YamlText yaml = YamlText.parse(file, text);
    ProfileReader reader = new ProfileReader(shared, catalogs, queryFault);
    Profile profile = reader.read(yaml.root());
    requireSound(reader, file, yaml);
    return new Loaded(profile, text, (ObjectNode) yaml.root());
  }

  private static void requireSound(ProfileReader reader, String file, YamlText yaml) {
    if (!reader.problems().isEmpty()) {
      throw new ProfileFormatException(file, reader.problems(), yaml::line);
    }
  }

  private static List<Catalog> catalogs() {
    List<Catalog> read = new ArrayList<>();
    for (String name : CATALOGS) {
      String file = "catalog/" + name + EXTENSION;
      YamlText yaml = YamlText.parse(file, resource("catalog/" + name));
      CatalogReader reader = new CatalogReader();
      read.add(reader.read(yaml.root()));
      if (!reader.problems().isEmpty()) {
        throw new ProfileFormatException(file, reader.problems(), yaml::line);
      }
    }
    return List.copyOf(read);
  }

  /** All of them, the standard one first. */
  public Collection<Profile> all() {
    return profiles.values().stream().map(Loaded::profile).toList();
  }

  /** The profile of that name, or null. */
  public @Nullable Profile find(String name) {
    Loaded found = profiles.get(name);
    return found == null ? null : found.profile();
  }

  /** The standard profile. */
  public Profile standard() {
    return loaded(STANDARD).profile();
  }

  /**
   * Reads a profile that somebody wrote; the shared actions are added to it.
   *
   * @param file how errors call it
   * @throws ProfileFormatException when it is not a profile, with the lines of all problems
   */
  public Profile read(String file, String yaml) {
    return load(file, yaml).profile();
  }

  /**
   * The file of a profile, for people to copy.
   *
   * @throws IllegalArgumentException when there is no such profile
   */
  public String source(String name) {
    return loaded(name).source();
  }

  /**
   * A profile with what a tenant changes of it.
   *
   * @param name the tenant's profile
   * @param changes a document of the profile's form, as {@code docs/profiles.md} describes
   * @throws ProfileFormatException when it cannot be, with pointers into {@code changes}
   * @throws IllegalArgumentException when there is no such profile
   */
  public Profile changed(String name, JsonNode changes) {
    Loaded base = loaded(name);
    List<Problem> problems = new ArrayList<>();
    Overrides overrides = new Overrides(base.document(), changes, problems);
    ProfileReader reader = new ProfileReader(shared, catalogs, queryFault);
    Profile profile = reader.read(overrides.merged());
    reader.problems().stream().map(overrides::translated).forEach(problems::add);
    requireNarrower(base.profile().retention(), profile.retention(), problems);
    if (!problems.isEmpty()) {
      throw new ProfileFormatException(problems);
    }
    return profile;
  }

  private static void requireNarrower(
      Profile.Retention base, Profile.Retention changed, List<Problem> problems) {
    if (changed.least().compareTo(base.least()) < 0) {
      ProfileFields.report(
          problems,
          "/retention/least",
          Problem.Code.OUT_OF_RANGE,
          "the profile asks for at least " + base.least().jsonName());
    }
    if (changed.most().compareTo(base.most()) > 0) {
      ProfileFields.report(
          problems,
          "/retention/most",
          Problem.Code.OUT_OF_RANGE,
          "the profile allows at most " + base.most().jsonName());
    }
  }

  private Loaded loaded(String name) {
    Loaded found = profiles.get(name);
    if (found == null) {
      throw new IllegalArgumentException("no profile " + name);
    }
    return found;
  }

  private static String resource(String name) {
    String file = name + EXTENSION;
    try (InputStream stream = Profiles.class.getResourceAsStream(file)) {
      if (stream == null) {
        throw new IllegalStateException("no resource " + file);
      }
      return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }
}
