/**
 * Environment of the program: its streams, whether they are terminals, its environment variables.
 */
@NullMarked
package dev.indelible.cli.terminal;

import org.jspecify.annotations.NullMarked;
