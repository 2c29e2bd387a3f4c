/** Access control: keys, and the scopes they yield. */
@NullMarked
package dev.indelible.server.access;

import org.jspecify.annotations.NullMarked;
