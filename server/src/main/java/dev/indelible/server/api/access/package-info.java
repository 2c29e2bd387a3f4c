/** Routes of accounts, members, guests, keys and sessions. */
@NullMarked
package dev.indelible.server.api.access;

import org.jspecify.annotations.NullMarked;
