/** Waits of tests: the one place that knows for how long. */
@NullMarked
package dev.indelible.testing;

import org.jspecify.annotations.NullMarked;
