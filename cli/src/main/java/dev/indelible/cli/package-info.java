/** The program: server commands and offline ones. */
@NullMarked
package dev.indelible.cli;

import org.jspecify.annotations.NullMarked;
