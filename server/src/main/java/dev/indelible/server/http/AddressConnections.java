package dev.indelible.server.http;

import java.net.InetAddress;
import java.nio.channels.SelectableChannel;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Objects;
import org.eclipse.jetty.io.SelectorManager;

/**
 * The open connections by the address that they came from: each may have a part of all, so that
 * nobody takes them all. Thread-safe.
 */
final class AddressConnections implements SelectorManager.AcceptListener {

  /** The part of all connections that an address may have: one in so many. */
  static final int OF_ADDRESS = 4;

  private final int most;

  // Guarded by this.
  private final IdentityHashMap<SelectableChannel, String> open = new IdentityHashMap<>();
  private final Map<String, Integer> counts = new HashMap<>();
  private long refused;

  /** Connections of which an address may have {@code most}. */
  AddressConnections(int most) {
    this.most = most;
  }

  /**
   * Counts a connection that was just accepted.
   *
   * @return false when its address has as many as it may; then it does not count
   */
  synchronized boolean enter(SelectableChannel channel, InetAddress from) {
    String network = Admission.network(Objects.requireNonNull(from.getHostAddress()));
    int before = counts.getOrDefault(network, 0);
    if (before >= most) {
      refused++;
      return false;
    }
    counts.put(network, before + 1);
    open.put(channel, network);
    return true;
  }

  /** Counts a connection no more; one that does not count is fine. */
  synchronized void leave(SelectableChannel channel) {
    String network = open.remove(channel);
    if (network != null) {
      counts.computeIfPresent(network, (_, count) -> count == 1 ? null : count - 1);
    }
  }

  @Override
  public void onAcceptFailed(SelectableChannel channel, Throwable cause) {
    leave(channel);
  }

  @Override
  public void onClosed(SelectableChannel channel) {
    leave(channel);
  }

  /** How many connections are open. */
  synchronized int open() {
    return open.size();
  }

  /** How many addresses have connections. */
  synchronized int addresses() {
    return counts.size();
  }

  /** How many connections were refused since the start. */
  synchronized long refused() {
    return refused;
  }
}
