/** Checks whole logs: an export, and whatever else yields entries in order. JDK only. */
@NullMarked
package dev.indelible.verify.audit;

import org.jspecify.annotations.NullMarked;
