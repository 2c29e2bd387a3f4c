/** The story that the demonstration is filled with; see {@code docs/demo.md}. */
@NullMarked
package dev.indelible.cli.demo;

import org.jspecify.annotations.NullMarked;
