package dev.indelible.server.deliver;

/** The list of exports: a file that is finished is there. */
final class InboxDelivery implements Delivery {

  @Override
  public Outcome deliver(Parcel parcel) {
    return new Outcome.Arrived("the list of exports");
  }

  @Override
  public Outcome probe() {
    return new Outcome.Arrived("the list of exports");
  }
}
