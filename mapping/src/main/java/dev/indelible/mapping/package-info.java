/** Foreign logs turned into events: what a map says, and how a record is read through it. */
@NullMarked
package dev.indelible.mapping;

import org.jspecify.annotations.NullMarked;
