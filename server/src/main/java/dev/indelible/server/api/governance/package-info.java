/** Routes of tenants, profiles, retention, holds and erasures. */
@NullMarked
package dev.indelible.server.api.governance;

import org.jspecify.annotations.NullMarked;
