package dev.indelible.server.export;

import dev.indelible.server.access.Caller;
import dev.indelible.server.control.Tenant;
import dev.indelible.server.trail.Look;

/**
 * Cancellation of an export.
 *
 * @param caller who cancels it
 * @param tenant whose log it is of
 * @param origin where they are
 */
public record Canceling(Caller caller, Tenant tenant, Look.Origin origin) {}
