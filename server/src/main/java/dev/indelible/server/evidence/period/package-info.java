/**
 * Reports on a period: its figures beside those of the one before, and requests of data subjects.
 */
@NullMarked
package dev.indelible.server.evidence.period;

import org.jspecify.annotations.NullMarked;
