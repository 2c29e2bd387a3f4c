/**
 * A client of a server's HTTP API: records, searches, follows and checks. JDK and {@code verify}
 * only, Java 17.
 *
 * <p>{@link dev.indelible.client.IndelibleClient} is where to begin. Values pass as text of JSON;
 * {@link dev.indelible.client.JsonText} reads members of it where no JSON library is at hand.
 */
@NullMarked
package dev.indelible.client;

import org.jspecify.annotations.NullMarked;
