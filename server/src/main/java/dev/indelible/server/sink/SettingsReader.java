package dev.indelible.server.sink;

import dev.indelible.server.deliver.AddressGuard;
import dev.indelible.server.deliver.AddressRefusedException;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Reads the settings of a receiver that a person gave. Used for one check. */
final class SettingsReader {

  private final ObjectNode settings;
  private final SinkType.Faults faults;

  SettingsReader(ObjectNode settings, SinkType.Faults faults) {
    this.settings = settings;
    this.faults = faults;
  }

  void requireOnly(Set<String> known) {
    for (String name : settings.propertyNames()) {
      if (!known.contains(name)) {
        faults.add(name, "unknown_field", "There is no such setting of this destination.");
      }
    }
  }

  /** A text that may be missing. */
  @Nullable String optionalText(String name, int most) {
    JsonNode value = settings.get(name);
    if (value == null || value.isNull()) {
      return null;
    }
    if (!value.isString()) {
      faults.add(name, "wrong_type", "This must be a text.");
      return null;
    }
    if (value.stringValue().isEmpty() || value.stringValue().length() > most) {
      faults.add(name, "too_long", "This must have 1 to " + most + " characters.");
      return null;
    }
    return value.stringValue();
  }

  /** A text that has to be there. */
  @Nullable String text(String name, int most) {
    JsonNode value = settings.get(name);
    if (value == null || value.isNull()) {
      faults.add(name, "missing", "This field is required.");
      return null;
    }
    return optionalText(name, most);
  }

  /** A whole number within bounds; the fallback where it is missing or wrong. */
  long number(String name, long least, long most, long fallback) {
    JsonNode value = settings.get(name);
    if (value == null || value.isNull()) {
      return fallback;
    }
    if (!value.isIntegralNumber() || !value.canConvertToLong()) {
      faults.add(name, "wrong_type", "This must be a whole number.");
      return fallback;
    }
    if (value.longValue() < least || value.longValue() > most) {
      faults.add(name, "out_of_range", "This must be from " + least + " to " + most + ".");
      return fallback;
    }
    return value.longValue();
  }

  /** A switch that is off where it is missing. */
  void flag(String name) {
    JsonNode value = settings.get(name);
    if (value != null && !value.isNull() && !value.isBoolean()) {
      faults.add(name, "wrong_type", "This must be true or false.");
    }
  }

  /** Resolves a host; one whose address is not allowed is a fault. */
  void requireReachable(String name, URI url, AddressGuard guard) {
    AddressGuard.Transport transport =
        url.getScheme().equals("https") ? AddressGuard.Transport.TLS : AddressGuard.Transport.PLAIN;
    try {
      var _ = guard.resolve(url.getHost(), transport);
    } catch (AddressRefusedException e) {
      String words = String.valueOf(e.getMessage());
      faults.add(
          name, "not_allowed", Character.toUpperCase(words.charAt(0)) + words.substring(1) + ".");
    } catch (UnknownHostException _) {
      faults.add(name, "unknown_value", "There is no host " + url.getHost() + ".");
    }
  }
}
