/** The blob store port: immutable named bytes, and small state that is compared and set. */
@NullMarked
package dev.indelible.ports.blob;

import org.jspecify.annotations.NullMarked;
