package dev.indelible.server.access;

import dev.indelible.ports.blob.BlobStore;
import dev.indelible.server.access.Session.User;
import dev.indelible.server.event.TenantId;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Names of members and guests: one small state for each tenant that has some.
 *
 * <p>Kept apart from the control log, which is never truncated: a name that is deleted here is
 * gone. Thread-safe within one process.
 */
public final class People {

  private static final String PREFIX = "access/people/";
  private static final JsonMapper JSON = JsonMapper.shared();

  private final BlobStore blobs;
  private final Map<TenantId, Map<String, User>> cache = new ConcurrentHashMap<>();

  /** People whose names are states of {@code blobs}. */
  public People(BlobStore blobs) {
    this.blobs = blobs;
  }

  /** Name of a member. */
  public User member(TenantId tenant, String memberId) throws IOException {
    return find(tenant, "member/" + memberId).orElseGet(() -> new User(memberId, null, null));
  }

  /** Name of a guest. */
  public User guest(TenantId tenant, String guestId) throws IOException {
    return find(tenant, "guest/" + guestId).orElseGet(() -> new User(guestId, null, null));
  }

  /** Keeps, replaces or, when null, deletes what a member is called; durable when this returns. */
  public void setMember(TenantId tenant, String memberId, @Nullable User user) throws IOException {
    set(tenant, "member/" + memberId, user);
  }

  /** Keeps, replaces or, when null, deletes what a guest is called; durable when this returns. */
  public void setGuest(TenantId tenant, String guestId, @Nullable User user) throws IOException {
    set(tenant, "guest/" + guestId, user);
  }

  /** Deletes every name of a tenant; durable when this returns. */
  public synchronized void forget(TenantId tenant) throws IOException {
    Optional<BlobStore.State> state = blobs.state(PREFIX + tenant.value());
    if (state.isPresent()) {
      if (!blobs.compareAndSetState(
          PREFIX + tenant.value(), state.get().version(), write(Map.of()))) {
        throw new IOException("the names of " + tenant + " were changed by another process");
      }
      cache.remove(tenant);
    }
  }

  private Optional<User> find(TenantId tenant, String key) throws IOException {
    Map<String, User> known = cache.get(tenant);
    if (known == null) {
      synchronized (this) {
        known = read(blobs.state(PREFIX + tenant.value()));
        cache.put(tenant, known);
      }
    }
    return Optional.ofNullable(known.get(key));
  }

  private synchronized void set(TenantId tenant, String key, @Nullable User user)
      throws IOException {
    Optional<BlobStore.State> state = blobs.state(PREFIX + tenant.value());
    Map<String, User> people = new TreeMap<>(read(state));
    if (user == null) {
      if (people.remove(key) == null) {
        return;
      }
    } else {
      people.put(key, user);
    }
    long version = state.map(BlobStore.State::version).orElse(0L);
    if (!blobs.compareAndSetState(PREFIX + tenant.value(), version, write(people))) {
      throw new IOException("the names of " + tenant + " were changed by another process");
    }
    cache.put(tenant, Map.copyOf(people));
  }

  private static byte[] write(Map<String, User> people) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    people.forEach(
        (key, user) -> {
          ObjectNode one = json.putObject(key);
          one.put("id", user.id());
          if (user.name() != null) {
            one.put("name", user.name());
          }
          if (user.email() != null) {
            one.put("email", user.email());
          }
        });
    return JSON.writeValueAsBytes(json);
  }

  private static Map<String, User> read(Optional<BlobStore.State> state) {
    Map<String, User> people = new TreeMap<>();
    if (state.isPresent()) {
      for (Map.Entry<String, JsonNode> one : JSON.readTree(state.get().bytes()).properties()) {
        JsonNode user = one.getValue();
        people.put(
            one.getKey(),
            new User(
                user.path("id").stringValue(),
                user.path("name").asString(null),
                user.path("email").asString(null)));
      }
    }
    return Map.copyOf(people);
  }
}
