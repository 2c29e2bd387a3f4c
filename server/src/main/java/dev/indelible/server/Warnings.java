package dev.indelible.server;

import dev.indelible.server.audit.Scrubber;
import java.util.ArrayList;
import java.util.List;

/**
 * Warnings about things to look at although events are taken and found.
 *
 * @param scrubber checks what is stored
 * @param clock watches the clock
 * @param unknown tenants with entries and without configuration
 */
record Warnings(Scrubber scrubber, ClockWatch clock, UnknownTenants unknown) {

  /** All of them, in sentences. */
  List<String> all() {
    List<String> all = new ArrayList<>();
    String violation = scrubber.warning();
    if (violation != null) {
      all.add(violation);
    }
    clock.warning().ifPresent(all::add);
    unknown.warning().ifPresent(all::add);
    return List.copyOf(all);
  }
}
