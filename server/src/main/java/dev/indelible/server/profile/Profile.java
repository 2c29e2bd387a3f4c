package dev.indelible.server.profile;

import dev.indelible.verify.access.AccessEffect;
import java.time.Period;
import java.time.ZoneId;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Requirements of one kind of product for its audit log: its catalog of actions, and the defaults
 * of everything that is governed by tenant. {@code docs/profiles.md} describes the file that it is
 * read from.
 *
 * @param name its name, such as {@code standard}
 * @param title its name for people
 * @param description the difference from other profiles, for people
 * @param unknownActions the treatment of actions that the catalog does not have
 * @param missingReasons the treatment of events without the reason that their action requires
 * @param reasonForExports whether whoever takes entries away has to say why
 * @param actorHashing whether the facts hold a keyed hash instead of the actor's id
 * @param viewRecording whether views of the product's own records are expected as events
 * @param categories the categories with their actions, in the order shown
 * @param personalFields changed fields whose values are personal in every action
 * @param personalDetails paths of personal values in the details of every action
 * @param persons types of targets that are people, whose ids are hashed where actors' are
 * @param noPersons types of targets that are no people: their ids and names are nobody's
 * @param promised whether the catalog lists what the product promises to record, so that no tenant
 *     leaves any of it out
 * @param secrets when secrets are replaced by a mark
 * @param catalogs the actions of other programs' logs, the same in every profile
 * @param retention how long entries are kept
 * @param permissionSets named sets of permissions
 * @param roles the roles of the product's people
 * @param viewer the first view of the viewer
 * @param exportFormats formats in which entries may be exported
 * @param evidencePacks evidence packs on offer
 * @param alertRules alert rules on offer
 */
