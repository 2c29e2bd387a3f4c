/** What the program is connected to: its streams, whether they are terminals, its environment. */
@NullMarked
package dev.indelible.cli.terminal;

import org.jspecify.annotations.NullMarked;
