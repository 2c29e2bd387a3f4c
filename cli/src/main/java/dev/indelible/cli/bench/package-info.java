/** Measures a server from outside, over HTTP: {@code indelible bench}. */
@NullMarked
package dev.indelible.cli.bench;

import org.jspecify.annotations.NullMarked;
