/** Secrets at rest, encrypted under keys that are derived from the installation's. */
@NullMarked
package dev.indelible.server.seal;

import org.jspecify.annotations.NullMarked;
