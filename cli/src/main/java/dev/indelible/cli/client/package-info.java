/** A server's HTTP API as the commands use it. */
@NullMarked
package dev.indelible.cli.client;

import org.jspecify.annotations.NullMarked;
