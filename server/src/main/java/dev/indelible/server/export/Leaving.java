package dev.indelible.server.export;

import dev.indelible.server.access.Caller;
import dev.indelible.server.control.Tenant;
import dev.indelible.server.trail.Look;

/**
 * A file on its way out of the house.
 *
 * @param caller who takes it, or for whom it is delivered
 * @param tenant whose log it is of
 * @param where it goes, such as {@code download}, or a destination without credentials
 * @param origin where whoever takes it is
 */
public record Leaving(Caller caller, Tenant tenant, String where, Look.Origin origin) {}
