/**
 * Tests of the whole program, as its users run it: in a process of its own, over HTTP, on real
 * files.
 */
@NullMarked
package dev.indelible.systemtests;

import org.jspecify.annotations.NullMarked;
