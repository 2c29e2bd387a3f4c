package dev.indelible.server.retention;

import dev.indelible.ports.blob.BlobStore;
import dev.indelible.server.control.TenantQuota;
import dev.indelible.server.event.TenantId;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Persons of the open requests for erasure: the one thing about the requests that must not be in
 * the control log, which is never cut. A state of its own, written anew without the person when the
 * request is settled. {@code docs/formats/deletion.md}. Thread-safe.
 */
final class Subjects {

  /** The state's name. */
  static final String STATE = "retention/subjects";

  static final int VERSION = 1;

  /** The most requests that may be open at once, of all tenants. */
  static final int MAX_OPEN = 10_000;

  private final BlobStore blobs;

  Subjects(BlobStore blobs) {
    this.blobs = blobs;
  }

  /**
   * Person of a request.
   *
   * @param tenant the tenant
   * @param erasureId the request
   * @param identifiers ids, names and e-mail addresses of the person
   * @param salt what the commitment to them was made with, base64; null of requests of before there
   *     were commitments
   */
  record Subject(
      TenantId tenant, String erasureId, List<String> identifiers, @Nullable String salt) {
    Subject {
      identifiers = List.copyOf(identifiers);
    }

    /** Whether it is about somebody of whom one of these is an identifier, in any case. */
    boolean names(List<String> others) {
      return others.stream()
          .anyMatch(other -> identifiers.stream().anyMatch(other::equalsIgnoreCase));
    }

    private boolean is(TenantId otherTenant, String otherId) {
      return tenant.equals(otherTenant) && erasureId.equals(otherId);
    }
  }

  /** Persons of the open requests. */
  synchronized List<Subject> all() throws IOException {
    Optional<BlobStore.State> state = blobs.state(STATE);
    return state.isEmpty() ? List.of() : decode(state.get().bytes());
  }

  Optional<Subject> find(TenantId tenant, String erasureId) throws IOException {
    return all().stream().filter(subject -> subject.is(tenant, erasureId)).findFirst();
  }

  /** Remembers whom a request is about; false when too many are open. */
  synchronized boolean add(Subject subject) throws IOException {
    List<Subject> subjects = new ArrayList<>(all());
    long ofTenant = subjects.stream().filter(one -> one.tenant().equals(subject.tenant())).count();
    if (subjects.size() >= MAX_OPEN || ofTenant >= TenantQuota.ERASURES.most()) {
      return false;
    }
    subjects.add(subject);
    write(subjects);
    return true;
  }

  /** Forgets whom a request was about; the bytes are gone when this returns. */
  synchronized void remove(TenantId tenant, String erasureId) throws IOException {
    List<Subject> subjects = new ArrayList<>(all());
    if (subjects.removeIf(subject -> subject.is(tenant, erasureId))) {
      write(subjects);
    }
  }

  /** Forgets whom any request of the tenant is about. */
  synchronized void removeAll(TenantId tenant) throws IOException {
    List<Subject> subjects = new ArrayList<>(all());
    if (subjects.removeIf(subject -> subject.tenant().equals(tenant))) {
      write(subjects);
    }
  }

  private void write(List<Subject> subjects) throws IOException {
    long version = blobs.state(STATE).map(BlobStore.State::version).orElse(0L);
    if (!blobs.compareAndSetState(STATE, version, encode(subjects))) {
      throw new IOException("state " + STATE + " was changed by another process");
    }
  }

  private static byte[] encode(List<Subject> subjects) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("v", VERSION);
    ArrayNode list = json.putArray("subjects");
    for (Subject subject : subjects) {
      ObjectNode item = list.addObject();
      item.put("tenant", subject.tenant().value());
      item.put("erasure_id", subject.erasureId());
      ArrayNode identifiers = item.putArray("identifiers");
      subject.identifiers().forEach(identifiers::add);
      if (subject.salt() != null) {
        item.put("salt", subject.salt());
      }
    }
    return JsonMapper.shared().writeValueAsBytes(json);
  }

  private static List<Subject> decode(byte[] bytes) {
    JsonNode json = JsonMapper.shared().readTree(bytes);
    if (json.path("v").asInt(-1) != VERSION) {
      throw new IllegalStateException(
          "state %s has version %s, this program reads %d"
              .formatted(STATE, json.path("v"), VERSION));
    }
    List<Subject> subjects = new ArrayList<>();
    for (JsonNode item : json.path("subjects")) {
      List<String> identifiers = new ArrayList<>();
      for (JsonNode identifier : item.path("identifiers")) {
        identifiers.add(identifier.stringValue());
      }
      subjects.add(
          new Subject(
              new TenantId(item.path("tenant").stringValue()),
              item.path("erasure_id").stringValue(),
              identifiers,
              item.has("salt") ? item.path("salt").stringValue() : null));
    }
    return subjects;
  }
}
