/** Exports as jobs: asked for, made in the background, kept for a while, and taken down again. */
@NullMarked
package dev.indelible.server.export;

import org.jspecify.annotations.NullMarked;
