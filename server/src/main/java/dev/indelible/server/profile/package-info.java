/** Profiles: catalogs of actions, their classification, and what of an event is personal. */
@NullMarked
package dev.indelible.server.profile;

import org.jspecify.annotations.NullMarked;
