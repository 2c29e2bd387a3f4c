/** Readers of the texts in which programs write records: JSON, {@code key=value}, CSV. */
@NullMarked
package dev.indelible.mapping.text;

import org.jspecify.annotations.NullMarked;
