package dev.indelible.client;

/** A choice of a call that records events. */
public enum RecordOption {

  /**
   * Returns when a signed checkpoint covers the events (about a second, at most ten), and adds
   * {@code seq} to each receipt.
   */
  WAIT_UNTIL_SEALED("wait", "sealed"),

  /**
   * Says that the events are of another program's log: values with the names of secrets are
   * replaced by {@code [secret]} before anything is stored.
   */
  MARK_SECRETS("secrets", "mark");

  private final String parameter;
  private final String value;

  RecordOption(String parameter, String value) {
    this.parameter = parameter;
    this.value = value;
  }

  String parameter() {
    return parameter;
  }

  String value() {
    return value;
  }
}
