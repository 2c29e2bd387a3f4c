package dev.indelible.server.event;

import dev.indelible.server.event.Event.ActorType;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Values of one action's events that are personal beyond those that always are (names, e-mail
 * addresses, IP, location, user agent).
 *
 * <p>A changed field is matched by its whole name or by what follows its last {@code .} or {@code
 * /}, in any case: {@code email} matches {@code Email}, {@code contact.email} and {@code
 * /contact/email}.
 *
 * @param changeFields fields of changes whose values before and after are personal
 * @param details paths of values in the details
 * @param hashActor whether the identity of the actor, and of whom it acts for, is personal and the
 *     facts hold a keyed hash of it
 * @param ids which ids are personal though the profile does not hash all actors
 * @param reason whether the reason is personal: text that people wrote for something else, such as
 *     a commit's message
 */
public record PersonalRules(
    Set<String> changeFields,
    DetailPaths details,
    boolean hashActor,
    PersonalIds ids,
    boolean reason) {

  /** Rules that add nothing to what is always personal. */
  public static final PersonalRules BASIC = new PersonalRules(Set.of(), List.of(), false);

  public PersonalRules {
    changeFields =
        changeFields.stream()
            .map(field -> field.toLowerCase(Locale.ROOT))
            .collect(Collectors.toUnmodifiableSet());
  }

  /** Rules of a profile, which say nothing of single ids and of reasons. */
  public PersonalRules(Set<String> changeFields, List<String> detailPaths, boolean hashActor) {
    this(changeFields, DetailPaths.of(detailPaths), hashActor, PersonalIds.NONE, false);
  }

  /** The paths into the details as they were written. */
  public List<String> detailPaths() {
    return details.paths();
  }

  /** Returns the union of these rules and others. */
  public PersonalRules plus(PersonalRules other) {
    Set<String> fields = new HashSet<>(changeFields);
    fields.addAll(other.changeFields);
    return new PersonalRules(
        fields,
        details.plus(other.details),
        hashActor || other.hashActor,
        ids.plus(other.ids),
        reason || other.reason);
  }

  /** Returns these rules with others about single ids. */
  public PersonalRules with(PersonalIds otherIds) {
    return new PersonalRules(changeFields, details, hashActor, otherIds, reason);
  }

  /** Returns these rules without those about single ids. */
  public PersonalRules withoutIds() {
    return new PersonalRules(changeFields, details, hashActor, PersonalIds.NONE, reason);
  }

  /** Whether an id may have to be hashed, so that a hasher is needed. */
  public boolean hashesIds() {
    return hashActor || ids.which() != PersonalIds.Which.NONE;
  }

  /** Whether the facts hold the hash of this party's id. */
  boolean hashes(
      ActorType type, @Nullable String id, @Nullable String name, @Nullable String email) {
    return hashActor || ids.coversParty(type, id, name, email);
  }

  /** Whether the values of the changed field are personal. */
  boolean coversChange(String field) {
    if (changeFields.isEmpty()) {
      return false;
    }
    String name = field.toLowerCase(Locale.ROOT);
    int last = Math.max(name.lastIndexOf('.'), name.lastIndexOf('/'));
    return changeFields.contains(name) || changeFields.contains(name.substring(last + 1));
  }
}
