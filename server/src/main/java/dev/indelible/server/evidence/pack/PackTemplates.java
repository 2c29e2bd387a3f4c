package dev.indelible.server.evidence.pack;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The templates of evidence packs: those that come with the program, the operator's own, and those
 * of single tenants. They are read when the server starts; immutable and thread-safe.
 */
public final class PackTemplates {

  /** The most templates in a folder. */
  public static final int MAX_OWN = 100;

  /** Names of those that come with the program. */
  static final List<String> BUILT_IN =
      List.of(
          "access_review",
          "change_management",
          "incident_response",
          "soc2",
          "iso27001",
          "cyber_essentials");

  private static final String EXTENSION = ".yaml";

  private final Map<String, PackTemplate> general;
  private final Map<String, Map<String, PackTemplate>> ofTenants;

  private PackTemplates(
      Map<String, PackTemplate> general, Map<String, Map<String, PackTemplate>> ofTenants) {
    this.general = general;
    this.ofTenants = ofTenants;
  }

  /**
   * Reads them.
   *
   * @param folder templates of one's own, and in a folder of a tenant's name those of that tenant;
   *     or null
   * @throws TemplateException when one is none; says which, where and what is wrong
   */
  public static PackTemplates open(@Nullable Path folder) throws IOException, TemplateException {
    Map<String, PackTemplate> general = new LinkedHashMap<>();
    for (String name : BUILT_IN) {
      PackTemplate template = TemplateReader.read(name + EXTENSION, resource(name));
      general.put(template.id(), template);
    }
    Map<String, Map<String, PackTemplate>> ofTenants = new LinkedHashMap<>();
    if (folder != null) {
      general.putAll(read(folder));
      for (Path tenant : list(folder)) {
        if (Files.isDirectory(tenant)) {
          ofTenants.put(String.valueOf(tenant.getFileName()), read(tenant));
        }
      }
    }
    return new PackTemplates(general, ofTenants);
  }

  /** The template in a text; for those that a job holds. */
  public static PackTemplate of(String source) throws TemplateException {
    return TemplateReader.read("template" + EXTENSION, source);
  }

  private static Map<String, PackTemplate> read(Path folder) throws IOException, TemplateException {
    Map<String, PackTemplate> templates = new LinkedHashMap<>();
    for (Path file : list(folder)) {
      if (!String.valueOf(file.getFileName()).endsWith(EXTENSION) || Files.isDirectory(file)) {
        continue;
      }
      PackTemplate template =
          TemplateReader.read(
              folder.getFileName() + "/" + file.getFileName(), Files.readString(file));
      if (templates.put(template.id(), template) != null) {
        throw new TemplateException(file + ": another file has the template " + template.id());
      }
      if (templates.size() > MAX_OWN) {
        throw new TemplateException(folder + " has more than " + MAX_OWN + " templates");
      }
    }
    return templates;
  }

  private static List<Path> list(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.sorted().toList();
    }
  }

  private static String resource(String name) {
    try (InputStream in = PackTemplates.class.getResourceAsStream(name + EXTENSION)) {
      if (in == null) {
        throw new IllegalStateException("the template " + name + " is missing in the program");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The templates of a tenant: its own, and those that everybody has. */
  public List<PackTemplate> all(String tenant) {
    Map<String, PackTemplate> all = new LinkedHashMap<>(general);
    all.putAll(ofTenants.getOrDefault(tenant, Map.of()));
    return new ArrayList<>(all.values());
  }

  /** The template of that id, as a tenant has it. */
  public Optional<PackTemplate> find(String tenant, String id) {
    return all(tenant).stream().filter(template -> template.id().equals(id)).findFirst();
  }
}
