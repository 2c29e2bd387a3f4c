package dev.indelible.server.deliver;

import dev.indelible.server.control.Destination;
import dev.indelible.server.deliver.Delivery.Outcome;
import dev.indelible.server.disk.Disk;
import dev.indelible.server.event.TenantId;
import dev.indelible.server.seal.TenantCipher;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Optional;

/** Ways to destinations, each with its secrets unsealed for one attempt. Thread-safe. */
public final class Deliveries {

  /**
   * Surroundings of deliveries.
   *
   * @param terms the operator's settings
   * @param guard in front of the network
   * @param disk that folders are on
   * @param cipher seals secrets
   * @param clock the time
   * @param observer is told of each attempt
   */
  public record Around(
      DeliveryTerms terms,
      AddressGuard guard,
      Disk disk,
      TenantCipher cipher,
      InstantSource clock,
      Observer observer) {}

  /** Listener to attempts; quick, and called on many threads. */
  @FunctionalInterface
  public interface Observer {

    /**
     * Told of the end of an attempt.
     *
     * @param type the kind of destination
     * @param outcome {@code arrived}, {@code failed} or {@code refused}
     * @param nanos how long it took
     */
    void attempted(String type, String outcome, long nanos);
  }

  private final Around around;

  /** Ways in these surroundings. */
  public Deliveries(Around around) {
    this.around = around;
  }

  /** The way to a destination of a tenant. Never fails; one that cannot work refuses each file. */
  public Delivery of(TenantId tenant, Destination destination) {
    Delivery delivery =
        switch (destination) {
          case Destination.Inbox _ -> new InboxDelivery();
          case Destination.Directory(String path) -> directory(tenant, path);
          case Destination.Webhook webhook ->
              open(tenant, SecretUse.of(webhook), webhook.sealedSecret())
                  .<Delivery>map(
                      secret ->
                          new WebhookDelivery(
                              webhook.url(), new WebhookSigner(secret), tenant, around))
                  .orElseGet(Deliveries::lostSecret);
          case Destination.Bucket bucket ->
              open(tenant, SecretUse.of(bucket), bucket.sealedSecret())
                  .<Delivery>map(
                      secret ->
                          new BucketDelivery(
                              bucket, new String(secret, StandardCharsets.UTF_8), around.guard()))
                  .orElseGet(Deliveries::lostSecret);
          case Destination.Email email -> email(tenant, email);
        };
    return new Watched(destination.type(), delivery, around.observer());
  }

  private Delivery directory(TenantId tenant, String path) {
    Path root = around.terms().root();
    return root == null
        ? new Refusal("the operator has not named a folder for deliveries")
        : new DirectoryDelivery(around.disk(), root, tenant, path);
  }

  private Delivery email(TenantId tenant, Destination.Email email) {
    MailTerms mail = around.terms().mail();
    String publicUrl = around.terms().publicUrl();
    return mail == null || publicUrl == null
        ? new Refusal("the operator has not set mail.host and http.public_url")
        : new MailDelivery(email, tenant, mail, publicUrl, around.clock());
  }

  private Optional<byte[]> open(TenantId tenant, String use, String sealedSecret) {
    return around.cipher().open(tenant, use, sealedSecret);
  }

  private static Delivery lostSecret() {
    return new Refusal(
        "its secret cannot be read with the installation's key; set the destination up again");
  }

  /** A way that is closed. */
  private record Refusal(String why) implements Delivery {

    @Override
    public Outcome deliver(Parcel parcel) {
      return new Outcome.Refused(why);
    }

    @Override
    public Outcome probe() {
      return new Outcome.Refused(why);
    }
  }

  /** Tells the observer. */
  private record Watched(String type, Delivery way, Observer observer) implements Delivery {

    @Override
    public Outcome deliver(Parcel parcel) throws InterruptedException {
      return watched(() -> way.deliver(parcel));
    }

    @Override
    public Outcome probe() throws InterruptedException {
      return watched(way::probe);
    }

    private interface Work {
      Outcome call() throws InterruptedException;
    }

    private Outcome watched(Work work) throws InterruptedException {
      long begin = System.nanoTime();
      Outcome outcome = work.call();
      observer.attempted(
          type,
          switch (outcome) {
            case Outcome.Arrived _ -> "arrived";
            case Outcome.Failed _ -> "failed";
            case Outcome.Refused _ -> "refused";
          },
          System.nanoTime() - begin);
      return outcome;
    }
  }
}
