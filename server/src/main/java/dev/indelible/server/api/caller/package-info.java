/**
 * Callers of the API: who they are, what they may, what of their reads is recorded, and the answers
 * to what goes wrong.
 */
@NullMarked
package dev.indelible.server.api.caller;

import org.jspecify.annotations.NullMarked;
