/** Forms in which entries leave: native, CloudEvents, OCSF, ECS, CEF, LEEF. */
@NullMarked
package dev.indelible.mapping.out;

import org.jspecify.annotations.NullMarked;
