package dev.indelible.server.control;

import dev.indelible.server.event.TenantId;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An object of the configuration: always complete, replaced as a whole by each change.
 *
 * <p>Everything about one kind (its record, its form in control records, its limits, the words of
 * its entries) is in the file of its record. A new kind is such a file and its name twice here.
 */
public sealed interface ConfigurationObject
    permits Tenant,
        ApiKey,
        LogKey,
        Retention,
        ProfileChanges,
        Hold,
        Erasure,
        Closure,
        SavedView,
        ExportSchedule,
        EventStream,
        ReviewProcess,
        ConfigurationObject.Access {

  /** All kinds; a test holds them against what this interface permits. */
  static List<Kind<? extends ConfigurationObject>> kinds() {
    return List.of(
        Tenant.KIND,
        ApiKey.KIND,
        LogKey.KIND,
        Retention.KIND,
        ProfileChanges.KIND,
        Hold.KIND,
        Erasure.KIND,
        Closure.KIND,
        SavedView.KIND,
        ExportSchedule.KIND,
        EventStream.KIND,
        ReviewProcess.KIND,
        Account.KIND,
        PermissionSet.KIND,
        Member.KIND,
        Guest.KIND);
  }

  /** The id, unique within the kind. */
  String id();

  /** The tenant that it belongs to, or null when it belongs to the installation. */
  @Nullable TenantId tenant();

  /** The kind of this object. */
  Kind<? extends ConfigurationObject> kind();

  /** Kind and id: unique among all objects. */
  default String path() {
    return kind().name() + "/" + id();
  }

  /** An object that says who may see what. */
  sealed interface Access extends ConfigurationObject
      permits Account, PermissionSet, Member, Guest {
    @Override
    TenantId tenant();

    /** The id within the tenant. */
    String localId();

    /** The time of its removal, or null. */
    @Nullable Instant removedAt();

    @Override
    default String id() {
      return tenant().value() + "/" + localId();
    }
  }
}