public record Profile(
    String name,
    String title,
    String description,
    UnknownActions unknownActions,
    MissingReasons missingReasons,
    boolean reasonForExports,
    boolean actorHashing,
    boolean viewRecording,
    List<Category> categories,
    Set<String> personalFields,
    List<String> personalDetails,
    Set<String> persons,
    Set<String> noPersons,
    boolean promised,
    SecretMarking secrets,
    List<Catalog> catalogs,
    Retention retention,
    List<PermissionSet> permissionSets,
    List<Role> roles,
    Viewer viewer,
    List<ExportFormat> exportFormats,
    List<EvidencePack> evidencePacks,
    List<AlertRule> alertRules) {

  public Profile {
    categories = List.copyOf(categories);
    personalFields = Set.copyOf(personalFields);
    personalDetails = List.copyOf(personalDetails);
    persons = Set.copyOf(persons);
    noPersons = Set.copyOf(noPersons);
    catalogs = List.copyOf(catalogs);
    permissionSets = List.copyOf(permissionSets);
    roles = List.copyOf(roles);
    exportFormats = List.copyOf(exportFormats);
    evidencePacks = List.copyOf(evidencePacks);
    alertRules = List.copyOf(alertRules);
  }

  /** Treatment of actions that the catalog does not have. */
  public enum UnknownActions {
    /** Unknown actions are recorded with the flag {@link Classifier#UNKNOWN_ACTION}. */
    ACCEPT_AND_FLAG,
    /** Unknown actions are refused. */
    REJECT
  }

  /** Treatment of events without the reason that their action requires. */
  public enum MissingReasons {
    /** Such events are recorded with the flag {@link Classifier#REASON_MISSING}. */
    ACCEPT_AND_FLAG,
    /** Such events are refused. */
    REJECT
  }

  /** A format of exports. */
  public enum ExportFormat {
    CSV,
    JSON,
    NDJSON,
    PDF
  }

  /**
   * A group of actions.
   *
   * @param id its name in entries and queries
   * @param title its name for people
   * @param words words that put an unknown action into this category
   * @param actions its actions
   */
  public record Category(String id, String title, Set<String> words, List<Action> actions) {
    public Category {
      words = Set.copyOf(words);
      actions = List.copyOf(actions);
    }
  }

  /**
   * One action of the catalog, or all that begin alike.
   *
   * @param action its name, or what the names begin with followed by {@code *}
   * @param verb the kind of act
   * @param sentence how an entry reads, with places such as {@code {actor}} and {@code {target}}
   * @param targetTypes types of its targets, the most usual first
   * @param reasonRequired whether a reason belongs to it
   * @param securityRelevant whether it is highlighted
   * @param recorded whether it is recorded; routine that is not is refused politely
   * @param fails whether it says itself that something failed, so that its outcome is a failure
   *     whatever the producer says
   * @param personalFields changed fields whose values are personal
   * @param personalDetails paths of personal values in the details
   * @param author paths into the details of who wrote it. Where there are any, an erasure leaves
   *     its entries' personal part unless the person acted in them or is the author
   * @param details the schema of the details, or null for anything
   * @param access what it gives and takes of somebody's access; only of whole names
   */
  public record Action(
      String action,
      String verb,
      String sentence,
      List<String> targetTypes,
      boolean reasonRequired,
      boolean securityRelevant,
      boolean recorded,
      boolean fails,
      Set<String> personalFields,
      List<String> personalDetails,
      List<String> author,
      @Nullable DetailsSchema details,
      List<AccessEffect> access) {
    public Action {
      access = List.copyOf(access);
      author = List.copyOf(author);
      targetTypes = List.copyOf(targetTypes);
      personalFields = Set.copyOf(personalFields);
      personalDetails = List.copyOf(personalDetails);
    }

    /** Returns this action with a required reason. */
    Action withReasonRequired() {
      return new Action(
          action,
          verb,
          sentence,
          targetTypes,
          true,
          securityRelevant,
          recorded,
          fails,
          personalFields,
          personalDetails,
          author,
          details,
          access);
    }

    /** Whether it stands for all actions that begin alike. */
    public boolean isPattern() {
      return action.endsWith("*");
    }
  }

  /**
   * Retention rules of a profile. Of several requirements the longest wins.
   *
   * @param preset the period of a new tenant
   * @param least no tenant may keep entries for less
   * @param most no tenant may keep entries for more
   * @param tiers periods by the tier of the tenant's plan
   * @param configurable whether a tenant may change it within the bounds
   * @param holds whether legal holds can outlast it
   * @param erasureDue within what time of its receipt a person's request for erasure is due
   */
  public record Retention(
      RetentionPeriod preset,
      RetentionPeriod least,
      RetentionPeriod most,
      List<Tier> tiers,
      boolean configurable,
      boolean holds,
      Period erasureDue) {
    /** Default of a profile for the time within which requests for erasure are due. */
    public static final Period ERASURE_DUE = Period.ofDays(30);

    public Retention {
      tiers = List.copyOf(tiers);
    }

    /**
     * The period of one tier.
     *
     * @param name the tier
     * @param period how long its entries are kept
     */
    public record Tier(String name, RetentionPeriod period) {}
  }

  /**
   * A named set of permissions.
   *
   * @param id its name
   * @param title its name for people
   * @param permissions the permissions that it contains
   */
  public record PermissionSet(String id, String title, Set<Permission> permissions) {
    public PermissionSet {
      permissions = Set.copyOf(permissions);
    }
  }

  /** Extent of a role. */
  public enum Scope {
    /** All accounts of the tenant. */
    TENANT,
    /** One account. */
    ACCOUNT
  }

  /**
   * A role of the product's people and what it sees of the log.
   *
   * @param id its name
   * @param title its name for people
   * @param scope where it counts
   * @param permissionSets the permission sets it includes; none means that it sees nothing
   */
  public record Role(String id, String title, Scope scope, List<String> permissionSets) {
    public Role {
      permissionSets = List.copyOf(permissionSets);
    }
  }

  /**
   * First view of the viewer.
   *
   * @param newest how many entries
   * @param last only those of this period, or null for all
   * @param filters filters on show, in order
   * @param columns columns on show, in order
   * @param zone the tenant's own time zone, offered beside the reader's; null for none
   */
  public record Viewer(
      int newest,
      @Nullable Period last,
      List<String> filters,
      List<String> columns,
      @Nullable ZoneId zone) {
    public Viewer {
      filters = List.copyOf(filters);
      columns = List.copyOf(columns);
    }
  }

  /**
   * A selection of entries that answers an auditor's question.
   *
   * @param id its name
   * @param title its name for people
   * @param query which entries it holds
   */
  public record EvidencePack(String id, String title, String query) {}

  /**
   * Rule that raises an alert.
   *
   * @param id its name
   * @param title its name for people
   * @param query which entries it watches
   */
  public record AlertRule(String id, String title, String query) {}
}
