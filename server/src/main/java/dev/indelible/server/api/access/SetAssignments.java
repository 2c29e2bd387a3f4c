package dev.indelible.server.api.access;

import dev.indelible.server.api.caller.GovernedChanges;
import dev.indelible.server.control.Assignment;
import dev.indelible.server.control.Change;
import dev.indelible.server.control.Configuration;
import dev.indelible.server.control.Member;
import dev.indelible.server.control.PermissionSet;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The assignments of a tenant's own permission sets. They go with the set: a later set of the same
 * id begins with nobody who has it. Each member who had it has an entry that says so.
 *
 * @param changes makes the changes
 */
record SetAssignments(GovernedChanges changes) {

  /** Takes a set away from every member who has it. */
  void remove(PermissionSet set, Change.ChangedBy by, @Nullable String reason)
      throws InterruptedException {
    changes.makeTogether(removal(set, by, reason));
  }

  /** Takes a set away from every member who has it, and makes a change of the set, together. */
  void removeWith(Change ofSet, PermissionSet set) throws InterruptedException {
    List<Change> all = new ArrayList<>(removal(set, ofSet.by(), ofSet.reason()));
    all.add(ofSet);
    changes.makeTogether(all);
  }

  private List<Change> removal(PermissionSet set, Change.ChangedBy by, @Nullable String reason) {
    Configuration configuration = changes.control().configuration();
    List<Change> taken = new ArrayList<>();
    for (Member known : configuration.members(set.tenant())) {
      // The version before the member, so that a change between them makes this one fail.
      long version = configuration.version(known);
      configuration
          .access(set.tenant(), Member.class, known.localId())
          .filter(member -> member.assignments().stream().anyMatch(isOf(set)))
          .ifPresent(
              member ->
                  taken.add(
                      new Change(
                          new Member(
                              member.tenant(),
                              member.localId(),
                              member.assignments().stream().filter(isOf(set).negate()).toList(),
                              null),
                          version,
                          by,
                          reason)));
    }
    return taken;
  }

  private static Predicate<Assignment> isOf(PermissionSet set) {
    return assignment -> set.localId().equals(assignment.permissionSet());
  }
}
