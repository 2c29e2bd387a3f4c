/** Evidence packs: their templates, their files, and the ZIP that holds them. */
@NullMarked
package dev.indelible.server.evidence.pack;

import org.jspecify.annotations.NullMarked;
