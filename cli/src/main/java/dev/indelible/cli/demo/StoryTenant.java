package dev.indelible.cli.demo;

import java.util.List;

/** The six tenants of the demonstration, one per built-in profile. */
public enum StoryTenant {
  ACME_SUPPORT("acme-support", "rapidesq", "Acme Support"),
  HALCYON_INBOX("halcyon-inbox", "inbox", "Halcyon Travel"),
  NORTHGATE_MSP("northgate-msp", "msp", "Northgate IT Services"),
  KUMO_DESK("kumo-desk", "kimondesk", "Kumo Outdoor"),
  FERRO_ROBOTICS("ferro-robotics", "automation", "Ferro Robotics"),
  LUMEN_STUDIO("lumen-studio", "standard", "Lumen Studio");

  private final String tenant;
  private final String profile;
  private final String title;

  StoryTenant(String tenant, String profile, String title) {
    this.tenant = tenant;
    this.profile = profile;
    this.title = title;
  }

  /** Id of the tenant in the API. */
  public String tenant() {
    return tenant;
  }

  /** The name of its profile. */
  public String profile() {
    return profile;
  }

  /** Name of the tenant for people. */
  public String title() {
    return title;
  }

  /** Accounts of the tenant; empty if its profile has none. */
  public List<String> accounts() {
    return this == FERRO_ROBOTICS ? List.of("hamburg", "torino") : List.of();
  }
}
