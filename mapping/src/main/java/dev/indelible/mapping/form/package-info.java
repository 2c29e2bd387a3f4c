/** Forms and limits of the fields of an event, whoever makes one and whoever takes it. */
@NullMarked
package dev.indelible.mapping.form;

import org.jspecify.annotations.NullMarked;
