/**
 * A verifier written from the pages of {@code docs/formats} alone, with nothing of this project and
 * nothing but the JDK: what it needs and does not find there is missing there.
 */
package dev.indelible.stranger;
