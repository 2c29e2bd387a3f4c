package dev.indelible.server.control;

import dev.indelible.server.event.TenantId;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** An object of the configuration: always complete, replaced as a whole by each change. */
public sealed interface ConfigurationObject
    permits ConfigurationObject.Tenant,
        ConfigurationObject.ApiKey,
        ConfigurationObject.Access,
        ConfigurationObject.LogKey,
        ConfigurationObject.Governance,
        SavedView {

  /** Its id, unique within its kind. */
  String id();

  /** The tenant that it belongs to, or null when it belongs to the installation. */
  @Nullable TenantId tenant();

  /**
   * A tenant.
   *
   * @param tenant its id
   * @param name its name for people
   * @param profile the name of its profile
   * @param unknownActions what happens to actions that the profile does not list
   * @param refuseMissingReasons whether events without the reason that their action requires are
   *     refused; null: as the profile says
   * @param erasureDueDays within how many days requests for erasure are due; null: as the profile
   *     says
   * @param recordViews whether reading the log is recorded in it; null: as the profile says
   * @param supportAccess whether the tenant lets itself be given support
   * @param keptFor the longest that its profile has kept entries while nothing was set for the
   *     tenant, such as {@code P7Y}: a profile that keeps them for less later does not shorten it.
   *     Null: not known
   * @param erasureRule who has to agree before what is personal about somebody is erased
   * @param createdAt when it was created
   */
  record Tenant(
      TenantId tenant,
      String name,
      String profile,
      UnknownActions unknownActions,
      @Nullable Boolean refuseMissingReasons,
      @Nullable Integer erasureDueDays,
      @Nullable Boolean recordViews,
      boolean supportAccess,
      @Nullable String keptFor,
      ErasureRule erasureRule,
      Instant createdAt)
      implements ConfigurationObject {
    /** The longest name, in UTF-16 units. */
    public static final int MAX_NAME_LENGTH = 200;

    /**
     * The most days within which a request for erasure may be due: the month of the GDPR's article
     * 12 (3), and the two more that it grants for complex requests.
     */
    public static final int MAX_ERASURE_DUE_DAYS = 92;

    /** A tenant where one person is enough for an erasure. */
    public Tenant(
        TenantId tenant,
        String name,
        String profile,
        UnknownActions unknownActions,
        @Nullable Boolean refuseMissingReasons,
        @Nullable Integer erasureDueDays,
        @Nullable Boolean recordViews,
        boolean supportAccess,
        @Nullable String keptFor,
        Instant createdAt) {
      this(
          tenant,
          name,
          profile,
          unknownActions,
          refuseMissingReasons,
          erasureDueDays,
          recordViews,
          supportAccess,
          keptFor,
          ErasureRule.ONE,
          createdAt);
    }

    /** A tenant as it is when nothing else is asked for. */
    public Tenant(
        TenantId tenant,
        String name,
        String profile,
        UnknownActions unknownActions,
        Instant createdAt) {
      this(tenant, name, profile, unknownActions, null, null, null, false, null, createdAt);
    }

    /** The same tenant, whose profile keeps entries for so long. */
    public Tenant keptFor(String period) {
      return new Tenant(
          tenant,
          name,
          profile,
          unknownActions,
          refuseMissingReasons,
          erasureDueDays,
          recordViews,
          supportAccess,
          period,
          erasureRule,
          createdAt);
    }

    /** The same tenant with another rule for erasures. */
    public Tenant with(ErasureRule rule) {
      return new Tenant(
          tenant,
          name,
          profile,
          unknownActions,
          refuseMissingReasons,
          erasureDueDays,
          recordViews,
          supportAccess,
          keptFor,
          rule,
          createdAt);
    }

    @Override
    public String id() {
      return tenant.value();
    }
  }

  /** What a tenant wants done with actions that its profile does not list. */
  enum UnknownActions {
    /** Record them with the flag {@code unknown_action}. */
    ACCEPT_AND_FLAG,
    /** Refuse them. */
    REJECT
  }

  /**
   * A key by which a program speaks for a tenant, or for the operator.
   *
   * @param id the public part of the key
   * @param tenant the tenant that it is bound to, or null for an operator's key
   * @param name its name for people
   * @param scopes what it may do, such as {@code events.write}
   * @param secretHash SHA-256 of the secret part, lower-case hexadecimal; the secret has 256 random
   *     bits, so that no slow hash is needed
   * @param networks the only networks it works from, such as {@code 203.0.113.0/24}; none: any
   * @param createdAt when it was created
   * @param expiresAt when it stops working, or null
   * @param revokedAt when it was revoked, or null
   */
  record ApiKey(
      String id,
      @Nullable TenantId tenant,
      String name,
      Set<String> scopes,
      String secretHash,
      List<String> networks,
      Instant createdAt,
      @Nullable Instant expiresAt,
      @Nullable Instant revokedAt)
      implements ConfigurationObject {
    /** The longest name, in UTF-16 units. */
    public static final int MAX_NAME_LENGTH = 200;

    /** The most networks. */
    public static final int MAX_NETWORKS = 50;

    public ApiKey {
      scopes = java.util.Collections.unmodifiableSortedSet(new TreeSet<>(scopes));
      networks = List.copyOf(networks);
    }

    /** Whether it works at {@code now}. */
    public boolean isActive(Instant now) {
      return revokedAt == null && (expiresAt == null || now.isBefore(expiresAt));
    }

    /** The same key, revoked. */
    public ApiKey revoked(Instant at) {
      return new ApiKey(id, tenant, name, scopes, secretHash, networks, createdAt, expiresAt, at);
    }

    /** The same key, which stops working at {@code at} or when it would have before that. */
    public ApiKey expiring(Instant at) {
      Instant earlier = expiresAt != null && expiresAt.isBefore(at) ? expiresAt : at;
      return new ApiKey(
          id, tenant, name, scopes, secretHash, networks, createdAt, earlier, revokedAt);
    }
  }

  /** What says who may see what. */
  sealed interface Access extends ConfigurationObject {
    @Override
    TenantId tenant();

    /** Its id within its tenant. */
    String localId();

    /** When it was taken away, or null. */
    @Nullable Instant removedAt();

    @Override
    default String id() {
      return tenant().value() + "/" + localId();
    }
  }

  /**
   * A part of a tenant with admins of its own.
   *
   * @param tenant whose
   * @param localId its id, as in the {@code account} of events
   * @param name its name for people
   * @param removedAt when it was removed, or null
   */
  record Account(TenantId tenant, String localId, String name, @Nullable Instant removedAt)
      implements Access {
    /** The longest id or name, in UTF-16 units. */
    public static final int MAX_LENGTH = 200;
  }

  /**
   * A named set of permissions that a tenant made for itself.
   *
   * @param tenant whose
   * @param localId its id
   * @param name its name for people
   * @param permissions names of what it allows
   * @param removedAt when it was removed, or null
   */
  record PermissionSet(
      TenantId tenant,
      String localId,
      String name,
      Set<String> permissions,
      @Nullable Instant removedAt)
      implements Access {
    /** The longest id or name, in UTF-16 units. */
    public static final int MAX_LENGTH = 100;

    public PermissionSet {
      permissions = java.util.Collections.unmodifiableSortedSet(new TreeSet<>(permissions));
    }
  }

  /**
   * A role or a permission set that somebody has.
   *
   * @param role a role of the profile, or null
   * @param permissionSet a permission set of the profile or the tenant, or null; one of the two is
   *     there
   * @param accounts for which accounts alone; null: for the whole tenant
   */
  record Assignment(
      @Nullable String role, @Nullable String permissionSet, @Nullable List<String> accounts) {
    /** The most accounts. */
    public static final int MAX_ACCOUNTS = 100;

    public Assignment {
      if ((role == null) == (permissionSet == null)) {
        throw new IllegalArgumentException("an assignment is of a role or of a permission set");
      }
      accounts = accounts == null ? null : List.copyOf(accounts);
    }
  }

  /**
   * Somebody who may sign in to a tenant. Their name is not here, since this is never deleted.
   *
   * @param tenant whose
   * @param localId the person's stable id
   * @param assignments what they have
   * @param removedAt when they were removed, or null
   */
  record Member(
      TenantId tenant, String localId, List<Assignment> assignments, @Nullable Instant removedAt)
      implements Access {
    /** The most assignments. */
    public static final int MAX_ASSIGNMENTS = 50;

    public Member {
      assignments = List.copyOf(assignments);
    }
  }

  /**
   * Somebody from outside who may read for a time. Their name is not here, since this is never
   * deleted.
   *
   * @param tenant whose log
   * @param localId its id
   * @param isSupport whether it is support staff, else an auditor
   * @param secretHash SHA-256 of the secret part of the link, lower-case hexadecimal
   * @param permissions names of what they may do
   * @param accounts for which accounts alone; null: for the whole tenant
   * @param filter what they see alone, in the query language; relative times count from {@code
   *     createdAt}
   * @param personalFilter whether whoever let them in could see what is personal, so that the
   *     filter may ask for it
   * @param grantedBy who let them in, such as {@code user:u_1}
   * @param createdAt when that was
   * @param expiresAt when it ends
   * @param removedAt when it was ended before that, or null
   */
  record Guest(
      TenantId tenant,
      String localId,
      boolean isSupport,
      String secretHash,
      Set<String> permissions,
      @Nullable List<String> accounts,
      String filter,
      boolean personalFilter,
      String grantedBy,
      Instant createdAt,
      Instant expiresAt,
      @Nullable Instant removedAt)
      implements Access {
    public Guest {
      permissions = java.util.Collections.unmodifiableSortedSet(new TreeSet<>(permissions));
      accounts = accounts == null ? null : List.copyOf(accounts);
    }

    /** The same, ended. */
    public Guest removed(Instant at) {
      return new Guest(
          tenant,
          localId,
          isSupport,
          secretHash,
          permissions,
          accounts,
          filter,
          personalFilter,
          grantedBy,
          createdAt,
          expiresAt,
          at);
    }

    /** Whether it works at {@code now}. */
    public boolean isActive(Instant now) {
      return removedAt == null && now.isBefore(expiresAt);
    }
  }

  /**
   * A key that a tenant's log is signed with.
   *
   * @param tenant whose log it signs
   * @param keyId the key id of signed notes, eight lower-case hexadecimal digits; unique within the
   *     tenant
   * @param origin the log's name, which is also the key's; the same for all keys of a tenant
   * @param verifierKey what its signatures are checked with, in the text form of signed notes
   * @param sealedSeed the private key, encrypted under the installation's key, base64
   * @param createdAt when it began to sign
   * @param retiredAt when it ceased to sign, or null
   */
  record LogKey(
      TenantId tenant,
      String keyId,
      String origin,
      String verifierKey,
      String sealedSeed,
      Instant createdAt,
      @Nullable Instant retiredAt)
      implements ConfigurationObject {

    @Override
    public String id() {
      return tenant.value() + "/" + keyId;
    }

    /** Whether it signs. */
    public boolean isActive() {
      return retiredAt == null;
    }

    /** The same key, which no longer signs. */
    public LogKey retired(Instant at) {
      return new LogKey(tenant, keyId, origin, verifierKey, sealedSeed, createdAt, at);
    }
  }

  /** What governs how long entries are kept, and what becomes of them. */
  sealed interface Governance extends ConfigurationObject {}

  /**
   * How long a tenant's entries are kept: as long as the longest requirement says.
   *
   * @param tenant whose entries
   * @param tier the tier of the tenant's plan, or null
   * @param requirements what asks for entries to be kept; at least one
   */
  record Retention(TenantId tenant, @Nullable String tier, List<Requirement> requirements)
      implements Governance {
    /** The most requirements. */
    public static final int MAX_REQUIREMENTS = TenantQuota.RETENTION_REQUIREMENTS.most();

    /** The longest name of a requirement or tier, in UTF-16 units. */
    public static final int MAX_NAME_LENGTH = 200;

    public Retention {
      requirements = List.copyOf(requirements);
    }

    @Override
    public String id() {
      return tenant.value();
    }

    /**
     * Something that asks for entries to be kept.
     *
     * @param name what it is, such as {@code ISO 27001}
     * @param period {@code lifetime} or an ISO 8601 period such as {@code P13M}
     */
    public record Requirement(String name, String period) {}
  }

  /**
   * What a tenant changes of the profile that it has.
   *
   * @param tenant whose profile
   * @param changes a JSON object of the profile's form
   */
  record ProfileChanges(TenantId tenant, String changes) implements Governance {

    /** The longest JSON, in UTF-8 bytes. */
    public static final int MAX_BYTES = 64 * 1024;

    @Override
    public String id() {
      return tenant.value();
    }
  }

  /**
   * The end of a tenant: nobody sees it any more, and its entries are deleted.
   *
   * @param tenant which tenant
   * @param closedAt when it was closed
   * @param records ids of the entries that record the deletion, in their order; none while it goes
   *     on
   */
  record Closure(TenantId tenant, Instant closedAt, List<String> records) implements Governance {

    public Closure {
      records = List.copyOf(records);
    }

    @Override
    public String id() {
      return tenant.value();
    }

    /** The same, with all entries deleted. */
    public Closure complete(List<String> recordedBy) {
      return new Closure(tenant, closedAt, recordedBy);
    }

    /** Whether all entries are deleted. */
    public boolean isComplete() {
      return !records.isEmpty();
    }
  }

  /**
   * A data subject's request for erasure. It does not say whose: that is kept apart, and deleted
   * when the request is settled.
   *
   * @param tenant whose entries
   * @param erasureId its id, unique within the tenant
   * @param receivedAt when it was received
   * @param dueAt when it is to be settled
   * @param commitment a hash of whom it is about, whose salt its receipt alone holds; null of
   *     requests that were received before there were receipts
   * @param askedBy who received it, such as {@code user:u_1}, and whom else they count as; none of
   *     requests that were received before that was kept
   * @param waitsUntil when it is carried out though one person alone received and approved it; null
   *     unless somebody has done so
   * @param processingAt when it was approved, or null
   * @param fulfilledAt when nothing was left to erase, or null
   * @param rejectedAt when it was turned down, or null
   * @param entries how many entries' personal parts were erased
   * @param deferred how many are left because legal holds keep them
   * @param records ids of the entries that record what was erased
   */
  record Erasure(
      TenantId tenant,
      String erasureId,
      Instant receivedAt,
      Instant dueAt,
      @Nullable String commitment,
      List<String> askedBy,
      @Nullable Instant waitsUntil,
      @Nullable Instant processingAt,
      @Nullable Instant fulfilledAt,
      @Nullable Instant rejectedAt,
      long entries,
      long deferred,
      List<String> records)
      implements Governance {

    public Erasure {
      askedBy = List.copyOf(askedBy);
      records = List.copyOf(records);
    }

    /** A request without a commitment, which waits for nobody. */
    public Erasure(
        TenantId tenant,
        String erasureId,
        Instant receivedAt,
        Instant dueAt,
        @Nullable Instant processingAt,
        @Nullable Instant fulfilledAt,
        @Nullable Instant rejectedAt,
        long entries,
        long deferred,
        List<String> records) {
      this(
          tenant,
          erasureId,
          receivedAt,
          dueAt,
          null,
          List.of(),
          null,
          processingAt,
          fulfilledAt,
          rejectedAt,
          entries,
          deferred,
          records);
    }

    /** The same request, of whom something is known: what it is about, and who received it. */
    public Erasure receivedWith(String itsCommitment, List<String> by) {
      return new Erasure(
          tenant,
          erasureId,
          receivedAt,
          dueAt,
          itsCommitment,
          by,
          waitsUntil,
          processingAt,
          fulfilledAt,
          rejectedAt,
          entries,
          deferred,
          records);
    }

    @Override
    public String id() {
      return tenant.value() + "/" + erasureId;
    }

    /** Whether nothing is left to do. */
    public boolean isSettled() {
      return fulfilledAt != null || rejectedAt != null;
    }

    /** Whether one person alone received and approved it, and its time is not over. */
    public boolean isWaiting() {
      return waitsUntil != null && processingAt == null && !isSettled();
    }

    /** How far it has come: a word for people and programs. */
    public String state() {
      if (rejectedAt != null) {
        return "rejected";
      }
      if (fulfilledAt != null) {
        return "fulfilled";
      }
      if (processingAt == null) {
        return waitsUntil == null ? "received" : "waiting";
      }
      return deferred > 0 ? "deferred" : "processing";
    }

    /** The same request, which waits until {@code at}. */
    public Erasure waiting(Instant at) {
      return with(at, null, null, null);
    }

    /** The same request, approved. */
    public Erasure processing(Instant at) {
      return with(waitsUntil, at, null, null);
    }

    /** The same request, turned down. */
    public Erasure rejected(Instant at) {
      return with(waitsUntil, processingAt, null, at);
    }

    private Erasure with(
        @Nullable Instant waits,
        @Nullable Instant processing,
        @Nullable Instant fulfilled,
        @Nullable Instant rejected) {
      return new Erasure(
          tenant,
          erasureId,
          receivedAt,
          dueAt,
          commitment,
          askedBy,
          waits,
          processing,
          fulfilled,
          rejected,
          entries,
          deferred,
          records);
    }

    /**
     * The same request after personal parts were erased.
     *
     * @param fulfilled when nothing was left, or null
     */
    public Erasure erased(
        long allEntries, long left, List<String> allRecords, @Nullable Instant fulfilled) {
      return new Erasure(
          tenant,
          erasureId,
          receivedAt,
          dueAt,
          commitment,
          askedBy,
          waitsUntil,
          processingAt,
          fulfilled,
          null,
          allEntries,
          left,
          allRecords);
    }
  }

  /**
   * A legal hold: entries that its query finds are not deleted while it is in force.
   *
   * @param tenant whose entries
   * @param holdId its id, unique within the tenant
   * @param name its name for people
   * @param query which entries, in the query language; relative times count from {@code appliedAt}
   * @param twoPeople whether two different people release it
   * @param appliedAt when it was applied
   * @param releaseAskedBy who asked for its release first, or null; with {@code twoPeople}
   * @param releasedAt when it was released, or null
   */
  record Hold(
      TenantId tenant,
      String holdId,
      String name,
      String query,
      boolean twoPeople,
      Instant appliedAt,
      @Nullable String releaseAskedBy,
      @Nullable Instant releasedAt)
      implements Governance {
    /** The longest name, in UTF-16 units. */
    public static final int MAX_NAME_LENGTH = 200;

    @Override
    public String id() {
      return tenant.value() + "/" + holdId;
    }

    /** Whether it keeps entries. */
    public boolean isActive() {
      return releasedAt == null;
    }

    /** How far it has come: a word for people and programs. */
    public String state() {
      return !isActive() ? "released" : releaseAskedBy == null ? "in_force" : "release_asked";
    }

    /** The same hold of other entries. */
    public Hold withQuery(String other) {
      return new Hold(
          tenant, holdId, name, other, twoPeople, appliedAt, releaseAskedBy, releasedAt);
    }

    /** The same hold, whose release one person has asked for. */
    public Hold releaseAsked(String by) {
      return new Hold(tenant, holdId, name, query, twoPeople, appliedAt, by, null);
    }

    /** The same hold, which keeps nothing any more. */
    public Hold released(Instant at) {
      return new Hold(tenant, holdId, name, query, twoPeople, appliedAt, releaseAskedBy, at);
    }
  }
}
