/** Members of JSON documents, and times as they are written in them. */
@NullMarked
package dev.indelible.server.json;

import org.jspecify.annotations.NullMarked;
